#ifndef ESEG_FRONT_H
#define ESEG_FRONT_H

#include "conv.h"
#include "fusion.h"
#include "ring.h"

/// First half of a block: fills rows of the expanded map that its second half reads.

/// Scratch of one thread in a block's first half.
typedef struct front_scratch {
    ring rows;  ///< all but ESEG_S8_FRONT_DENSE
    int next;   ///< the first row that the ring has not had yet, where it goes on from the rows before
    int goes_on;
    int64_t *sums;          ///< of each channel's codes, which those of the expanded map are added to; NULL: not asked for
    fusion_scratch fusion;  ///< ESEG_S8_FRONT_FUSION
    padded_rows padded;     ///< input of a convolution that reads copies
    size_t in_row_stride;   ///< ESEG_S8_FRONT_COPY: bytes between rows of the input
} front_scratch;

/// Whether a block's first half begins with a convolution that reads copies of rows: padded ones, every second pixel, or an image's, behind
/// whose packed pixels nothing may be read.
int eseg_s8_front_is_padded(const eseg_s8_block_op *block);

/// Rows of padded input that `rows` rows of the expanded map read.
int eseg_s8_front_padded_rows(const eseg_s8_block_op *block, int rows);

/// Pads the input of rows [row_begin, row_end) of the expanded map.
void eseg_s8_front_pad(const eseg_s8_block_op *block, front_scratch *scratch, int row_begin, int row_end);

/// Channels that a block's first half computes at a time, so that its ring stays in L1.
int eseg_s8_front_chunk(const eseg_s8_block_op *block);

/// Where codes of the expanded map go: the first of them, and bytes between pixels and between rows.
typedef struct front_codes {
    uint8_t *first;
    size_t stride, row_stride;
} front_codes;

/// Computes rows [row_begin, row_end) and channels [begin, end) of the expanded map. A ring that goes on holds what the rows before
/// `row_begin` have read.
void eseg_s8_front_depthwise(const eseg_kernels *kernels, const eseg_s8_block_op *block, front_scratch *scratch, int row_begin, int row_end,
                             int begin, int end, const front_codes *out);
/// The same for ESEG_S8_FRONT_DENSE; the padded rows are there already.
void eseg_s8_front_dense(const eseg_kernels *kernels, const eseg_s8_block_op *block, front_scratch *scratch, int row_begin, int row_end,
                         int begin, int end, const front_codes *out);

#endif
