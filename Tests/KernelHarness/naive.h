#ifndef NAIVE_H
#define NAIVE_H

#include "layers.h"

// The arithmetic as its specification in QuantizedNetwork.swift states it: plain loops over unpacked weights in int64.

void naive_conv(const random_conv *c, const eseg_map *in, const uint8_t *padding, const eseg_map *residual, const eseg_map *out,
                int as_logits);
void naive_depthwise(const random_depthwise *d, const eseg_map *in, const eseg_map *out);
void naive_fusion(const random_fusion *f, const eseg_map *out);
void naive_gate(test_case *t, const eseg_gate *gate, const eseg_map *map);
void naive_pool(const eseg_map *in, const eseg_map *out);
void naive_upsample(const eseg_upsample_op *op, uint8_t *out);

#endif
