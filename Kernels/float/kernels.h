#ifndef ESEG_F32_KERNELS_H
#define ESEG_F32_KERNELS_H

#include "eseg_f32.h"

/// Declares the kernels of an instruction set, as its files define them; see ../README.md for their names.
#define F32_DECLARE(ISA)                                                                                                             \
    void eseg_f32_conv_rows_##ISA(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, int first,   \
                                  int last, float *scratch);                                                                         \
    void eseg_f32_depthwise_rows_##ISA(const eseg_f32_depthwise_op *op, const float *input, float *output, int first, int last);     \
    void eseg_f32_pool_rows_##ISA(eseg_f32_shape shape, const float *input, float *output, int first, int last);                     \
    void eseg_f32_fusion_rows_##ISA(const eseg_f32_fusion_op *op, float *output, int first, int last);                               \
    void eseg_f32_pyramid_rows_##ISA(const eseg_f32_pyramid_op *op, float *output, int first, int last);                             \
    void eseg_f32_sum_rows_##ISA(eseg_f32_shape shape, const float *input, float *sums, int first, int last);                        \
    void eseg_f32_gate_values_##ISA(const eseg_f32_gate_op *op, const float *means, float *squeezed, float *gates);                  \
    void eseg_f32_gate_rows_##ISA(eseg_f32_shape shape, const float *input, const float *gates, float *output, int first, int last); \
    void eseg_f32_normalize_##ISA(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *output);    \
    void eseg_f32_argmax_rows_##ISA(const eseg_f32_argmax_op *op, const float *logits, uint8_t *classes, int first, int last,        \
                                    float *scratch);

/// What an instruction set overwrites of eseg_kernels' f32.
#define F32_KERNELS(ISA)                                                                                                                 \
    .f32.conv_rows = eseg_f32_conv_rows_##ISA, .f32.depthwise_rows = eseg_f32_depthwise_rows_##ISA,                                      \
    .f32.pool_rows = eseg_f32_pool_rows_##ISA, .f32.fusion_rows = eseg_f32_fusion_rows_##ISA,                                            \
    .f32.pyramid_rows = eseg_f32_pyramid_rows_##ISA, .f32.sum_rows = eseg_f32_sum_rows_##ISA,                                            \
    .f32.gate_values = eseg_f32_gate_values_##ISA, .f32.gate_rows = eseg_f32_gate_rows_##ISA, .f32.normalize = eseg_f32_normalize_##ISA, \
    .f32.argmax_rows = eseg_f32_argmax_rows_##ISA

F32_DECLARE(scalar)
#if defined(__x86_64__)
F32_DECLARE(avx2)
F32_DECLARE(avx512vnni)
#elif defined(__aarch64__)
F32_DECLARE(neon)
#endif

#endif
