#include "common.h"

size_t eseg_f32_conv_packed_size(int output_channels, int taps, int input_channels) {
    return (size_t)divide_up(output_channels, PANEL) * taps * input_channels * PANEL;
}

void eseg_f32_conv_pack(const float *weights, int output_channels, int taps, int input_channels, float *packed) {
    size_t depth = (size_t)taps * input_channels;
    for (int panel = 0; panel < output_channels; panel += PANEL)
        for (size_t k = 0; k < depth; ++k)
            for (int c = panel; c < panel + PANEL; ++c) *packed++ = c < output_channels ? weights[(size_t)c * depth + k] : 0;
}

size_t eseg_f32_conv_scratch_floats(const eseg_f32_conv_op *op) {
    const eseg_axis *columns = &op->window.columns;
    const int pixels = columns->dilation > 1 ? MAX_TILE_PIXELS * columns->kernel : eseg_axis_span(columns, MAX_TILE_PIXELS);
    return (size_t)op->window.rows.kernel * pixels * op->input.channels;
}

size_t eseg_f32_argmax_scratch_floats(const eseg_f32_argmax_op *op) {
    return (2 * (size_t)op->width + op->logits.width) * op->logits.channels + PANEL;
}
