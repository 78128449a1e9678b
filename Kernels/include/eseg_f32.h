#ifndef ESEG_F32_H
#define ESEG_F32_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_isa.h"
#include "eseg_maps.h"

/// float32 operations on dense NHWC maps of one image: value (y, x, c) lies at (y * width + x) * channels + c.
/// Inputs and outputs do not overlap.

/// Output channels of a convolution are packed in panels of this many.
#define ESEG_F32_PANEL 16

/// Most levels that a pyramid sum takes.
#define ESEG_F32_MAX_LEVELS 16

typedef enum eseg_f32_activation {
    ESEG_F32_NONE,
    ESEG_F32_RELU,
    ESEG_F32_RELU6,
    ESEG_F32_SILU,
    ESEG_F32_HARD_SWISH,
    ESEG_F32_SIGMOID,
    ESEG_F32_HARD_SIGMOID,
    ESEG_F32_GELU,
    ESEG_F32_GELU_TANH,  ///< its approximation by a hyperbolic tangent
    ESEG_F32_ELU,
    ESEG_F32_PRELU,  ///< values below 0 are multiplied by their channel's slope
} eseg_f32_activation;

typedef struct eseg_f32_shape {
    int height, width, channels;
} eseg_f32_shape;

typedef struct eseg_f32_conv_op {
    eseg_f32_shape input, output;
    eseg_window window;
    eseg_f32_activation activation;
    const float *weights;                ///< packed by eseg_f32_conv_pack
    const float *bias;                   ///< [output.channels rounded up to whole panels], zeros behind the last channel
    const float *slopes;                 ///< of ESEG_F32_PRELU, as the bias; else NULL
    eseg_f32_activation sum_activation;  ///< of the sum with a residual: none, ReLU or ReLU6
} eseg_f32_conv_op;

typedef struct eseg_f32_depthwise_op {
    eseg_f32_shape input, output;
    eseg_window window;
    eseg_f32_activation activation;
    const float *weights;  ///< [kernel rows, kernel columns, channels]
    const float *bias;     ///< [channels]
    const float *slopes;   ///< [channels] of ESEG_F32_PRELU; else NULL
} eseg_f32_depthwise_op;

typedef struct eseg_f32_gate_op {
    eseg_f32_shape shape;
    int squeezed;
    const float *reduce_weights;  ///< [squeezed, channels]
    const float *reduce_bias;     ///< [squeezed]
    const float *expand_weights;  ///< [squeezed, channels]: transposed
    const float *expand_bias;     ///< [channels]
} eseg_f32_gate_op;

typedef enum eseg_f32_resampling {
    ESEG_F32_SAME,
    ESEG_F32_UP,    ///< nearest neighbor: source = floor(destination * in / out)
    ESEG_F32_DOWN,  ///< maximum over 3x3 at stride 2
} eseg_f32_resampling;

typedef struct eseg_f32_fusion_input {
    const float *data;
    int height, width;
    eseg_f32_resampling resampling;
    const float *weights;  ///< one for each channel
} eseg_f32_fusion_input;

/// activation(sum of weights * resample(data))
typedef struct eseg_f32_fusion_op {
    eseg_f32_shape output;
    int count;
    const eseg_f32_fusion_input *inputs;
    eseg_f32_activation activation;
} eseg_f32_fusion_op;

typedef struct eseg_f32_pyramid_level {
    const float *data;
    int height, width;
} eseg_f32_pyramid_level;

/// y = weights[count - 1] * levels[count - 1]; then downwards y = weights[i] * levels[i] + nearest(y).
typedef struct eseg_f32_pyramid_op {
    int count, channels;                   ///< count <= ESEG_F32_MAX_LEVELS
    const eseg_f32_pyramid_level *levels;  ///< finest first
    const float *weights;                  ///< [count, channels]
} eseg_f32_pyramid_op;

/// Bilinear resize of logits (half-pixel centers, or the corners' pixels on each other), then the class of the largest; the lowest class
/// wins ties.
typedef struct eseg_f32_argmax_op {
    eseg_f32_shape logits;
    int height, width;
    int align_corners;
} eseg_f32_argmax_op;

