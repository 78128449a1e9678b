#include "../support/exact_exp.h"
#include "../support/team.h"
#include "eseg_channels.h"

static void softmax_pixel(int channels, const float *restrict from, float *restrict to) {
    float greatest = from[0], sum = 0;
    for (int c = 1; c < channels; ++c) greatest = from[c] > greatest ? from[c] : greatest;
    for (int c = 0; c < channels; ++c) to[c] = exact_exp(from[c] - greatest);
    for (int c = 0; c < channels; ++c) sum += to[c];
    for (int c = 0; c < channels; ++c) to[c] /= sum;
}

static void softmax_pixels(int channels, const float *input, float *output, wide_share pixels) {
    for (int64_t p = pixels.begin; p < pixels.end; ++p) softmax_pixel(channels, input + p * channels, output + p * channels);
}

void eseg_f32_softmax_run(eseg_f32_shape shape, const float *input, float *output, int threads) {
    WITH_TEAM(threads, softmax_pixels(shape.channels, input, output, wide_share_of((int64_t)shape.height * shape.width, me)));
}
