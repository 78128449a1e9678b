#include "eseg_dispatch.h"

#include "../support/team.h"
#include "common.h"

/// Means sum this many bands of rows apart, whatever the count of threads, so that the sums never differ.
#define BANDS 16

/// Runs `statement` with rows first..<last of `rows` on each of `threads` threads; `me` says which it is.
#define SHARE_ROWS(rows, threads, statement)           \
    WITH_TEAM(threads, {                               \
        const share part = share_of(rows, me);         \
        const int first = part.begin, last = part.end; \
        if (first < last) statement;                   \
    })

void eseg_f32_conv_run(const eseg_kernels *kernels, const eseg_f32_conv_op *op, const float *input, const float *residual, float *output,
                       float *scratch, int threads) {
    size_t size = eseg_f32_conv_scratch_floats(op);
    SHARE_ROWS(op->output.height, threads, kernels->f32.conv_rows(op, input, residual, output, first, last, scratch + me.index * size));
}

void eseg_f32_depthwise_run(const eseg_kernels *kernels, const eseg_f32_depthwise_op *op, const float *input, float *output, int threads) {
    SHARE_ROWS(op->output.height, threads, kernels->f32.depthwise_rows(op, input, output, first, last));
}

void eseg_f32_pool_run(const eseg_kernels *kernels, eseg_f32_shape input, const float *input_data, float *output, int threads) {
    int rows = divide_up(input.height, 2);
    SHARE_ROWS(rows, threads, kernels->f32.pool_rows(input, input_data, output, first, last));
}

void eseg_f32_fusion_run(const eseg_kernels *kernels, const eseg_f32_fusion_op *op, float *output, int threads) {
    SHARE_ROWS(op->output.height, threads, kernels->f32.fusion_rows(op, output, first, last));
}

void eseg_f32_pyramid_run(const eseg_kernels *kernels, const eseg_f32_pyramid_op *op, float *output, int threads) {
    SHARE_ROWS(op->levels[0].height, threads, kernels->f32.pyramid_rows(op, output, first, last));
}

void eseg_f32_normalize_run(const eseg_kernels *kernels, const uint8_t *rgb, int height, int width, const float scale[3],
                            const float offset[3], float *output, int threads) {
    size_t row = (size_t)width * 3;
    SHARE_ROWS(height, threads,
               kernels->f32.normalize(rgb + first * row, (size_t)(last - first) * width, scale, offset, output + first * row));
}

void eseg_f32_argmax_run(const eseg_kernels *kernels, const eseg_f32_argmax_op *op, const float *logits, uint8_t *classes, float *scratch,
                         int threads) {
    size_t size = eseg_f32_argmax_scratch_floats(op);
    SHARE_ROWS(op->height, threads, kernels->f32.argmax_rows(op, logits, classes, first, last, scratch + me.index * size));
}

size_t eseg_f32_mean_scratch_floats(eseg_f32_shape shape) { return (size_t)BANDS * shape.channels; }

static void sum_bands(const eseg_kernels *kernels, eseg_f32_shape shape, const float *input, float *sums, share bands) {
    for (int band = bands.begin; band < bands.end; ++band) {
        const share rows = share_of(shape.height, (member){band, BANDS});
        kernels->f32.sum_rows(shape, input, sums + (size_t)band * shape.channels, rows.begin, rows.end);
    }
}

void eseg_f32_mean_run(const eseg_kernels *kernels, eseg_f32_shape shape, const float *input, float *means, float *scratch, int threads) {
    const int channels = shape.channels, rows = shape.height;
    WITH_TEAM(threads, sum_bands(kernels, shape, input, scratch, share_of(BANDS, me)));
    const float pixels = (float)rows * (float)shape.width;
    for (int c = 0; c < channels; ++c) {
        float sum = scratch[c];
        for (int band = 1; band < BANDS; ++band) sum += scratch[(size_t)band * channels + c];
        means[c] = sum / pixels;
    }
}

void eseg_f32_product_run(const eseg_kernels *kernels, eseg_f32_shape shape, const float *input, const float *factors, float *output,
                          int threads) {
    SHARE_ROWS(shape.height, threads, kernels->f32.gate_rows(shape, input, factors, output, first, last));
}

size_t eseg_f32_gate_scratch_floats(const eseg_f32_gate_op *op) {
    return eseg_f32_mean_scratch_floats(op->shape) + 2 * (size_t)op->shape.channels + op->squeezed;
}

void eseg_f32_gate_run(const eseg_kernels *kernels, const eseg_f32_gate_op *op, const float *input, float *output, float *scratch,
                       int threads) {
    const int channels = op->shape.channels;
    float *means = scratch + eseg_f32_mean_scratch_floats(op->shape), *gates = means + channels, *squeezed = gates + channels;
    eseg_f32_mean_run(kernels, op->shape, input, means, scratch, threads);
    kernels->f32.gate_values(op, means, squeezed, gates);
    eseg_f32_product_run(kernels, op->shape, input, gates, output, threads);
}
