#ifndef ESEG_S16_KERNELS_H
#define ESEG_S16_KERNELS_H

#include "eseg_s16.h"

/// Declares the row kernels of an instruction set, as its files define them; see ../README.md for their names.
#define S16_DECLARE(ISA)                                                                                                          \
    void eseg_s16_conv_row_##ISA(const eseg_s16_conv_row *row);                                                                   \
    void eseg_s16_depthwise_row_##ISA(const eseg_s16_depthwise_row *row);                                                         \
    void eseg_s16_depthwise_taps_row_##ISA(const eseg_s16_depthwise_taps_row *row);                                               \
    void eseg_s16_add_row_##ISA(const eseg_s16_add_row *row);                                                                     \
    void eseg_s16_store_##ISA(const float *values, size_t count, const eseg_s16_output *output, void *out);                       \
    void eseg_s16_widen_##ISA(const uint8_t *codes, size_t count, int32_t zero_point, int16_t *out);                              \
    void eseg_s16_pool_row_##ISA(const int16_t *const rows[3], int in_width, int out_width, int channels, int16_t *out);          \
    void eseg_s16_sum_row_##ISA(const int16_t *codes, int pixels, int channels, int32_t *sums);                                   \
    void eseg_s16_mean_pixel_##ISA(const int32_t *sums, size_t step, int count, int channels, float multiplier, float *values);   \
    void eseg_s16_product_row_##ISA(const eseg_s16_product_row *row);                                                             \
    void eseg_s16_blend_##ISA(const int16_t *top, const int16_t *bottom, int32_t top_weight, int32_t bottom_weight, size_t count, \
                              int32_t *sums);                                                                                     \
    void eseg_s16_blend_row_##ISA(const eseg_s16_blend_row *row);

/// What an instruction set overwrites of eseg_kernels' s16: the convolution with the layout of its weights …
#define S16_CONV_KERNEL(ISA, RUN, TAP) .s16.run = RUN, .s16.tap = TAP, .s16.conv_row = eseg_s16_conv_row_##ISA

/// … and the kernels that stand alone.
#define S16_OTHER_KERNELS(ISA)                                                                                         \
    .s16.depthwise_row = eseg_s16_depthwise_row_##ISA, .s16.depthwise_taps_row = eseg_s16_depthwise_taps_row_##ISA,    \
    .s16.add_row = eseg_s16_add_row_##ISA, .s16.store = eseg_s16_store_##ISA, .s16.widen = eseg_s16_widen_##ISA,       \
    .s16.pool_row = eseg_s16_pool_row_##ISA, .s16.sum_row = eseg_s16_sum_row_##ISA, .s16.blend = eseg_s16_blend_##ISA, \
    .s16.mean_pixel = eseg_s16_mean_pixel_##ISA, .s16.product_row = eseg_s16_product_row_##ISA, .s16.blend_row = eseg_s16_blend_row_##ISA

S16_DECLARE(scalar)
#if defined(__x86_64__)
S16_DECLARE(avx2)
S16_DECLARE(avx512vnni)
#elif defined(__aarch64__)
S16_DECLARE(neon)
#endif

#endif
