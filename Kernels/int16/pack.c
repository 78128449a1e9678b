#include <string.h>

#include "eseg_dispatch.h"

int eseg_s16_tap_codes(const eseg_kernels *kernels, int pixels, int in_stride) {
    return (pixels * in_stride + kernels->s16.tap - 1) / kernels->s16.tap * kernels->s16.tap;
}

size_t eseg_s16_conv_packed_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_pixels, int in_stride) {
    return (size_t)eseg_blocks(channels) * ESEG_LANES * tap_count * eseg_s16_tap_codes(kernels, tap_pixels, in_stride);
}

void eseg_s16_conv_pack(const eseg_kernels *kernels, const int16_t *weights, int out, int tap_count, int tap_pixels, int in, int in_stride,
                        int16_t *packed) {
    const int tap_codes = eseg_s16_tap_codes(kernels, tap_pixels, in_stride), run = kernels->s16.run;
    const size_t block = (size_t)ESEG_LANES * tap_count * tap_codes;
    memset(packed, 0, eseg_blocks(out) * block * sizeof *packed);
    for (int o = 0; o < out; ++o)
        for (int t = 0; t < tap_count; ++t)
            for (int x = 0; x < tap_pixels; ++x)
                for (int i = 0; i < in; ++i) {
                    const size_t at = (size_t)t * tap_codes + x * in_stride + i;
                    packed[o / ESEG_LANES * block + (at / run * ESEG_LANES + o % ESEG_LANES) * run + at % run] = *weights++;
                }
}

void eseg_s16_depthwise_pack(const int16_t *weights, int channels, int taps, int16_t *packed) {
    const int padded = eseg_blocks(channels) * ESEG_LANES;
    memset(packed, 0, (size_t)taps * padded * sizeof *packed);
    for (int c = 0; c < channels; ++c)
        for (int t = 0; t < taps; ++t) packed[(size_t)t * padded + c] = weights[c * taps + t];
}
