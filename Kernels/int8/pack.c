// Packing in quads, which the scalar kernels and x86's read, and the choice of the layout.

#include <string.h>

#include "eseg_dispatch.h"
#include "kernels.h"

static size_t conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    return (size_t)eseg_blocks(channels) * (int16_weights ? 2 : 1) * tap_count * tap_quads * ESEG_LANES * 4;
}

/// [block][high, low if int16_weights][kh][quad][16][4].
static void pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int tap_quads = (kw * in_stride + 3) / 4, planes = int16_weights ? 2 : 1;
    const size_t plane = (size_t)kh * tap_quads * ESEG_LANES * 4;
    memset(packed, 0, conv_size(out, kh, tap_quads, int16_weights));
    for (int o = 0; o < out; ++o)
        for (int y = 0; y < kh; ++y)
            for (int x = 0; x < kw; ++x)
                for (int i = 0; i < in; ++i) {
                    size_t from = (((size_t)o * kh + y) * kw + x) * in + i;
                    int byte = x * in_stride + i;
                    int8_t *to = packed + (size_t)(o / ESEG_LANES) * planes * plane +
                                 ((size_t)(y * tap_quads + byte / 4) * ESEG_LANES + o % ESEG_LANES) * 4 + byte % 4;
                    if (int16_weights) {
                        int value = ((const int16_t *)weights)[from];
                        int low = (int8_t)(value & 255);
                        to[0] = (int8_t)((value - low) / 256);
                        to[plane] = (int8_t)low;
                    } else {
                        to[0] = ((const int8_t *)weights)[from];
                    }
                }
}

static size_t depthwise_size(int channels, int kernel) {
    return (size_t)eseg_blocks(channels) * kernel * ((kernel + 3) / 4) * ESEG_LANES * 4;
}

/// [block][column][group][16][4].
static void pack_depthwise(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int groups = (kernel + 3) / 4;
    memset(packed, 0, depthwise_size(channels, kernel));
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < kernel; ++y)
            for (int x = 0; x < kernel; ++x)
                packed[((((size_t)(c / ESEG_LANES) * kernel + x) * groups + y / 4) * ESEG_LANES + c % ESEG_LANES) * 4 + y % 4] =
                    weights[((size_t)c * kernel + y) * kernel + x];
}

const eseg_s8_layout eseg_s8_layout_quads = {
    .conv_size = conv_size,
    .conv_pack = pack_conv,
    .depthwise_size = depthwise_size,
    .depthwise_pack = pack_depthwise,
    .ring_flip = 0,
};

size_t eseg_s8_conv_packed_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_quads, int int16_weights) {
    return kernels->s8.layout->conv_size(channels, tap_count, tap_quads, int16_weights);
}

void eseg_s8_conv_pack(const eseg_kernels *kernels, const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                       const eseg_s8_scaling *scaling, int8_t *packed) {
    kernels->s8.layout->conv_pack(weights, int16_weights, out, kh, kw, in, in_stride, scaling, packed);
}

size_t eseg_s8_depthwise_packed_size(const eseg_kernels *kernels, int channels, int kernel) {
    return kernels->s8.layout->depthwise_size(channels, kernel);
}

void eseg_s8_depthwise_pack(const eseg_kernels *kernels, const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling,
                            int8_t *packed) {
    kernels->s8.layout->depthwise_pack(weights, channels, kernel, scaling, packed);
}
