#ifndef ESEG_BILINEAR_H
#define ESEG_BILINEAR_H

#include "eseg_s16_ops.h"

// Bilinear resizes by tables: each row and column of the output lies between two of the input.

/// Where the samples of one axis of the output lie on the input's.
typedef struct eseg_bilinear_axis {
    const int32_t *lower, *upper;  ///< the two neighbors, which may be one
    const int32_t *weights;        ///< of `upper`, in 2^bits-ths
} eseg_bilinear_axis;

/// acc = Σ weight of row · weight of column · code without zero point, an int32; v = float(acc) · multiplier, rounded to codes.
typedef struct eseg_s16_bilinear_op {
    eseg_s16_map in;
    int bits;  ///< weights of an axis add up to 2^bits: at most 11 over codes of one byte, 8 over those of two
    eseg_bilinear_axis rows, columns;
    float multiplier;  ///< 2^(−2 · bits) included
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_bilinear_op;

/// Bytes of scratch that it needs with that many threads.
size_t eseg_s16_bilinear_scratch_bytes(const eseg_s16_bilinear_op *op, int threads);
void eseg_s16_bilinear_run(const eseg_kernels *kernels, const eseg_s16_bilinear_op *op, int threads, void *scratch);

/// The same of float32 maps, with weights of the upper neighbors as they are; values are kept between `low` and `high`.
typedef struct eseg_f32_bilinear_op {
    eseg_f32_shape input, output;
    const int32_t *top, *bottom;
    const float *row_weights;
    const int32_t *left, *right;
    const float *column_weights;
    float low, high;
} eseg_f32_bilinear_op;

void eseg_f32_bilinear_run(const eseg_f32_bilinear_op *op, const float *input, float *output, int threads);

#endif
