#include <string.h>

#include "eseg_int8.h"

size_t eseg_packed_conv_size(int channels, int tap_count, int tap_quads, int wide) {
    return (size_t)eseg_blocks(channels) * (wide ? 2 : 1) * tap_count * tap_quads * ESEG_LANES * 4;
}

void eseg_pack_conv(const void *weights, int wide, int out, int kh, int kw, int in, int in_stride, int8_t *packed) {
    const int tap_quads = (kw * in_stride + 3) / 4, planes = wide ? 2 : 1;
    const size_t plane = (size_t)kh * tap_quads * ESEG_LANES * 4;
    memset(packed, 0, eseg_packed_conv_size(out, kh, tap_quads, wide));
    for (int o = 0; o < out; ++o)
        for (int y = 0; y < kh; ++y)
            for (int x = 0; x < kw; ++x)
                for (int i = 0; i < in; ++i) {
                    size_t from = (((size_t)o * kh + y) * kw + x) * in + i;
                    int byte = x * in_stride + i;
                    int8_t *to = packed + (size_t)(o / ESEG_LANES) * planes * plane +
                                 ((size_t)(y * tap_quads + byte / 4) * ESEG_LANES + o % ESEG_LANES) * 4 + byte % 4;
                    if (wide) {
                        int value = ((const int16_t *)weights)[from];
                        int low = (int8_t)(value & 255);
                        to[0] = (int8_t)((value - low) / 256);
                        to[plane] = (int8_t)low;
                    } else {
                        to[0] = ((const int8_t *)weights)[from];
                    }
                }
}

size_t eseg_packed_depthwise_size(int channels, int kernel) {
    return (size_t)eseg_blocks(channels) * kernel * ((kernel + 3) / 4) * ESEG_LANES * 4;
}

void eseg_pack_depthwise(const int8_t *weights, int channels, int kernel, int8_t *packed) {
    const int groups = (kernel + 3) / 4;
    memset(packed, 0, eseg_packed_depthwise_size(channels, kernel));
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < kernel; ++y)
            for (int x = 0; x < kernel; ++x)
                packed[((((size_t)(c / ESEG_LANES) * kernel + x) * groups + y / 4) * ESEG_LANES + c % ESEG_LANES) * 4 + y % 4] =
                    weights[((size_t)c * kernel + y) * kernel + x];
}
