#ifndef ESEG_S16_H
#define ESEG_S16_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_isa.h"
#include "eseg_maps.h"

/// Row kernels of the int16 arithmetic; see QuantizedNetwork.isInt16. The scalar kernels are the specification; every other gives the
/// same bits.
///
/// Operations read int16 codes without zero point and compute float32 values, which `store` rounds to the output's codes. A pixel's
/// channels take a multiple of 4 codes or values; rows of codes may be read up to ESEG_SLACK bytes past their end.

enum {
    ESEG_S16_STEEPEST = 1 << 29,  ///< values with slopes are limited to this magnitude: `store` rounds them to int32
};

/// Bias and multipliers of each output channel, padded to whole blocks of ESEG_LANES with zeros.
typedef struct eseg_s16_scaling {
    const int32_t *bias;
    const float *multiplier;
    const float *slope;  ///< by which values below 0 are then multiplied, any finite ones; NULL: none
} eseg_s16_scaling;

/// Where a convolution's values go: codes at once, which `store` would make of them, or the values themselves.
typedef struct eseg_s16_target {
    float *values;                         ///< [pixels][channels]; NULL: codes
    const struct eseg_s16_output *output;  ///< of codes: linear and without a table; the layer has no slopes
    uint8_t *codes;
    size_t stride;  ///< bytes between pixels of codes
    int count;      ///< codes of a pixel that are stored, the first ones of its channels
} eseg_s16_target;

/// values = float(bias + Σ codes · weights) · multiplier of a row of output pixels, each of which reads `tap_count` runs of `tap_codes`
/// codes.
typedef struct eseg_s16_conv_row {
    const int16_t *const *taps;  ///< each tap's codes for the first pixel
    int tap_count;
    int tap_codes;        ///< eseg_s16_tap_codes of the table's kernels
    size_t pixel_stride;  ///< codes from one output pixel's tap to the next one's
    int pixels;
    const int16_t *weights;  ///< packed by eseg_s16_conv_pack for the table's kernels
    eseg_s16_scaling scaling;
    int channels;  ///< multiple of 4
    eseg_s16_target to;
} eseg_s16_conv_row;

/// The same of a depthwise convolution.
typedef struct eseg_s16_depthwise_row {
    const int16_t *const *rows;  ///< `kernel` rows from the first output pixel's leftmost pixel on
    int kernel, stride;          ///< 3 or 5, and 1 or 2: other windows have eseg_s16_depthwise_taps_row
    size_t pixel_stride;         ///< codes between pixels
    int pixels;
    const int16_t *weights;  ///< [kernel][kernel][channels padded to whole blocks]
    eseg_s16_scaling scaling;
    int channels;  ///< multiple of 4
    eseg_s16_target to;
} eseg_s16_depthwise_row;

/// The same where the window's pixels lie anywhere.
typedef struct eseg_s16_depthwise_taps_row {
    const int16_t *const *taps;  ///< each tap's codes for the first pixel
    int tap_count;
    size_t pixel_stride;  ///< codes from one output pixel's tap to the next one's
    int pixels;
    const int16_t *weights;  ///< [tap][channels padded to whole blocks]
    eseg_s16_scaling scaling;
    int channels;  ///< multiple of 4
    eseg_s16_target to;
} eseg_s16_depthwise_taps_row;

/// values = or += float(codes) · multipliers.
typedef struct eseg_s16_add_row {
    const int16_t *codes;
    const int32_t *columns;    ///< offset of each pixel's codes; NULL: pixels lie one after the other
    const float *multipliers;  ///< per channel, padded to whole blocks
    int adds;
    int relu;  ///< max(values, 0) before the sum
    int pixels;
    int channels;  ///< multiple of 4
    float *values;
} eseg_s16_add_row;

/// values = float(Σ of two neighbors' sums, weighted) · multiplier: pixels between columns of a row of int32 sums.
typedef struct eseg_s16_blend_row {
    const int32_t *sums;
    size_t pixel_stride;           ///< sums between columns
    const int32_t *lower, *upper;  ///< columns on either side of each pixel
    const int32_t *weights;        ///< of the upper one; the lower one's is `one` less that
    int one;
    float multiplier;
    int pixels;
    int channels;  ///< multiple of 4
    float *values;
} eseg_s16_blend_row;

