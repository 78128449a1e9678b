#ifndef ESEG_FITTING_H
#define ESEG_FITTING_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_maps.h"

/// Least squares over a layer's sampled inputs, for rounding its weights by what they do to its output. All matrices are row-major; results
/// do not depend on the count of threads.

/// A map of codes and the window that a convolution slides over some of its channels.
typedef struct eseg_fit_window {
    const void *codes;  ///< [height][width], `pixel_bytes` apart: uint8, or int16 where code_bytes is 2
    int32_t code_bytes;
    const uint8_t *padding;  ///< one pixel as it counts outside the map; NULL: the zero point
    int32_t height, width, channels, pixel_bytes;
    int32_t zero_point, first_channel;
    eseg_window window;
    int32_t output_width;
} eseg_fit_window;

/// rows[i][kh][kw][channel] = code − zero point under the window whose output is pixel positions[i].
void eseg_fit_gather_windows(const eseg_fit_window *window, const int32_t *positions, size_t count, float *rows);

/// Subtracts from `rows`, [count][columns], each column's mean; tells the means and what is left of the mean squares.
void eseg_fit_center(float *rows, size_t count, size_t columns, double *means, double *powers);

/// rows[i][j] = rows[i][order[j]], for each row.
void eseg_fit_reorder(float *rows, size_t count, size_t columns, const int32_t *order);

/// products[i][j] = Σ a[s][i] · b[s][j] / count over samples s: [count][rows] and [count][columns] to [rows][columns]. With b = a, only
/// j ≥ i is computed and the rest mirrored.
void eseg_fit_cross_products(const float *a, size_t rows, const float *b, size_t columns, size_t count, int threads, double *products);

/// targets[i][c] = bounded target less the prediction bias[c] + Σ inputs[i][t] · weights[t][c]: where both are at or below lower, or at or
/// above upper, an activation makes them one, and nothing is left.
void eseg_fit_residuals(const float *inputs, size_t count, size_t taps, const float *weights, const float *bias, size_t channels,
                        float lower, float upper, int threads, float *targets);

/// matrix = L · Lᵀ, with L in the lower triangle; returns 0, and leaves garbage, if the symmetric matrix is not positive definite.
int eseg_fit_cholesky(double *matrix, size_t size, int threads);

/// Solves L · Lᵀ · X = values in place: [size][columns]. Returns 0 if memory is short.
int eseg_fit_solve(const double *lower, size_t size, double *values, size_t columns, int threads);

/// The multiples codes[c][t] · steps[c] within ±limit for which Σ over taps t, u of e[t] · gram[t][u] · e[u], e = weights[t][c] less the
/// multiple, is small: taps are rounded from the last to the first, each making up for those before it (Babai's nearest plane, which is
/// GPTQ, arXiv 2210.17323, in another order), then each in turn moves to its best multiple, `sweeps` times. Returns 0 if memory is short.
int eseg_fit_round_together(const double *gram, const double *lower, size_t taps, const double *weights, size_t channels,
                            const double *steps, double limit, int sweeps, int threads, int16_t *codes);

/// The same for each channel of a depthwise convolution separately; inputs are [count][taps][channels], the
/// targets of an input lie `target_stride` apart.
/// First the weights [channels][taps] that give the targets best, given `damping` of the mean power toward the present ones; `means` of
/// inputs are [channels][taps], `errors` the means of the residuals
/// (`eseg_fit_residuals`) of the weights that came in, `grams` [channels][taps][taps]. A channel without power keeps its weights.
void eseg_fit_depthwise(const float *inputs, const float *targets, size_t target_stride, size_t count, size_t taps, size_t channels,
                        const double *bias, double lower, double upper, double damping, int threads, double *weights, double *means,
                        double *errors, double *grams);
/// Then their codes [channels][taps]. Returns 0 if memory is short. At most 64 taps.
int eseg_fit_round_depthwise(const double *grams, const double *weights, size_t taps, size_t channels, const double *steps, double limit,
                             int sweeps, int threads, int16_t *codes);

/// Least and greatest of each channel: [pixels][channels], added to what is there.
void eseg_channel_ranges(const float *values, size_t pixels, size_t channels, float *least, float *greatest);

#endif
