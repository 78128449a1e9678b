#include "../support/exact_exp.h"
#include "eseg_channels.h"

static void softmax_pixel(int channels, const float *restrict from, float *restrict to) {
    float greatest = from[0], sum = 0;
    for (int c = 1; c < channels; ++c) greatest = from[c] > greatest ? from[c] : greatest;
    for (int c = 0; c < channels; ++c) to[c] = exact_exp(from[c] - greatest);
    for (int c = 0; c < channels; ++c) sum += to[c];
    for (int c = 0; c < channels; ++c) to[c] /= sum;
}

void eseg_f32_softmax_run(eseg_f32_shape shape, const float *input, float *output, int threads) {
    const size_t row = (size_t)shape.width * shape.channels;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) {
            const size_t at = y * row + (size_t)x * shape.channels;
            softmax_pixel(shape.channels, input + at, output + at);
        }
}
