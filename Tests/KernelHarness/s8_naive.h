#ifndef S8_NAIVE_H
#define S8_NAIVE_H

#include "s8_layers.h"

// The arithmetic as its specification in QuantizedNetwork.swift states it: plain loops over unpacked weights in int64.

/// The code of a value in steps of the output or, with a curve, of the curve's input.
uint8_t naive_code(int64_t value, const eseg_s8_curve *curve, int zero_point);
void naive_conv(const random_conv *c, const eseg_s8_map *in, const uint8_t *padding, const eseg_s8_map *residual, const eseg_s8_map *out,
                int as_logits);
void naive_depthwise(const random_depthwise *d, int down, int across, const eseg_s8_map *in, const eseg_s8_map *out);
void naive_fusion(const random_fusion *f, const eseg_s8_map *out);
void naive_gate(test_case *t, const eseg_gate_layer *gate, const eseg_s8_map *map);
void naive_pool(const eseg_s8_map *in, const eseg_s8_map *out);
void naive_argmax(const eseg_s8_argmax_op *op, uint8_t *out, uint8_t *doubt);

#endif
