#ifndef ESEG_FLOAT_H
#define ESEG_FLOAT_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_cpu.h"

/// float32 operations on dense NHWC maps of one image: value (y, x, c) lies at (y * width + x) * channels + c.
/// All paddings are kernel / 2 and all output sizes divide by ceil. Inputs and outputs do not overlap.

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
} eseg_f32_activation;

typedef struct eseg_f32_shape {
    int height, width, channels;
} eseg_f32_shape;

typedef struct eseg_f32_convolution {
    eseg_f32_shape input, output;
    int kernel, stride;
    eseg_f32_activation activation;
    const float *weights;  ///< packed by eseg_f32_pack_convolution
    const float *bias;     ///< [output.channels rounded up to whole panels], zeros behind the last channel
} eseg_f32_convolution;

typedef struct eseg_f32_depthwise {
    eseg_f32_shape input, output;
    int kernel, stride;
    eseg_f32_activation activation;
    const float *weights;  ///< [kernel, kernel, channels]
    const float *bias;     ///< [channels]
} eseg_f32_depthwise;

typedef struct eseg_f32_squeeze_excite {
    eseg_f32_shape shape;
    int squeezed;
    const float *reduce_weights;  ///< [squeezed, channels]
    const float *reduce_bias;     ///< [squeezed]
    const float *expand_weights;  ///< [squeezed, channels]: transposed
    const float *expand_bias;     ///< [channels]
} eseg_f32_squeeze_excite;

typedef enum eseg_f32_resampling {
    ESEG_F32_SAME,
    ESEG_F32_UP,    ///< nearest neighbour: source = floor(destination * in / out)
    ESEG_F32_DOWN,  ///< maximum over 3x3 at stride 2
} eseg_f32_resampling;

typedef struct eseg_f32_fusion_input {
    const float *data;
    int height, width;
    eseg_f32_resampling resampling;
    const float *weights;  ///< one for each channel
} eseg_f32_fusion_input;

/// activation(sum of weights * resample(data))
typedef struct eseg_f32_fusion {
    eseg_f32_shape output;
    int count;
    const eseg_f32_fusion_input *inputs;
    eseg_f32_activation activation;
} eseg_f32_fusion;

typedef struct eseg_f32_level {
    const float *data;
    int height, width;
} eseg_f32_level;

/// y = weights[count - 1] * levels[count - 1]; then downwards y = weights[i] * levels[i] + nearest(y).
typedef struct eseg_f32_pyramid {
    int count, channels;           ///< count <= ESEG_F32_MAX_LEVELS
    const eseg_f32_level *levels;  ///< finest first
    const float *weights;          ///< [count, channels]
} eseg_f32_pyramid;

/// Bilinear resize (half-pixel centres) of logits, then the class of the largest; the lowest class wins ties.
typedef struct eseg_f32_argmax {
    eseg_f32_shape logits;
    int height, width;
} eseg_f32_argmax;

/// One instruction set's kernels. Those with `first` and `last` compute the output rows first..<last on the calling thread.
typedef struct eseg_f32_kernels {
    /// activation(input * weights + bias) + residual; residual may be NULL. workspace: eseg_f32_convolution_workspace floats.
    void (*convolution)(const eseg_f32_convolution *, const float *input, const float *residual, float *output, int first, int last,
                        float *workspace);
    void (*depthwise)(const eseg_f32_depthwise *, const float *input, float *output, int first, int last);
    /// Maximum over 3x3 at stride 2; what lies outside the map does not count.
    void (*max_pool)(eseg_f32_shape input, const float *input_data, float *output, int first, int last);
    void (*fusion)(const eseg_f32_fusion *, float *output, int first, int last);
    void (*pyramid_sum)(const eseg_f32_pyramid *, float *output, int first, int last);
    /// sums[c] = sum of channel c over the input rows first..<last.
    void (*channel_sums)(eseg_f32_shape, const float *input, float *sums, int first, int last);
    /// gates = sigmoid(expand(silu(reduce(means)))); squeezed: [squeezed] floats to work in.
    void (*gates)(const eseg_f32_squeeze_excite *, const float *means, float *squeezed, float *gates);
    void (*scale_channels)(eseg_f32_shape, const float *input, const float *gates, float *output, int first, int last);
    /// output = rgb * scale[channel] + offset[channel] for interleaved R, G, B.
    void (*normalize)(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *output);
    /// workspace: eseg_f32_argmax_workspace floats.
    void (*argmax)(const eseg_f32_argmax *, const float *logits, uint8_t *classes, int first, int last, float *workspace);
} eseg_f32_kernels;

/// The kernels for an instruction set that this CPU supports; the scalar reference where `isa` has none of its own.
const eseg_f32_kernels *eseg_f32_kernels_for(eseg_isa isa);

/// Floats that packed weights take.
size_t eseg_f32_packed_size(int output_channels, int kernel, int input_channels);
/// [out, kernel, kernel, in] to [out / 16, kernel, kernel, in, 16], zeros behind the last output channel.
void eseg_f32_pack_convolution(const float *weights, int output_channels, int kernel, int input_channels, float *packed);

/// Floats that each thread needs to work in.
size_t eseg_f32_convolution_workspace(const eseg_f32_convolution *);
size_t eseg_f32_argmax_workspace(const eseg_f32_argmax *);
/// Floats that all threads together need to work in.
size_t eseg_f32_squeeze_excite_workspace(const eseg_f32_squeeze_excite *);

/// Whole operations, rows shared among `threads` threads; the count of threads does not change a bit of the result.
/// workspace: threads * (the operation's floats per thread), or the squeeze-excite's floats.
void eseg_f32_convolve(const eseg_f32_kernels *, const eseg_f32_convolution *, const float *input, const float *residual, float *output,
                       float *workspace, int threads);
void eseg_f32_convolve_depthwise(const eseg_f32_kernels *, const eseg_f32_depthwise *, const float *input, float *output, int threads);
void eseg_f32_squeeze_and_excite(const eseg_f32_kernels *, const eseg_f32_squeeze_excite *, const float *input, float *output,
                                 float *workspace, int threads);
void eseg_f32_pool(const eseg_f32_kernels *, eseg_f32_shape input, const float *input_data, float *output, int threads);
/// means[c] = mean of channel c over all pixels; workspace: eseg_f32_mean_workspace floats.
void eseg_f32_mean(const eseg_f32_kernels *, eseg_f32_shape, const float *input, float *means, float *workspace, int threads);
size_t eseg_f32_mean_workspace(eseg_f32_shape);
/// output = input * factors[channel]
void eseg_f32_multiply(const eseg_f32_kernels *, eseg_f32_shape, const float *input, const float *factors, float *output, int threads);
void eseg_f32_fuse(const eseg_f32_kernels *, const eseg_f32_fusion *, float *output, int threads);
void eseg_f32_sum_pyramid(const eseg_f32_kernels *, const eseg_f32_pyramid *, float *output, int threads);
void eseg_f32_normalize_image(const eseg_f32_kernels *, const uint8_t *rgb, int height, int width, const float scale[3],
                              const float offset[3], float *output, int threads);
void eseg_f32_classify(const eseg_f32_kernels *, const eseg_f32_argmax *, const float *logits, uint8_t *classes, float *workspace,
                       int threads);

#endif
