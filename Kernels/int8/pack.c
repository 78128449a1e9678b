// Packing in quads, which the scalar kernels and x86's read, and the choice of the layout.

#include <string.h>

#include "eseg_dispatch.h"
#include "kernels.h"

static size_t conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    return (size_t)eseg_blocks(channels) * (int16_weights ? 2 : 1) * tap_count * tap_quads * ESEG_LANES * 4;
}

/// Where the weight of byte `byte` of a row of codes lies in a block, from its first weight of the row and the channel on.
static size_t place(int byte) { return (size_t)(byte / 4) * ESEG_LANES * 4 + byte % 4; }

/// A channel's weights of `count` codes side by side, from a quad's first one on.
static void pack_quads(const int8_t *from, int count, int8_t *to) {
    int i = 0;
    for (; i + 4 <= count; i += 4, to += ESEG_LANES * 4) memcpy(to, from + i, 4);
    memcpy(to, from + i, count - i);
}

/// A channel's weights of a row of codes: pixels begin with a quad, or lie side by side.
static void pack_row(const int8_t *from, int kw, int in, int in_stride, int8_t *to) {
    if (in == in_stride) {
        pack_quads(from, kw * in, to);
        return;
    }
    for (int x = 0; x < kw; ++x, from += in) {
        if (x * in_stride % 4 == 0) pack_quads(from, in, to + place(x * in_stride));
        else
            for (int i = 0; i < in; ++i) to[place(x * in_stride + i)] = from[i];
    }
}

/// The same of int16: high bytes, and low ones `plane` bytes behind.
static void pack_int16_row(const int16_t *from, int kw, int in, int in_stride, size_t plane, int8_t *to) {
    for (int x = 0; x < kw; ++x)
        for (int i = 0; i < in; ++i) {
            const int value = *from++, low = (int8_t)(value & 255);
            int8_t *at = to + place(x * in_stride + i);
            at[0] = (int8_t)((value - low) / 256);
            at[plane] = (int8_t)low;
        }
}

/// [block][high, low if int16_weights][kh][quad][16][4].
static void pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int tap_quads = (kw * in_stride + 3) / 4, planes = int16_weights ? 2 : 1;
    const size_t row = (size_t)tap_quads * ESEG_LANES * 4, plane = kh * row;
    memset(packed, 0, conv_size(out, kh, tap_quads, int16_weights));
    for (int o = 0; o < out; ++o)
        for (int y = 0; y < kh; ++y) {
            const size_t from = ((size_t)o * kh + y) * kw * in;
            int8_t *to = packed + (size_t)(o / ESEG_LANES) * planes * plane + y * row + o % ESEG_LANES * 4;
            if (int16_weights) pack_int16_row((const int16_t *)weights + from, kw, in, in_stride, plane, to);
            else pack_row((const int8_t *)weights + from, kw, in, in_stride, to);
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
