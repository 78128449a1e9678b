#ifndef ESEG_S8_KERNELS_H
#define ESEG_S8_KERNELS_H

#include "eseg_s8.h"

/// Declares the row kernels of an instruction set, as its files define them; see ../README.md for their names.
#define S8_DECLARE(ISA)                                                                                                                  \
    void eseg_s8_conv_row_##ISA(const eseg_s8_conv_row *row);                                                                            \
    void eseg_s8_depthwise_row_##ISA(const eseg_s8_depthwise_row *row);                                                                  \
    void eseg_s8_fusion_row_##ISA(const eseg_s8_fusion_row *row);                                                                        \
    void eseg_s8_copy_row_##ISA(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride);         \
    void eseg_s8_pool_row_##ISA(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out, \
                                size_t out_stride);                                                                                      \
    void eseg_s8_sum_row_##ISA(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums);                            \
    void eseg_s8_gate_row_##ISA(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero,          \
                                int32_t out_zero);                                                                                       \
    void eseg_s8_affine_row_##ISA(const eseg_s8_affine_row *row);                                                                        \
    void eseg_s8_argmax_row_##ISA(const eseg_s8_argmax_row *row);                                                                        \
    void eseg_s8_class_row_##ISA(const eseg_s8_class_row *row);                                                                          \
    void eseg_s8_shuffle_row_##ISA(const eseg_shuffle_row *row);                                                                         \
    int64_t eseg_s8_peak_##ISA(int64_t rounds);

/// What an instruction set overwrites of eseg_kernels' s8: the kernels that share a layout, all or none of them …
#define S8_LAYOUT_KERNELS(ISA, LAYOUT)                                                                                             \
    .s8.layout = &eseg_s8_layout_##LAYOUT, .s8.conv_row = eseg_s8_conv_row_##ISA, .s8.depthwise_row = eseg_s8_depthwise_row_##ISA, \
    .s8.fusion_row = eseg_s8_fusion_row_##ISA, .s8.copy_row = eseg_s8_copy_row_##ISA

/// … and those that stand alone.
#define S8_OTHER_KERNELS(ISA)                                                                                                      \
    .s8.pool_row = eseg_s8_pool_row_##ISA, .s8.sum_row = eseg_s8_sum_row_##ISA, .s8.gate_row = eseg_s8_gate_row_##ISA,             \
    .s8.affine_row = eseg_s8_affine_row_##ISA, .s8.argmax_row = eseg_s8_argmax_row_##ISA, .s8.class_row = eseg_s8_class_row_##ISA, \
    .s8.shuffle_row = eseg_s8_shuffle_row_##ISA, .s8.peak = eseg_s8_peak_##ISA

/// Values of a row that is upsampled by 4 leave so many bits for their class.
enum { CLASS_BITS = 6, MAX_KEYED = 1 << CLASS_BITS };

/// The first and the last two pixels of a row that is upsampled by 4, outside the columns' centers.
void eseg_s8_argmax_ends(const eseg_s8_argmax_row *row);

S8_DECLARE(scalar)
#if defined(__x86_64__)
S8_DECLARE(avx2)
S8_DECLARE(avxvnni)
S8_DECLARE(avx512vnni)
#elif defined(__aarch64__)
S8_DECLARE(neon)
S8_DECLARE(dotprod)
S8_DECLARE(i8mm)
#endif

/// How products that take signed bytes flip codes in rings.
#define ESEG_S8_SIGNED_FLIP 0x80

/// Of the scalar kernels and x86's that have VNNI.
extern const eseg_s8_layout eseg_s8_layout_quads;
#if defined(__x86_64__)
extern const eseg_s8_layout eseg_s8_layout_avx2;
#elif defined(__aarch64__)
extern const eseg_s8_layout eseg_s8_layout_neon, eseg_s8_layout_dotprod, eseg_s8_layout_i8mm;
#endif

#endif
