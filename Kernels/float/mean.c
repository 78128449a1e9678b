#include <string.h>

#include "common.h"

/// Sums are taken this many bands of rows apart, whatever the count of threads, so that they never differ.
enum { BANDS = 16 };

static int band_start(int rows, int band) { return (int)((int64_t)rows * band / BANDS); }

size_t eseg_f32_mean_workspace(eseg_f32_shape shape) { return (size_t)BANDS * shape.channels; }

void eseg_f32_mean(const eseg_f32_kernels *kernels, eseg_f32_shape shape, const float *input, float *means, float *workspace,
                   int threads) {
    const int channels = shape.channels;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int band = 0; band < BANDS; ++band)
        kernels->channel_sums(shape, input, workspace + (size_t)band * channels, band_start(shape.height, band),
                              band_start(shape.height, band + 1));
    const float pixels = (float)shape.height * (float)shape.width;
    for (int c = 0; c < channels; ++c) {
        float sum = workspace[c];
        for (int band = 1; band < BANDS; ++band) sum += workspace[(size_t)band * channels + c];
        means[c] = sum / pixels;
    }
}

void eseg_f32_multiply(const eseg_f32_kernels *kernels, eseg_f32_shape shape, const float *input, const float *factors, float *output,
                       int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int t = 0; t < threads; ++t) {
        const int first = (int)((int64_t)shape.height * t / threads), last = (int)((int64_t)shape.height * (t + 1) / threads);
        if (first < last) kernels->scale_channels(shape, input, factors, output, first, last);
    }
}
