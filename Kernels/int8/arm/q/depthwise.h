// Depthwise: columns of the kernel as products with four rows' bytes; the weights turn to the ring's slot, not the rows. 4 channels of 4
// pixels at a time: 16 codes. The tier's `add_columns` does the products.

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

/// Stores 4 codes of each of the first `pixels` pixels.
INLINE void store_quads(uint8_t *out, size_t stride, uint8x16_t codes, int pixels) {
    const uint32x4_t quads = vreinterpretq_u32_u8(codes);
    vst1q_lane_u32((uint32_t *)out, quads, 0);
    if (pixels > 1) vst1q_lane_u32((uint32_t *)(out + stride), quads, 1);
    if (pixels > 2) vst1q_lane_u32((uint32_t *)(out + 2 * stride), quads, 2);
    if (pixels > 3) vst1q_lane_u32((uint32_t *)(out + 3 * stride), quads, 3);
}

INLINE void depthwise_channels(const eseg_depthwise_row *row, int channel, const int kernel, const int stride, const curve *c) {
    const int groups = (kernel + 3) / 4, left = row->channels - channel, lane = channel % ESEG_LANES;
    const eseg_scaling *s = &row->scaling;
    const int8_t *block = row->weights + channel / ESEG_LANES * PACKING.depthwise_size(1, kernel);
    const int32x4_t start = start_of(block, lane, s->bias + channel);
    const int16x8_t zero = vdupq_n_s16((int16_t)s->zero_point);
    const float32x4_t multiplier = vld1q_f32(s->multiplier + channel);
    int8x16_t w[10];
    turned_weights(block + HEADER + 4 * lane, row->first_slot, kernel, w);
    const size_t pixel_stride = row->pixel_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += 4, ring += 4 * stride * pixel_stride, out += 4 * out_stride) {
        int32x4_t v[4] = {start, start, start, start};
        for (int g = 0; g < groups; ++g) {
            int8x16_t group[5];
            for (int x = 0; x < kernel; ++x) group[x] = w[x * groups + g];
            add_columns(ring + g * row->group_stride, pixel_stride, group, kernel, stride, v);
        }
        for (int i = 0; i < 4; ++i) v[i] = scale(v[i], multiplier);
        const uint8x16_t codes = codes16(v, zero, c);
        const int pixels = row->pixels - p;
        if (left >= LANES && pixels >= 4) {
            store_quads(out, out_stride, codes, 4);
        } else if (left >= LANES) {
            store_quads(out, out_stride, codes, pixels);
        } else {
            uint8_t all[16];
            vst1q_u8(all, codes);
            for (int i = 0; i < 4 && i < pixels; ++i) memcpy(out + i * out_stride, all + 4 * i, left);
        }
    }
}

static void depthwise_row(const eseg_depthwise_row *row) {
    curve c;
    if (row->scaling.curve) c = load_curve(row->scaling.curve);
#define DEPTHWISE(K, S) row->scaling.curve ? depthwise_channels(row, channel, K, S, &c) : depthwise_channels(row, channel, K, S, NULL)
    for (int channel = 0; channel < row->channels; channel += LANES) {
        if (row->kernel == 3 && row->stride == 1) DEPTHWISE(3, 1);
        else if (row->kernel == 3) DEPTHWISE(3, 2);
        else if (row->stride == 1) DEPTHWISE(5, 1);
        else DEPTHWISE(5, 2);
    }
#undef DEPTHWISE
}
