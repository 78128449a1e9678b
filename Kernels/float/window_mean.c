#include "eseg_pool.h"

#include <string.h>

#include "../support/span.h"
#include "../support/team.h"
#include "common.h"

static void mean_pixel(const eseg_f32_mean_op *op, const float *input, int y, int x, float *restrict out) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    const eseg_f32_shape *in = &op->input;
    const span rows = op->grid ? cell_span(y, op->output.height, in->height) : window_span(down, y, in->height);
    const span columns = op->grid ? cell_span(x, op->output.width, in->width) : window_span(across, x, in->width);
    memset(out, 0, in->channels * sizeof *out);
    for (int from_y = rows.first; from_y < rows.last; from_y += rows.step)
        for (int from_x = columns.first; from_x < columns.last; from_x += columns.step) {
            const float *restrict from = input + ((size_t)from_y * in->width + from_x) * in->channels;
            for (int c = 0; c < in->channels; ++c) out[c] += from[c];
        }
    const int inside = span_count(rows) * span_count(columns);
    const int count = op->counts_padding && !op->grid ? down->kernel * across->kernel : inside;
    for (int c = 0; c < in->channels; ++c) out[c] /= (float)greatest(count, 1);
}

static void mean_rows(const eseg_f32_mean_op *op, const float *input, float *output, share rows) {
    const size_t row = (size_t)op->output.width * op->output.channels;
    for (int y = rows.begin; y < rows.end; ++y)
        for (int x = 0; x < op->output.width; ++x) mean_pixel(op, input, y, x, output + y * row + (size_t)x * op->output.channels);
}

void eseg_f32_window_mean_run(const eseg_f32_mean_op *op, const float *input, float *output, int threads) {
    WITH_TEAM(threads, mean_rows(op, input, output, share_of(op->output.height, me)));
}

static void multiply_pixels(int channels, const float *a, eseg_f32_shape factors, const float *b, float *output, wide_share pixels) {
    const int spread = factors.channels == 1 && channels > 1;
    const size_t step = factors.height == 1 && factors.width == 1 ? 0 : (size_t)factors.channels;
    for (int64_t pixel = pixels.begin; pixel < pixels.end; ++pixel) {
        const float *restrict left = a + pixel * channels, *restrict right = b + pixel * step;
        float *restrict to = output + pixel * channels;
        for (int c = 0; c < channels; ++c) to[c] = left[c] * right[spread ? 0 : c];
    }
}

void eseg_f32_multiply_run(eseg_f32_shape shape, const float *a, eseg_f32_shape factors, const float *b, float *output, int threads) {
    WITH_TEAM(threads, multiply_pixels(shape.channels, a, factors, b, output, wide_share_of((int64_t)shape.height * shape.width, me)));
}
