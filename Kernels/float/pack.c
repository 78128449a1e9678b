#include "common.h"

size_t eseg_f32_conv_packed_size(int output_channels, int kernel, int input_channels) {
    return (size_t)divide_up(output_channels, PANEL) * kernel * kernel * input_channels * PANEL;
}

void eseg_f32_conv_pack(const float *weights, int output_channels, int kernel, int input_channels, float *packed) {
    size_t depth = (size_t)kernel * kernel * input_channels;
    for (int panel = 0; panel < output_channels; panel += PANEL)
        for (size_t k = 0; k < depth; ++k)
            for (int c = panel; c < panel + PANEL; ++c) *packed++ = c < output_channels ? weights[(size_t)c * depth + k] : 0;
}

size_t eseg_f32_conv_scratch_floats(const eseg_f32_conv_op *op) {
    if (op->kernel == 1 && op->stride == 1) return 0;
    return (size_t)op->kernel * ((MAX_TILE_PIXELS - 1) * op->stride + op->kernel) * op->input.channels;
}

size_t eseg_f32_argmax_scratch_floats(const eseg_f32_argmax_op *op) {
    return (2 * (size_t)op->width + op->logits.width) * op->logits.channels + PANEL;
}
