#ifndef ESEG_S8_OPS_H
#define ESEG_S8_OPS_H

#include "eseg_dispatch.h"
#include "eseg_gate.h"

// Operations on whole maps: row kernels driven over strips of rows and chunks of channels by OpenMP. The number of threads never changes a
// byte. All sizes have been checked by the caller; maps have ESEG_SLACK readable bytes behind them.

/// An NHWC map of u8 codes without gaps between rows.
typedef struct eseg_s8_map {
    uint8_t *data;
    int height, width, channels;
    size_t stride;  ///< bytes between pixels
} eseg_s8_map;

/// A packed convolution; see QuantizedConvolution.
typedef struct eseg_s8_conv_layer {
    const int8_t *weights;
    int int16_weights;  ///< weights are int16, not int8
    int kernel, stride;
    int tap_quads;
    int channels;  ///< of the output
    eseg_s8_scaling scaling;
    int16_t residual_multiplier;
    int32_t residual_zero_point;
    int shift;
    int relu_before_add;
} eseg_s8_conv_layer;

/// out = convolution of `in`; codes outside the map are those of `padding`. A tap of the layer is a row of the window or, where columns are
/// dilated, a pixel.
typedef struct eseg_s8_conv_op {
    eseg_s8_conv_layer layer;
    eseg_window window;
    eseg_s8_map in;
    const uint8_t *padding;  ///< one pixel: in.stride codes
    eseg_s8_map residual;    ///< data NULL: none
    eseg_s8_map out;         ///< as_logits: int16 values, the stride still in bytes
    int as_logits;
} eseg_s8_conv_op;

typedef struct eseg_s8_depthwise_layer {
    const int8_t *weights;
    int kernel, stride;
    int channels;
    int32_t padding;  ///< code outside the map
    eseg_s8_scaling scaling;
} eseg_s8_depthwise_layer;

/// out = in · weights + bias, channel by channel: a depthwise convolution with a 1×1 kernel at stride 1. Both maps have the same pixels.
typedef struct eseg_s8_affine_op {
    const int8_t *weights;  ///< per channel, padded to whole blocks; not packed
    eseg_s8_scaling scaling;
    eseg_s8_map in;
    eseg_s8_map out;  ///< bytes between a pixel's channels and the next pixel stay as they are
} eseg_s8_affine_op;

/// A weighted sum of resampled maps.
typedef struct eseg_s8_fusion_op {
    int inputs;
    int chained;  ///< rows[i] and columns[i] lead from map i − 1 to map i, not from the result to map i; all maps have one stride
    int height, width, channels;
    eseg_s8_map maps[ESEG_MAX_FUSED];
    int pooled[ESEG_MAX_FUSED];              ///< the map passes a 3×3 stride-2 max-pool first
    const int32_t *rows[ESEG_MAX_FUSED];     ///< source row of each row
    const int32_t *columns[ESEG_MAX_FUSED];  ///< byte offset in the source row of each column
    const int32_t *multipliers[ESEG_MAX_FUSED];
    const int32_t *bias;
    int shift;
    const eseg_s8_curve *curve;
    int32_t zero_point;
} eseg_s8_fusion_op;

/// A depthwise convolution by itself, padded by half of its window.
typedef struct eseg_s8_depthwise_op {
    eseg_s8_depthwise_layer layer;
    int row_dilation, column_dilation;  ///< 1 each where the stride is 2
    eseg_s8_map in;
    eseg_s8_map out;
} eseg_s8_depthwise_op;

/// What fills the rows that the second half of a block reads.
typedef enum eseg_s8_front {
    ESEG_S8_FRONT_DENSE,   ///< a k×k convolution, without a depthwise one
    ESEG_S8_FRONT_EXPAND,  ///< a convolution, mostly 1×1, then the depthwise one
    ESEG_S8_FRONT_COPY,    ///< the input itself, then the depthwise convolution
    ESEG_S8_FRONT_FUSION,  ///< a weighted sum of maps, then the depthwise convolution
} eseg_s8_front;

