#include "common.h"

/// Squeeze-excite sums this many bands of rows apart, whatever the count of threads, so that the sums never differ.
#define BANDS 16

/// The first row of band `i` of `count` bands.
static int band_start(int rows, int i, int count) { return (int)((int64_t)rows * i / count); }

/// Runs `statement` with rows first..<last of `rows` on each of `threads` threads; `thread` is the thread's index.
#define SHARE_ROWS(rows, threads, statement)                                                    \
    _Pragma("omp parallel for num_threads(threads) schedule(static, 1) if (threads > 1)")       \
    for (int thread = 0; thread < (threads); ++thread) {                                        \
        int first = band_start(rows, thread, threads), last = band_start(rows, thread + 1, threads); \
        if (first < last) statement;                                                            \
    }

void eseg_f32_convolve(const eseg_f32_kernels *kernels, const eseg_f32_convolution *op, const float *input, const float *residual,
                       float *output, float *workspace, int threads) {
    size_t size = eseg_f32_convolution_workspace(op);
    SHARE_ROWS(op->output.height, threads, kernels->convolution(op, input, residual, output, first, last, workspace + thread * size))
}

void eseg_f32_convolve_depthwise(const eseg_f32_kernels *kernels, const eseg_f32_depthwise *op, const float *input, float *output,
                                 int threads) {
    SHARE_ROWS(op->output.height, threads, kernels->depthwise(op, input, output, first, last))
}

void eseg_f32_pool(const eseg_f32_kernels *kernels, eseg_f32_shape input, const float *input_data, float *output, int threads) {
    int rows = divide_up(input.height, 2);
    SHARE_ROWS(rows, threads, kernels->max_pool(input, input_data, output, first, last))
}

void eseg_f32_fuse(const eseg_f32_kernels *kernels, const eseg_f32_fusion *op, float *output, int threads) {
    SHARE_ROWS(op->output.height, threads, kernels->fusion(op, output, first, last))
}

void eseg_f32_sum_pyramid(const eseg_f32_kernels *kernels, const eseg_f32_pyramid *op, float *output, int threads) {
    SHARE_ROWS(op->levels[0].height, threads, kernels->pyramid_sum(op, output, first, last))
}

void eseg_f32_normalize_image(const eseg_f32_kernels *kernels, const uint8_t *rgb, int height, int width, const float scale[3],
                              const float offset[3], float *output, int threads) {
    size_t row = (size_t)width * 3;
    SHARE_ROWS(height, threads,
               kernels->normalize(rgb + first * row, (size_t)(last - first) * width, scale, offset, output + first * row))
}

void eseg_f32_classify(const eseg_f32_kernels *kernels, const eseg_f32_argmax *op, const float *logits, uint8_t *classes,
                       float *workspace, int threads) {
    size_t size = eseg_f32_argmax_workspace(op);
    SHARE_ROWS(op->height, threads, kernels->argmax(op, logits, classes, first, last, workspace + thread * size))
}

size_t eseg_f32_squeeze_excite_workspace(const eseg_f32_squeeze_excite *op) {
    return (size_t)(BANDS + 1) * op->shape.channels + op->squeezed;
}

void eseg_f32_squeeze_and_excite(const eseg_f32_kernels *kernels, const eseg_f32_squeeze_excite *op, const float *input, float *output,
                                 float *workspace, int threads) {
    int channels = op->shape.channels, rows = op->shape.height;
    float *gates = workspace + (size_t)BANDS * channels, *squeezed = gates + channels;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int band = 0; band < BANDS; ++band)
        kernels->channel_sums(op->shape, input, workspace + (size_t)band * channels, band_start(rows, band, BANDS),
                              band_start(rows, band + 1, BANDS));
    for (int band = 1; band < BANDS; ++band)
        for (int c = 0; c < channels; ++c) workspace[c] += workspace[(size_t)band * channels + c];
    float pixels = (float)rows * (float)op->shape.width;
    for (int c = 0; c < channels; ++c) workspace[c] /= pixels;
    kernels->gates(op, workspace, squeezed, gates);
    SHARE_ROWS(rows, threads, kernels->scale_channels(op->shape, input, gates, output, first, last))
}