/// One instruction set's kernels. Those with `first` and `last` compute the output rows first..<last on the calling thread.
typedef struct eseg_f32_kernels {
    /// sum_activation(activation(input * weights + bias) + residual); residual may be NULL. scratch: eseg_f32_conv_scratch_floats floats.
    void (*conv_rows)(const eseg_f32_conv_op *, const float *input, const float *residual, float *output, int first, int last,
                      float *scratch);
    void (*depthwise_rows)(const eseg_f32_depthwise_op *, const float *input, float *output, int first, int last);
    /// Maximum over 3x3 at stride 2; what lies outside the map does not count.
    void (*pool_rows)(eseg_f32_shape input, const float *input_data, float *output, int first, int last);
    void (*fusion_rows)(const eseg_f32_fusion_op *, float *output, int first, int last);
    void (*pyramid_rows)(const eseg_f32_pyramid_op *, float *output, int first, int last);
    /// sums[c] = sum of channel c over the input rows first..<last.
    void (*sum_rows)(eseg_f32_shape, const float *input, float *sums, int first, int last);
    /// gates = sigmoid(expand(silu(reduce(means)))); squeezed: [squeezed] floats to work in.
    void (*gate_values)(const eseg_f32_gate_op *, const float *means, float *squeezed, float *gates);
    void (*gate_rows)(eseg_f32_shape, const float *input, const float *gates, float *output, int first, int last);
    /// output = rgb * scale[channel] + offset[channel] for interleaved R, G, B.
    void (*normalize)(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *output);
    /// scratch: eseg_f32_argmax_scratch_floats floats.
    void (*argmax_rows)(const eseg_f32_argmax_op *, const float *logits, uint8_t *classes, int first, int last, float *scratch);
} eseg_f32_kernels;

/// Floats that packed weights take.
size_t eseg_f32_conv_packed_size(int output_channels, int taps, int input_channels);
/// [out, taps, in] to [out / 16, taps, in, 16], zeros behind the last output channel; taps are the window's pixels.
void eseg_f32_conv_pack(const float *weights, int output_channels, int taps, int input_channels, float *packed);

/// Floats that each thread needs to work in.
size_t eseg_f32_conv_scratch_floats(const eseg_f32_conv_op *);
size_t eseg_f32_argmax_scratch_floats(const eseg_f32_argmax_op *);
/// Floats that all threads together need to work in.
size_t eseg_f32_gate_scratch_floats(const eseg_f32_gate_op *);

/// Whole operations, rows shared among `threads` threads; the count of threads does not change a bit of the result.
/// scratch: threads * (the operation's floats per thread), or the squeeze-excite's floats.
void eseg_f32_conv_run(const eseg_kernels *, const eseg_f32_conv_op *, const float *input, const float *residual, float *output,
                       float *scratch, int threads);
void eseg_f32_depthwise_run(const eseg_kernels *, const eseg_f32_depthwise_op *, const float *input, float *output, int threads);
void eseg_f32_gate_run(const eseg_kernels *, const eseg_f32_gate_op *, const float *input, float *output, float *scratch, int threads);
void eseg_f32_pool_run(const eseg_kernels *, eseg_f32_shape input, const float *input_data, float *output, int threads);
/// means[c] = mean of channel c over all pixels; scratch: eseg_f32_mean_scratch_floats floats.
void eseg_f32_mean_run(const eseg_kernels *, eseg_f32_shape, const float *input, float *means, float *scratch, int threads);
size_t eseg_f32_mean_scratch_floats(eseg_f32_shape);
/// output = input * factors[channel]
void eseg_f32_product_run(const eseg_kernels *, eseg_f32_shape, const float *input, const float *factors, float *output, int threads);
void eseg_f32_fusion_run(const eseg_kernels *, const eseg_f32_fusion_op *, float *output, int threads);
void eseg_f32_pyramid_run(const eseg_kernels *, const eseg_f32_pyramid_op *, float *output, int threads);
void eseg_f32_normalize_run(const eseg_kernels *, const uint8_t *rgb, int height, int width, const float scale[3], const float offset[3],
                            float *output, int threads);
void eseg_f32_argmax_run(const eseg_kernels *, const eseg_f32_argmax_op *, const float *logits, uint8_t *classes, float *scratch,
                         int threads);

#endif