/// front → depthwise → squeeze-excite → 1×1 convolution (+ residual) as one pass whose expanded rows stay in cache.
typedef struct eseg_s8_block_op {
    eseg_s8_front front;
    eseg_s8_map in;
    const uint8_t *padding;         ///< as in eseg_s8_conv_op
    int front_height, front_width;  ///< of the map that the depthwise convolution reads
    eseg_s8_conv_layer conv;        ///< of ESEG_S8_FRONT_DENSE and ESEG_S8_FRONT_EXPAND
    eseg_s8_fusion_op fusion;       ///< of ESEG_S8_FRONT_FUSION
    eseg_s8_depthwise_layer depthwise;
    int gated;
    eseg_gate_layer gate;
    eseg_s8_conv_layer project;
    eseg_s8_map residual;  ///< data NULL: none
    eseg_s8_map out;
} eseg_s8_block_op;

/// Bytes of scratch that an operation needs with that many threads.
size_t eseg_s8_conv_scratch_bytes(const eseg_s8_conv_op *op, int threads);
size_t eseg_s8_block_scratch_bytes(const eseg_s8_block_op *block, int threads);
size_t eseg_s8_depthwise_scratch_bytes(const eseg_s8_depthwise_op *op, int threads);
size_t eseg_s8_fusion_scratch_bytes(const eseg_s8_fusion_op *fusion, int threads);
size_t eseg_s8_gate_scratch_bytes(const eseg_gate_layer *gate);

void eseg_s8_conv_run(const eseg_kernels *kernels, const eseg_s8_conv_op *op, int threads, void *scratch);
void eseg_s8_block_run(const eseg_kernels *kernels, const eseg_s8_block_op *block, int threads, void *scratch);
void eseg_s8_depthwise_run(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, int threads, void *scratch);
/// `out` gets the codes.
void eseg_s8_fusion_run(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, const eseg_s8_map *out, int threads, void *scratch);
void eseg_s8_affine_run(const eseg_kernels *kernels, const eseg_s8_affine_op *op, int threads);
/// 3×3 max-pool at stride 2.
void eseg_s8_pool_run(const eseg_kernels *kernels, const eseg_s8_map *in, const eseg_s8_map *out, int threads);

/// Bilinear upsampling (half-pixel centers, or the corners' pixels on each other) of int16 logits [height][width][stride bytes], and the
/// class with the largest logit of each pixel, the lowest on ties; also, if wanted, its doubt, which is 0 where there is one class.
typedef struct eseg_s8_argmax_op {
    const int16_t *logits;
    int source_height, source_width;
    size_t stride;
    int classes;
    int align_corners;
    int height, width;
    uint8_t *out;
    uint8_t *doubt;  ///< NULL: not wanted
    eseg_s8_doubt_scales doubt_scales;
    int32_t *margins;  ///< as of eseg_s8_argmax_row
    uint8_t *seconds;
} eseg_s8_argmax_op;

size_t eseg_s8_argmax_scratch_bytes(const eseg_s8_argmax_op *op, int threads);
void eseg_s8_argmax_run(const eseg_kernels *kernels, const eseg_s8_argmax_op *op, int threads, void *scratch);

/// Squeeze-excite by itself, in place, for looking into a network layer by layer.
void eseg_s8_gate_run(const eseg_kernels *kernels, const eseg_gate_layer *gate, const eseg_s8_map *map, void *scratch);

/// Adds each channel's codes over `pixels` pixels to `sums`.
void eseg_s8_add_channel_sums(const eseg_kernels *kernels, const uint8_t *in, size_t stride, int pixels, int channels, int64_t *sums);

/// Runs `s8.peak(rounds)` on that many threads at once; returns the MACs that they did together.
int64_t eseg_s8_peak_run(const eseg_kernels *kernels, int64_t rounds, int threads);

#endif
