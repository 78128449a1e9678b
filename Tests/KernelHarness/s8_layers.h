#ifndef S8_LAYERS_H
#define S8_LAYERS_H

#include "harness.h"

/// A random convolution: its parameters as a file holds them, and packed.
typedef struct random_conv {
    int in, in_zero;
    eseg_window window;
    size_t in_stride;    ///< bytes of an input pixel
    int32_t *weights;    ///< [out][kh][kw][in]
    const void *narrow;  ///< the same as int8, or int16 where the layer has int16_weights
    int32_t *bias;       ///< without the zero point's part
    eseg_s8_conv_layer layer;
} random_conv;

typedef struct random_depthwise {
    int32_t *weights;  ///< [channels][k][k]
    const int8_t *narrow;
    int32_t *bias;
    eseg_s8_depthwise_layer layer;
} random_depthwise;

typedef struct random_fusion {
    int32_t zero_points[ESEG_MAX_FUSED];
    eseg_s8_fusion_op fusion;
} random_fusion;

/// Factors of 256 classes, by which margins fall into all of doubt's range, or far out of it.
eseg_s8_doubt_scales take_doubt_scales(test_case *t);

/// `in` channels in `in_stride` bytes to `out` channels; accumulators cannot overflow, nor scaled values exceed 2^30. The layer's weights
/// are packed for the kernels under test.
random_conv take_conv(test_case *t, int kernel, int stride, int in, size_t in_stride, int out, int int16_weights);
/// The same with any window: a tap is a pixel where columns are dilated, else a row.
random_conv take_window_conv(test_case *t, eseg_window window, int in, size_t in_stride, int out, int int16_weights);
/// Gives the layer the parameters of a sum with a residual, and no curve.
void add_residual(test_case *t, eseg_s8_conv_layer *layer);
random_depthwise take_depthwise(test_case *t, int kernel, int stride, int channels);
/// The weights of a 1×1 kernel as eseg_s8_affine_row takes them.
const int8_t *take_affine_weights(test_case *t, const random_depthwise *d);
/// The layer's weights packed for other kernels.
const int8_t *pack_conv_for(test_case *t, const random_conv *c, const eseg_kernels *kernels);
const int8_t *pack_depthwise_for(test_case *t, const random_depthwise *d, const eseg_kernels *kernels);
/// A sum of `inputs` random maps, with `most_inputs` at most.
random_fusion take_fusion(test_case *t, int height, int width, int channels, int most_inputs);
/// A sum of maps each of which is resampled to the next finer one's size.
random_fusion take_chain(test_case *t, int height, int width, int channels);
eseg_gate_layer take_gate(test_case *t, int channels);

/// A map of random codes; `stride` 0: the least.
eseg_s8_map take_map(test_case *t, int height, int width, int channels, size_t stride);
/// One pixel of padding.
uint8_t *take_padding(test_case *t, size_t stride, int code);
/// Noise for `count` int16 values or int32 values within int16.
int32_t *take_int16s(test_case *t, int count);

#endif
