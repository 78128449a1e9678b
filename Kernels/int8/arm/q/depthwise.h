// Depthwise: columns of the kernel as products with four rows' bytes; the weights turn to the ring's slot, not the rows. 4 channels of 4
// pixels at a time: 16 codes. The tier's `add_columns` does the products.

/// Stores 4 codes of each of 4 pixels; returns the next pixel's place.
INLINE uint8_t *store_quads(uint8_t *out, size_t stride, uint8x16_t codes) {
    __asm__("st1 {%[codes].s}[0], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[1], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[2], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[3], [%[out]], %[stride]\n"
            : [out] "+r"(out)
            : [codes] "w"(codes), [stride] "r"(stride)
            : "memory");
    return out;
}

#if defined(SLIDES)
#include "slide.h"
#else

INLINE uint32x4_t turned_bytes(uint32x4_t v, int bytes) {
    return vorrq_u32(vshlq_u32(v, vdupq_n_s32(8 * bytes)), vshlq_u32(v, vdupq_n_s32(8 * bytes - 32)));
}

/// The kernel's columns for a ring whose first row lies in slot `first`.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, int8x16_t w[10]) {
    for (int x = 0; x < kernel; ++x)
        if (kernel == 3) {
            w[x] = vreinterpretq_s8_u32(turned_bytes(vreinterpretq_u32_s8(vld1q_s8(packed + 64 * x)), first));
        } else {
            // Rows 0…3 and 4 of eight slots: what leaves the first group at its end enters the second.
            const uint32x4_t a = turned_bytes(vreinterpretq_u32_s8(vld1q_s8(packed + 128 * x)), first % 4);
            const uint32x4_t b = turned_bytes(vreinterpretq_u32_s8(vld1q_s8(packed + 128 * x + 64)), first % 4);
            const uint32x4_t stays = vshlq_u32(vdupq_n_u32(~0u), vdupq_n_s32(8 * (first % 4)));
            const int8x16_t near = vreinterpretq_s8_u32(vbslq_u32(stays, a, b)), far = vreinterpretq_s8_u32(vbslq_u32(stays, b, a));
            w[2 * x] = first < 4 ? near : far;
            w[2 * x + 1] = first < 4 ? far : near;
        }
}


/// What the pixels of 4 channels share.
typedef struct columns {
    size_t at[11];  // of the ring's pixels
    size_t group_stride;
    int8x16_t weights[10];
    int32x4_t start;
    int16x8_t zero;
    float32x4_t multiplier;
} columns;

INLINE columns columns_of(const eseg_depthwise_row *row, int channel, const int kernel, const int stride) {
    const int8_t *block = row->weights + channel / ESEG_LANES * PACKING.depthwise_size(1, kernel);
    const int lane = channel % ESEG_LANES;
    columns k = {.group_stride = row->group_stride, .start = start_of(block, lane, row->scaling.bias + channel),
                 .zero = vdupq_n_s16((int16_t)row->scaling.zero_point), .multiplier = vld1q_f32(row->scaling.multiplier + channel)};
    turned_weights(block + HEADER + 4 * lane, row->first_slot, kernel, k.weights);
    // Opaque, so that compilers keep them instead of adding up anew.
    for (int x = 0; x < kernel + 3 * stride; ++x) {
        k.at[x] = x * row->pixel_stride;
        __asm__("" : "+r"(k.at[x]));
    }
    return k;
}

/// The codes of 4 pixels.
INLINE uint8x16_t depthwise_pixels(const columns *k, const uint8_t *ring, const int kernel, const int stride, const curve *c) {
    const int groups = (kernel + 3) / 4;
    int32x4_t v[4] = {k->start, k->start, k->start, k->start};
    MCA_BEGIN("depthwise");
    for (int g = 0; g < groups; ++g, ring += k->group_stride) {
        int8x16_t weights[5];
        for (int x = 0; x < kernel; ++x) weights[x] = k->weights[x * groups + g];
        add_columns(ring, k->at, weights, kernel, stride, v);
    }
    MCA_END(v);
    for (int i = 0; i < 4; ++i) v[i] = scale(v[i], k->multiplier);
    return codes16(v, k->zero, c);
}

INLINE void depthwise_channels(const eseg_depthwise_row *row, int channel, const int kernel, const int stride, const curve *c) {
    const columns k = columns_of(row, channel, kernel, stride);
    const int count = row->channels - channel < LANES ? row->channels - channel : LANES;
    const size_t step = 4 * stride * row->pixel_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    int left = row->pixels;
    if (count == LANES)
        for (; left >= 4; left -= 4, ring += step) out = store_quads(out, out_stride, depthwise_pixels(&k, ring, kernel, stride, c));
    for (; left > 0; left -= 4, ring += step) {
        uint8_t codes[16];
        vst1q_u8(codes, depthwise_pixels(&k, ring, kernel, stride, c));
        for (int i = 0; i < 4 && i < left; ++i, out += out_stride)
            for (int n = 0; n < count; ++n) out[n] = codes[LANES * i + n];
    }
}

INLINE void depthwise_blocks(const eseg_depthwise_row *row, const int kernel, const int stride, const curve *c) {
    for (int channel = 0; channel < row->channels; channel += LANES)
        if (c) depthwise_channels(row, channel, kernel, stride, c);
        else depthwise_channels(row, channel, kernel, stride, NULL);
}

#endif

#define DEPTHWISE(K, S) \
    static void depthwise_##K##_##S(const eseg_depthwise_row *row, const curve *c) { depthwise_blocks(row, K, S, c); }
DEPTHWISE(3, 1) DEPTHWISE(3, 2) DEPTHWISE(5, 1) DEPTHWISE(5, 2)
#undef DEPTHWISE

static void depthwise_row(const eseg_depthwise_row *row) {
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
    if (row->kernel == 3) (row->stride == 1 ? depthwise_3_1 : depthwise_3_2)(row, c);
    else (row->stride == 1 ? depthwise_5_1 : depthwise_5_2)(row, c);
}
