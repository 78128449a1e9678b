#ifndef ESEG_CONCAT_H
#define ESEG_CONCAT_H

#include "eseg_s16_ops.h"

// Maps side by side: each input fills a slice of the output's pixels, by an operation of its own.

/// A slice that is copied, of elements of any type.
typedef struct eseg_concat_slice {
    const void *in;
    size_t in_stride;  ///< bytes between pixels
    void *out;         ///< the first pixel's slice
    size_t out_stride;
    size_t bytes;  ///< of each pixel
    size_t pixels;
} eseg_concat_slice;

void eseg_concat_copy(const eseg_concat_slice *slice, int threads);

/// A slice of other codes: float(code of `in` without zero point) · multiplier, rounded to codes of `out`.
typedef struct eseg_s16_concat_op {
    eseg_s16_map in;
    const float *multipliers;  ///< per channel, all equal, padded to whole blocks
    eseg_s16_output output;
    eseg_s16_map out;
    int first;  ///< the output's channel that is the input's first
} eseg_s16_concat_op;

/// Bytes of scratch that it needs with that many threads.
size_t eseg_s16_concat_scratch_bytes(const eseg_s16_concat_op *op, int threads);
void eseg_s16_concat_run(const eseg_kernels *kernels, const eseg_s16_concat_op *op, int threads, void *scratch);

#endif
