#ifndef ESEG_S16_OPS_H
#define ESEG_S16_OPS_H

#include "eseg_dispatch.h"
#include "eseg_gate.h"

// Int16 operations on whole maps: row kernels driven over rows by OpenMP. The number of threads never changes a byte. All sizes have been
// checked by the caller; maps have ESEG_SLACK readable bytes behind them.

/// An NHWC map of codes without gaps between rows.
typedef struct eseg_s16_map {
    void *data;
    int bytes;  ///< of a code: 1 (u8) or 2 (int16)
    int height, width, channels;
    size_t stride;  ///< codes between pixels
    int32_t zero_point;
} eseg_s16_map;

/// A packed convolution, dense or depthwise.
typedef struct eseg_s16_conv_layer {
    int depthwise;
    const int16_t *weights;
    eseg_window window;
    int channels;  ///< of the output
    eseg_s16_scaling scaling;
    const int16_t *padding;            ///< one pixel outside the map, without zero point; of a depthwise layer 0
    const float *residual_multiplier;  ///< per channel, all equal; NULL: no residual
    int relu_before_add;
} eseg_s16_conv_layer;

typedef struct eseg_s16_conv_op {
    eseg_s16_conv_layer layer;
    eseg_s16_map in;
    eseg_s16_map residual;  ///< where the layer has one
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_conv_op;

enum { ESEG_S16_CHAIN = 4 };

/// Convolutions, each of which reads what the one before computes, row by row: all but the last write int16 codes without gaps between
/// pixels, none of which are a map.
typedef struct eseg_s16_conv_chain {
    int count;
    eseg_s16_conv_op ops[ESEG_S16_CHAIN];  ///< only the first one's `in` and the last one's `out` have data
} eseg_s16_conv_chain;

/// A weighted sum of resampled maps.
typedef struct eseg_s16_fusion_op {
    int inputs;
    eseg_s16_map maps[ESEG_MAX_FUSED];
    int pooled[ESEG_MAX_FUSED];              ///< the map passes a 3×3 stride-2 max-pool first
    const int32_t *rows[ESEG_MAX_FUSED];     ///< source row of each row
    const int32_t *columns[ESEG_MAX_FUSED];  ///< offset in codes of each column in its source row
    const float *multipliers[ESEG_MAX_FUSED];
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_fusion_op;

typedef struct eseg_s16_gate_op {
    eseg_gate_layer gate;  ///< its zero points are 0
    eseg_s16_map in;
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_gate_op;

/// Bytes of scratch that an operation needs with that many threads.
size_t eseg_s16_conv_scratch_bytes(const eseg_s16_conv_chain *chain, int threads);
size_t eseg_s16_fusion_scratch_bytes(const eseg_s16_fusion_op *op, int threads);
size_t eseg_s16_gate_scratch_bytes(const eseg_s16_gate_op *op, int threads);

void eseg_s16_conv_run(const eseg_kernels *kernels, const eseg_s16_conv_chain *chain, int threads, void *scratch);
void eseg_s16_fusion_run(const eseg_kernels *kernels, const eseg_s16_fusion_op *op, int threads, void *scratch);
void eseg_s16_gate_run(const eseg_kernels *kernels, const eseg_s16_gate_op *op, int threads, void *scratch);
/// 3×3 max-pool at stride 2 of int16 codes.
void eseg_s16_pool_run(const eseg_kernels *kernels, const eseg_s16_map *in, const eseg_s16_map *out, int threads);

#endif
