#ifndef ESEG_CALIBRATION_H
#define ESEG_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

/// Bins of a calibration histogram.
enum { ESEG_HISTOGRAM_BINS = 4096 };

/// The least and greatest of `count` > 0 values. Returns 0, and unspecified values, if one is NaN or infinite; else 1.
int eseg_value_range(const float *values, size_t count, int threads, float *least, float *greatest);

/// counts[floor(value · inverse_width) − first] += 1 for every value; `inverse_width` is a power of two, and all indices are within
/// 0..<ESEG_HISTOGRAM_BINS (a value beyond counts in the nearest bin).
void eseg_histogram_add(const float *values, size_t count, float inverse_width, int32_t first, int threads, uint64_t *counts);

/// sums[c] and squares[c] += Σ over pixels of values[pixel · channels + c] and of its square, in double and in rising order of pixels.
void eseg_channel_moments(const float *values, size_t pixels, int channels, int threads, double *sums, double *squares);

/// Kullback–Leibler divergence Σ p · log(p / q) over the bins begin..<end of `bins` counts, at least 256 bins: p as observed, with what
/// lies outside added to the ends; q spreads the counts of each of 256 codes evenly over its bins that hold any, at least half a count
/// each.
double eseg_histogram_divergence(const double *counts, int bins, int begin, int end);

/// Σ (x − value of the nearest of 256 codes)² over a histogram's values, each bin's spread evenly over its width. Bin k covers
/// [first + k, first + k + 1) · width; code k stands for lower + k · step.
double eseg_histogram_squared_error(const double *counts, int bins, int first, double width, double lower, double step);

/// Greatest |weight| and Σ |weight|.
void eseg_weight_magnitudes(const double *weights, size_t count, double *greatest, double *sum);

/// What rounding a row of weights does to its output, for inputs of known mean and mean square that are otherwise taken as uncorrelated.
typedef struct eseg_rounding_effect {
    double mean;    ///< what the output's mean loses
    double noise;   ///< mean square of the error
    double signal;  ///< mean square of the output
} eseg_rounding_effect;

/// codes[i] = weights[i] / scale to the nearest integer, ties to even, within ±limit.
eseg_rounding_effect eseg_round_weights(const double *weights, size_t count, double scale, double limit, const double *means,
                                        const double *powers, int16_t *codes);

#endif
