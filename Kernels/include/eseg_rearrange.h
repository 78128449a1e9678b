#ifndef ESEG_REARRANGE_H
#define ESEG_REARRANGE_H

#include "eseg_dispatch.h"

// Elements of maps in other places: 1 byte each, 2 (int16) or 4 (float32).

/// How the bytes of a pixel's selected channels come out of vectors: those that `channels` select of an input pixel of `in_bytes`, into at
/// most `most` pieces. Returns how many there are; 0 where to move elements one by one is as good.
int eseg_select_pieces(const int32_t *channels, int count, int element_bytes, size_t in_bytes, eseg_shuffle_piece *pieces, int most);

/// out[p][c] = in[p][channels[c]].
typedef struct eseg_select_op {
    const void *in;
    void *out;
    int element_bytes;
    size_t pixels;
    size_t in_stride, out_stride;  ///< elements between pixels
    int count;
    const int32_t *channels;
    const eseg_shuffle_piece *pieces;  ///< by eseg_select_pieces
    int piece_count;                   ///< 0: elements are moved one by one
} eseg_select_op;

void eseg_select_run(const eseg_kernels *kernels, const eseg_select_op *op, int threads);

/// Blocks of channels to blocks of pixels: out[y · block + i][x · block + j][c] = in[y][x][(i · block + j) · channels + c].
typedef struct eseg_depth_to_space_op {
    const void *in;
    void *out;
    int element_bytes;
    int height, width;  ///< of the input
    int block;
    int channels;                  ///< of the output
    size_t in_stride, out_stride;  ///< elements between pixels
} eseg_depth_to_space_op;

void eseg_depth_to_space_run(const eseg_depth_to_space_op *op, int threads);

#endif
