#include "../support/team.h"
#include "eseg_bilinear.h"

static float between(float value, float low, float high) { return value < low ? low : value > high ? high : value; }

static void bilinear_row(const eseg_f32_bilinear_op *op, const float *input, int y, float *restrict out) {
    const int channels = op->input.channels;
    const size_t row = (size_t)op->input.width * channels;
    const float *top = input + op->top[y] * row, *bottom = input + op->bottom[y] * row, down = op->row_weights[y];
    for (int x = 0; x < op->output.width; ++x, out += channels) {
        const size_t left = (size_t)op->left[x] * channels, right = (size_t)op->right[x] * channels;
        const float across = op->column_weights[x];
        for (int c = 0; c < channels; ++c) {
            const float above = top[left + c] + across * (top[right + c] - top[left + c]);
            const float below = bottom[left + c] + across * (bottom[right + c] - bottom[left + c]);
            out[c] = between(above + down * (below - above), op->low, op->high);
        }
    }
}

void eseg_f32_bilinear_run(const eseg_f32_bilinear_op *op, const float *input, float *output, int threads) {
    const size_t row = (size_t)op->output.width * op->output.channels;
    WITH_TEAM(threads, {
        const share rows = share_of(op->output.height, me);
        for (int y = rows.begin; y < rows.end; ++y) bilinear_row(op, input, y, output + y * row);
    });
}
