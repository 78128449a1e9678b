// Packing for AVX2, whose convolutions multiply in 16 bits: weights are int16, and lie in pairs of a channel's.

#if defined(__x86_64__)

#include <string.h>

#include "../kernels.h"

static size_t conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    (void)int16_weights;
    return (size_t)eseg_blocks(channels) * tap_count * tap_quads * ESEG_LANES * 4 * sizeof(int16_t);
}

/// [block][kh][pair][16][2].
static void pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int tap_quads = (kw * in_stride + 3) / 4;
    const size_t block = conv_size(1, kh, tap_quads, int16_weights);
    memset(packed, 0, eseg_blocks(out) * block);
    for (int o = 0; o < out; ++o)
        for (int y = 0; y < kh; ++y)
            for (int x = 0; x < kw; ++x)
                for (int i = 0; i < in; ++i) {
                    const size_t from = (((size_t)o * kh + y) * kw + x) * in + i, byte = (size_t)y * tap_quads * 4 + x * in_stride + i;
                    const int16_t value = int16_weights ? ((const int16_t *)weights)[from] : ((const int8_t *)weights)[from];
                    int8_t *to = packed + o / ESEG_LANES * block + ((byte / 2 * ESEG_LANES + o % ESEG_LANES) * 2 + byte % 2) * sizeof value;
                    memcpy(to, &value, sizeof value);
                }
}

static size_t depthwise_size(int channels, int kernel) { return eseg_s8_layout_quads.depthwise_size(channels, kernel); }
static void pack_depthwise(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    eseg_s8_layout_quads.depthwise_pack(weights, channels, kernel, scaling, packed);
}

const eseg_s8_layout eseg_s8_layout_avx2 = {conv_size, pack_conv, depthwise_size, pack_depthwise, 0};

#endif
