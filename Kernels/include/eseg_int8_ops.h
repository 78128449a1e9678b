#ifndef ESEG_INT8_OPS_H
#define ESEG_INT8_OPS_H

#include "eseg_int8.h"

// Operations on whole maps: row kernels driven over strips of rows and chunks of channels by OpenMP. The number of threads never changes a
// byte. All sizes have been checked by the caller; maps have ESEG_SLACK readable bytes behind them.

/// An NHWC map of u8 codes without gaps between rows.
typedef struct eseg_map {
    uint8_t *data;
    int height, width, channels;
    size_t stride;  ///< bytes between pixels
} eseg_map;

/// A packed convolution; see QuantizedConvolution.
typedef struct eseg_conv_layer {
    const int8_t *weights;
    int wide;
    int kernel, stride;
    int tap_quads;
    int channels;  ///< of the output
    eseg_scaling scaling;
    int16_t residual_multiplier;
    int32_t residual_zero_point;
    int shift;
    int relu_before_add;
} eseg_conv_layer;

/// out = convolution of `in`; codes outside the map are those of `padding`.
typedef struct eseg_conv_op {
    eseg_conv_layer layer;
    eseg_map in;
    const uint8_t *padding;  ///< one pixel: in.stride codes
    eseg_map residual;       ///< data NULL: none
    eseg_map out;            ///< as_logits: int16 values, the stride still in bytes
    int as_logits;
} eseg_conv_op;

typedef struct eseg_depthwise_layer {
    const int8_t *weights;
    int kernel, stride;
    int channels;
    int32_t padding;  ///< code outside the map
    eseg_scaling scaling;
} eseg_depthwise_layer;

/// A weighted sum of resampled maps.
typedef struct eseg_fusion {
    int inputs;
    int chained;  ///< rows[i] and columns[i] lead from map i − 1 to map i, not from the result to map i; all maps have one stride
    int height, width, channels;
    eseg_map maps[ESEG_MAX_FUSED];
    int pooled[ESEG_MAX_FUSED];                 ///< the map passes a 3×3 stride-2 max-pool first
    const int32_t *rows[ESEG_MAX_FUSED];        ///< source row of each row
    const int32_t *columns[ESEG_MAX_FUSED];     ///< byte offset in the source row of each column
    const int32_t *multipliers[ESEG_MAX_FUSED];
    const int32_t *bias;
    int shift;
    const eseg_curve *curve;
    int32_t zero_point;
} eseg_fusion;

/// Squeeze-excite; see QuantizedSqueezeExcite.
typedef struct eseg_gate {
    int channels, squeezed;
    const float *reduce_weights;  ///< [channels][squeezed]: transposed
    const float *reduce_bias;
    const float *expand_weights;  ///< [squeezed][channels]: transposed
    const float *expand_bias;
    float in_scale, out_scale;
    int32_t in_zero_point, out_zero_point;
} eseg_gate;

/// What fills the rows that the second half of a block reads.
typedef enum eseg_front {
    ESEG_FRONT_DENSE,   ///< a k×k convolution, without a depthwise one
    ESEG_FRONT_EXPAND,  ///< a convolution, mostly 1×1, then the depthwise one
    ESEG_FRONT_COPY,    ///< the input itself, then the depthwise convolution
    ESEG_FRONT_FUSE,    ///< a weighted sum of maps, then the depthwise convolution
} eseg_front;

/// front → depthwise → squeeze-excite → 1×1 convolution (+ residual) as one pass whose wide rows stay in cache.
typedef struct eseg_block {
    eseg_front front;
    eseg_map in;
    const uint8_t *padding;  ///< as in eseg_conv_op
    int front_height, front_width;  ///< of the map that the depthwise convolution reads
    eseg_conv_layer conv;    ///< of ESEG_FRONT_DENSE and ESEG_FRONT_EXPAND
    eseg_fusion fusion;      ///< of ESEG_FRONT_FUSE
    eseg_depthwise_layer depthwise;
    int gated;
    eseg_gate gate;
    eseg_conv_layer project;
    eseg_map residual;  ///< data NULL: none
    eseg_map out;
} eseg_block;

/// Bytes of scratch that an operation needs with that many threads.
size_t eseg_conv_scratch(const eseg_conv_op *op, int threads);
size_t eseg_block_scratch(const eseg_block *block, int threads);
size_t eseg_upsample_scratch(int classes, int source_width, int width, int height, int threads);

void eseg_run_conv(const eseg_kernels *kernels, const eseg_conv_op *op, int threads, void *scratch);
void eseg_run_block(const eseg_kernels *kernels, const eseg_block *block, int threads, void *scratch);
/// 3×3 max-pool at stride 2.
void eseg_run_pool(const eseg_kernels *kernels, const eseg_map *in, const eseg_map *out, int threads);

/// Bilinear upsampling (half-pixel centres) of int16 logits [height][width][stride bytes], and the class with the largest logit of each
/// pixel, the lowest on ties.
typedef struct eseg_upsample_op {
    const int16_t *logits;
    int source_height, source_width;
    size_t stride;
    int classes;
    int height, width;
    uint8_t *out;
} eseg_upsample_op;

void eseg_run_upsample(const eseg_kernels *kernels, const eseg_upsample_op *op, int threads, void *scratch);

// Parts of fused operations alone, for looking into a network layer by layer. They return 0 where memory ran out, else 1.

/// Weighted sum: `out` gets the codes.
int eseg_run_fusion(const eseg_kernels *kernels, const eseg_fusion *fusion, const eseg_map *out);
/// Depthwise convolution; `in` feeds it.
int eseg_run_depthwise(const eseg_kernels *kernels, const eseg_depthwise_layer *layer, const eseg_map *in, const eseg_map *out);
/// Squeeze-excite, in place.
int eseg_run_gate(const eseg_kernels *kernels, const eseg_gate *gate, const eseg_map *map);

/// Sums of each channel's codes over `pixels` pixels.
void eseg_sum_codes(const eseg_kernels *kernels, const uint8_t *in, size_t stride, int pixels, int channels, int64_t *sums);

/// The gates of squeeze-excite in 1/8192 from the sums of codes over `pixels` pixels. `squeezed` has room for gate->squeezed values.
void eseg_gate_values(const eseg_gate *gate, const int64_t *sums, int pixels, float *squeezed, int16_t *gates);

/// The same times input scale / output scale, as float32.
void eseg_gate_factors(const eseg_gate *gate, const int64_t *sums, int pixels, float *squeezed, float *factors);

#endif