/// What values, which are real numbers then, pass before they become codes.
typedef enum eseg_s16_curve {
    ESEG_S16_LINEAR,  ///< nothing: they are in units of codes
    ESEG_S16_SILU,
    ESEG_S16_HARD_SWISH,  ///< x · min(max(x + 3, 0), 6) / 6
    ESEG_S16_SIGMOID,
    ESEG_S16_HARD_SIGMOID,  ///< min(max(x + 3, 0), 6) / 6
    ESEG_S16_GELU,
    ESEG_S16_GELU_TANH,  ///< its approximation by a hyperbolic tangent
    ESEG_S16_ELU,        ///< max(x, 0) + e^min(x, 0) − 1
} eseg_s16_curve;

/// How values become codes.
typedef struct eseg_s16_output {
    int bytes;  ///< of a code: 1 or 2
    int32_t zero_point;
    int relu;  ///< of two bytes: not below 0
    eseg_s16_curve curve;
    float inverse;                      ///< with which a curve's values are multiplied
    const struct eseg_s8_curve *table;  ///< of one byte: values are steps of its input; NULL: none
} eseg_s16_output;

/// Products of two maps' codes: values[p][c] = multiplier · a[p][c] · b[p][c].
typedef struct eseg_s16_product_row {
    const int16_t *a, *b;
    size_t a_stride, b_stride;  ///< codes between pixels; b's may be 0
    int spread;                 ///< a pixel of `b` has one code, which all of `a`'s are multiplied by
    float multiplier;
    int pixels;
    int channels;
    float *values;
} eseg_s16_product_row;

typedef struct eseg_s16_kernels {
    int run;  ///< conv_row: weights of a channel that lie together in a packed block: 1, or 2 where pairs are multiplied
    int tap;  ///< conv_row: codes of a convolution's tap are padded to a multiple of this
    void (*conv_row)(const eseg_s16_conv_row *row);
    void (*depthwise_row)(const eseg_s16_depthwise_row *row);
    void (*depthwise_taps_row)(const eseg_s16_depthwise_taps_row *row);
    void (*add_row)(const eseg_s16_add_row *row);
    void (*store)(const float *values, size_t count, const eseg_s16_output *output, void *out);
    void (*widen)(const uint8_t *codes, size_t count, int32_t zero_point, int16_t *out);
    /// Maximum over 3×3 at stride 2 of three rows (the outer two may repeat the middle one), `channels` codes of each pixel.
    void (*pool_row)(const int16_t *const rows[3], int in_width, int out_width, int channels, int16_t *out);
    /// sums[c] += Σ over pixels, at most 65535 of them.
    void (*sum_row)(const int16_t *codes, int pixels, int channels, int32_t *sums);
    /// values[c] = float(Σ sums[k · step + c] over k in 0..<count) · multiplier.
    void (*mean_pixel)(const int32_t *sums, size_t step, int count, int channels, float multiplier, float *values);
    void (*product_row)(const eseg_s16_product_row *row);
    /// sums = top · top_weight + bottom · bottom_weight.
    void (*blend)(const int16_t *top, const int16_t *bottom, int32_t top_weight, int32_t bottom_weight, size_t count, int32_t *sums);
    void (*blend_row)(const eseg_s16_blend_row *row);
} eseg_s16_kernels;

/// Codes of a tap of `pixels` pixels of `in_stride` codes.
int eseg_s16_tap_codes(const eseg_kernels *kernels, int pixels, int in_stride);

/// Values that convolution weights take when packed.
size_t eseg_s16_conv_packed_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_pixels, int in_stride);

/// Packs [out][tap_count][tap_pixels][in] weights for `kernels`; `in_stride` codes hold a pixel's `in` channels.
void eseg_s16_conv_pack(const eseg_kernels *kernels, const int16_t *weights, int out, int tap_count, int tap_pixels, int in, int in_stride,
                        int16_t *packed);

/// Packs [channels][taps] weights to [taps][channels padded to whole blocks].
void eseg_s16_depthwise_pack(const int16_t *weights, int channels, int taps, int16_t *packed);

#endif
