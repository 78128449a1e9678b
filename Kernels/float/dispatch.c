#include "common.h"

const eseg_f32_kernels *eseg_f32_kernels_for(eseg_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case ESEG_ISA_AVX2:
    case ESEG_ISA_AVXVNNI: return &eseg_f32_avx2;
    case ESEG_ISA_AVX512VNNI: return &eseg_f32_avx512;
#endif
#if defined(__aarch64__)
    case ESEG_ISA_NEON:
    case ESEG_ISA_DOTPROD:
    case ESEG_ISA_I8MM: return &eseg_f32_neon;
#endif
    default: return &eseg_f32_scalar;
    }
}

size_t eseg_f32_packed_size(int output_channels, int kernel, int input_channels) {
    return (size_t)divide_up(output_channels, PANEL) * kernel * kernel * input_channels * PANEL;
}

void eseg_f32_pack_convolution(const float *weights, int output_channels, int kernel, int input_channels, float *packed) {
    size_t depth = (size_t)kernel * kernel * input_channels;
    for (int panel = 0; panel < output_channels; panel += PANEL)
        for (size_t k = 0; k < depth; ++k)
            for (int c = panel; c < panel + PANEL; ++c) *packed++ = c < output_channels ? weights[(size_t)c * depth + k] : 0;
}

size_t eseg_f32_convolution_workspace(const eseg_f32_convolution *op) {
    if (op->kernel == 1 && op->stride == 1) return 0;
    return (size_t)op->kernel * ((MAX_TILE_PIXELS - 1) * op->stride + op->kernel) * op->input.channels;
}

size_t eseg_f32_argmax_workspace(const eseg_f32_argmax *op) {
    return (2 * (size_t)op->width + op->logits.width) * op->logits.channels + PANEL;
}
