#ifndef ESEG_INT16_OPS_H
#define ESEG_INT16_OPS_H

#include "eseg_int16.h"
#include "eseg_int8_ops.h"

// Wide operations on whole maps: row kernels driven over rows by OpenMP. The number of threads never changes a byte. All sizes have been
// checked by the caller; maps have ESEG_SLACK readable bytes behind them.

/// An NHWC map of codes without gaps between rows.
typedef struct eseg_wide_map {
    void *data;
    int bytes;  ///< of a code: 1 (u8) or 2 (int16)
    int height, width, channels;
    size_t stride;  ///< codes between pixels
    int32_t zero_point;
} eseg_wide_map;

/// A packed convolution, dense or depthwise.
typedef struct eseg_wide_conv_layer {
    int depthwise;
    const int16_t *weights;
    int kernel, stride;
    int channels;  ///< of the output
    eseg_wide_scaling scaling;
    const int16_t *padding;            ///< one pixel outside the map, without zero point
    const float *residual_multiplier;  ///< per channel, all alike; NULL: no residual
    int relu_before_add;
} eseg_wide_conv_layer;

typedef struct eseg_wide_conv_op {
    eseg_wide_conv_layer layer;
    eseg_wide_map in;
    eseg_wide_map residual;  ///< where the layer has one
    eseg_wide_output output;
    eseg_wide_map out;
} eseg_wide_conv_op;

/// A weighted sum of resampled maps.
typedef struct eseg_wide_sum_op {
    int inputs;
    eseg_wide_map maps[ESEG_MAX_FUSED];
    int pooled[ESEG_MAX_FUSED];              ///< the map passes a 3×3 stride-2 max-pool first
    const int32_t *rows[ESEG_MAX_FUSED];     ///< source row of each row
    const int32_t *columns[ESEG_MAX_FUSED];  ///< offset in codes of each column in its source row
    const float *multipliers[ESEG_MAX_FUSED];
    eseg_wide_output output;
    eseg_wide_map out;
} eseg_wide_sum_op;

typedef struct eseg_wide_gate_op {
    eseg_gate gate;  ///< its zero points are 0
    eseg_wide_map in;
    eseg_wide_output output;
    eseg_wide_map out;
} eseg_wide_gate_op;

/// Bytes of scratch that an operation needs with that many threads.
size_t eseg_wide_conv_scratch(const eseg_wide_conv_op *op, int threads);
size_t eseg_wide_sum_scratch(const eseg_wide_sum_op *op, int threads);
size_t eseg_wide_gate_scratch(const eseg_wide_gate_op *op, int threads);

void eseg_run_wide_conv(const eseg_wide_kernels *kernels, const eseg_wide_conv_op *op, int threads, void *scratch);
void eseg_run_wide_sum(const eseg_wide_kernels *kernels, const eseg_wide_sum_op *op, int threads, void *scratch);
void eseg_run_wide_gate(const eseg_wide_kernels *kernels, const eseg_wide_gate_op *op, int threads, void *scratch);
/// 3×3 max-pool at stride 2 of int16 codes.
void eseg_run_wide_pool(const eseg_wide_kernels *kernels, const eseg_wide_map *in, const eseg_wide_map *out, int threads);

#endif
