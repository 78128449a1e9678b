// Packing in quads, which the scalar kernels and x86's read, and the choice of the packing.

#include <string.h>

#include "reference.h"

static size_t conv_size(int channels, int tap_count, int tap_quads, int wide) {
    return (size_t)eseg_blocks(channels) * (wide ? 2 : 1) * tap_count * tap_quads * ESEG_LANES * 4;
}

/// [block][high, low if wide][kh][quad][16][4].
static void pack_conv(const void *weights, int wide, int out, int kh, int kw, int in, int in_stride, const eseg_scaling *scaling,
                      int8_t *packed) {
    (void)scaling;
    const int tap_quads = (kw * in_stride + 3) / 4, planes = wide ? 2 : 1;
    const size_t plane = (size_t)kh * tap_quads * ESEG_LANES * 4;
    memset(packed, 0, conv_size(out, kh, tap_quads, wide));
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

static size_t depthwise_size(int channels, int kernel) {
    return (size_t)eseg_blocks(channels) * kernel * ((kernel + 3) / 4) * ESEG_LANES * 4;
}

/// [block][column][group][16][4].
static void pack_depthwise(const int8_t *weights, int channels, int kernel, const eseg_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int groups = (kernel + 3) / 4;
    memset(packed, 0, depthwise_size(channels, kernel));
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < kernel; ++y)
            for (int x = 0; x < kernel; ++x)
                packed[((((size_t)(c / ESEG_LANES) * kernel + x) * groups + y / 4) * ESEG_LANES + c % ESEG_LANES) * 4 + y % 4] =
                    weights[((size_t)c * kernel + y) * kernel + x];
}

const eseg_packing eseg_packing_quads = {
    .conv_size = conv_size,
    .pack_conv = pack_conv,
    .depthwise_size = depthwise_size,
    .pack_depthwise = pack_depthwise,
};

size_t eseg_packed_conv_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_quads, int wide) {
    return kernels->packing->conv_size(channels, tap_count, tap_quads, wide);
}

void eseg_pack_conv(const eseg_kernels *kernels, const void *weights, int wide, int out, int kh, int kw, int in, int in_stride,
                    const eseg_scaling *scaling, int8_t *packed) {
    kernels->packing->pack_conv(weights, wide, out, kh, kw, in, in_stride, scaling, packed);
}

size_t eseg_packed_depthwise_size(const eseg_kernels *kernels, int channels, int kernel) {
    return kernels->packing->depthwise_size(channels, kernel);
}

void eseg_pack_depthwise(const eseg_kernels *kernels, const int8_t *weights, int channels, int kernel, const eseg_scaling *scaling,
                         int8_t *packed) {
    kernels->packing->pack_depthwise(weights, channels, kernel, scaling, packed);
}
