#ifndef ESEG_WEIGHTS_H
#define ESEG_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

/// Converts `count` IEEE binary16 values, exactly. `source` need not be aligned.
void eseg_f16_to_f32(const void *source, size_t count, float *target);

/// Converts `count` bfloat16 values, exactly. `source` need not be aligned.
void eseg_bf16_to_f32(const void *source, size_t count, float *target);

/// Index of the first value that is NaN or infinite, or `count`.
size_t eseg_first_nonfinite(const float *values, size_t count);

/// folded[o][t][i] = source[o][i][t] · scale[o], rounded once: PyTorch's order of a convolution's weights to channels-last.
void eseg_fold_weights(const float *source, const double *scale, size_t outputs, size_t inputs, size_t taps, float *folded);

/// sums[r] = the sum of the magnitudes of row r of values [rows][columns].
void eseg_sums_of_magnitudes_i8(const int8_t *values, size_t rows, size_t columns, uint64_t *sums);
void eseg_sums_of_magnitudes_i16(const int16_t *values, size_t rows, size_t columns, uint64_t *sums);

/// The greatest magnitude of `count` values; 0 if there are none.
int32_t eseg_greatest_magnitude_i8(const int8_t *values, size_t count);
int32_t eseg_greatest_magnitude_i16(const int16_t *values, size_t count);

#endif
