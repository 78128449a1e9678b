// Depthwise by products of 8 signed bytes: 16 codes are 4 channels' of four rows. Along a row, the columns that the next pixels read too
// stay in registers. A step is 4 pixels × 4 channels.

/// Stores 4 codes of each of the first `count` pixels, 4 at most; returns the next pixel's place.
INLINE uint8_t *store_few_quads(uint8_t *out, size_t stride, uint32x4_t codes, int count) {
    for (; count > 0; --count, out += stride, codes = vextq_u32(codes, codes, 1)) {
        const uint32_t pixel = vgetq_lane_u32(codes, 0);
        memcpy(out, &pixel, sizeof pixel);
    }
    return out;
}

/// What the steps of 4 channels share.
typedef struct columns {
    size_t at[8];  // of a step's fresh columns
    size_t group_stride;
    int8x16_t weights[10];
    int8x16_t kept[4][2];
    int32x4_t start;
    int16x8_t zero;
    float32x4_t multiplier;
} columns;

/// How a step's sums become codes, and with what.
typedef enum step_finish {
    WITH_ZERO,        // NULL
    WITH_CURVE,       // const curve *
    RECTIFIED_CODES,  // const float32x4_t[4]: 4 times the offset
} step_finish;

/// Adds products of `count` columns to both halves of the lanes' sums; those that lie in one int16 together must fit into it.
INLINE void add_columns(const int8x16_t codes[][2], const int8x16_t *w, const int count, const int groups, int32x4_t sums[2],
                        const int first) {
    int16x8_t low = vmull_s8(vget_low_s8(codes[0][0]), vget_low_s8(w[0])), high = vmull_high_s8(codes[0][0], w[0]);
#pragma unroll
    for (int i = 1; i < count * groups; ++i) {
        const int8x16_t a = codes[i / groups][i % groups];
        low = vmlal_s8(low, vget_low_s8(a), vget_low_s8(w[i]));
        high = vmlal_high_s8(high, a, w[i]);
    }
    sums[0] = first ? vpaddlq_s16(low) : vpadalq_s16(sums[0], low);
    sums[1] = first ? vpaddlq_s16(high) : vpadalq_s16(sums[1], high);
}

INLINE int32x4_t pixel_sums(const columns *k, const int8x16_t codes[][2], const int kernel, const int paired) {
    const int groups = (kernel + 3) / 4;
    int32x4_t sums[2];
#pragma unroll
    for (int x = 0; x < kernel; x += paired ? 2 : 1)
        add_columns(codes + x, k->weights + x * groups, paired && x + 1 < kernel ? 2 : 1, groups, sums, x == 0);
    return vaddq_s32(k->start, vpaddq_s32(sums[0], sums[1]));
}

INLINE uint8x16_t finished(const columns *k, const int32x4_t sums[4], const step_finish f, const void *with) {
    if (f == RECTIFIED_CODES)
        return rectified_codes(with, (const float32x4_t[4]){k->multiplier, k->multiplier, k->multiplier, k->multiplier}, sums);
    int32x4_t v[4];
    for (int i = 0; i < 4; ++i) v[i] = scale(sums[i], k->multiplier);
    return codes16(v, k->zero, f == WITH_CURVE ? with : NULL);
}

/// The sums of a step.
INLINE void step_sums(columns *k, const uint8_t *ring, const int kernel, const int stride, const int paired, int32x4_t v[4]) {
    const int groups = (kernel + 3) / 4, kept = kernel - stride;
    int8x16_t codes[11][2];
    MCA_BEGIN("depthwise");
#pragma unroll
    for (int x = 0; x < kept; ++x)
        for (int g = 0; g < groups; ++g) codes[x][g] = k->kept[x][g];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int x = 0; x < stride; ++x)
            for (int g = 0; g < groups; ++g)
                codes[kept + i * stride + x][g] = vld1q_s8((const int8_t *)ring + k->at[i * stride + x] + g * k->group_stride);
        v[i] = pixel_sums(k, (const int8x16_t(*)[2])codes + i * stride, kernel, paired);
    }
#pragma unroll
    for (int x = 0; x < kept; ++x)
        for (int g = 0; g < groups; ++g) k->kept[x][g] = codes[4 * stride + x][g];
    MCA_END(v);
}

/// The codes of a step.
INLINE uint8x16_t step_codes(columns *k, const uint8_t *ring, const int kernel, const int stride, const int paired, const step_finish f,
                             const void *with) {
    int32x4_t v[4];
    step_sums(k, ring, kernel, stride, paired, v);
    return finished(k, v, f, with);
}

/// Whole steps by way of a curve; returns the place of the pixel behind them.
INLINE uint8_t *curved_steps(columns *k, const uint8_t *ring, const int kernel, const int stride, const int paired, int steps,
                             const curve *from, size_t ahead, uint8_t *out, size_t out_stride) {
    const int16x8_t zero = k->zero;
    while (steps > 0) {
        waiting values[WAITING_STEPS];
        const int count = steps < WAITING_STEPS ? steps : WAITING_STEPS;
        for (int n = 0; n < count; ++n, ring += ahead) {
            int32x4_t v[4];
            step_sums(k, ring, kernel, stride, paired, v);
            for (int i = 0; i < 4; ++i) v[i] = scale(v[i], k->multiplier);
            narrowed(v, values[n]);
        }
        const curve c = *from;
        for (int n = 0; n < count; ++n) out = store_quads(out, out_stride, curve_codes(&c, values[n], zero));
        steps -= count;
    }
    return out;
}

/// Stores `count` channels of the first `pixels` pixels of a step.
INLINE uint8_t *store_some(uint8_t *out, size_t stride, uint8x16_t codes, int pixels, int count) {
    uint8_t held[16];
    vst1q_u8(held, codes);
    for (int i = 0; i < pixels && i < 4; ++i, out += stride) memcpy(out, held + LANES * i, count);
    return out;
}

INLINE void depthwise_steps(const eseg_s8_depthwise_row *row, columns k, int channel, const int kernel, const int stride, const int paired,
                            const step_finish f, const void *with) {
    const int groups = (kernel + 3) / 4, kept = kernel - stride;
    const int count = row->channels - channel < LANES ? row->channels - channel : LANES;
    const size_t ahead = 4 * stride * row->pixel_stride, out_stride = row->out_stride;
    // Opaque, so that compilers keep them instead of adding up anew.
    for (int x = 0; x < 4 * stride; ++x) {
        k.at[x] = x * row->pixel_stride;
        __asm__("" : "+r"(k.at[x]));
    }
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int x = 0; x < kept; ++x, ring += row->pixel_stride)
        for (int g = 0; g < groups; ++g) k.kept[x][g] = vld1q_s8((const int8_t *)ring + g * row->group_stride);
    int left = row->pixels;
    if (count == LANES && f == WITH_CURVE) {
        out = curved_steps(&k, ring, kernel, stride, paired, left / 4, with, ahead, out, out_stride);
        ring += left / 4 * ahead;
        left %= 4;
    } else if (count == LANES) {
        for (int steps = left / 4; steps > 0; --steps, ring += ahead)
            out = store_quads(out, out_stride, step_codes(&k, ring, kernel, stride, paired, f, with));
        left %= 4;
    }
    for (; left > 0; left -= 4, ring += ahead) {
        const uint8x16_t codes = step_codes(&k, ring, kernel, stride, paired, f, with);
        if (count == LANES) out = store_few_quads(out, out_stride, vreinterpretq_u32_u8(codes), left);
        else out = store_some(out, out_stride, codes, left, count);
    }
}

/// `size`: of a block of packed weights.
INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, size_t size, int channel, const int kernel, const int stride,
                               const curve *c) {
    const int8_t *block = row->weights + channel / ESEG_LANES * size;
    const eseg_s8_rectified r = eseg_s8_rectified_at(block + HEADER, ESEG_LANES);
    const int lane = channel % ESEG_LANES;
    columns k = {.group_stride = row->group_stride,
                 .start = start_of(block, lane, row->scaling.bias + channel),
                 .zero = vdupq_n_s16((int16_t)row->scaling.zero_point),
                 .multiplier = vld1q_f32(row->scaling.multiplier + channel)};
    turned_weights(block + HEADER + ESEG_S8_RECTIFIED_SIZE(ESEG_LANES) + 4 * lane, row->first_slot, kernel, k.weights);
    if (c) {
        depthwise_steps(row, k, channel, kernel, stride, kernel == 3, WITH_CURVE, c);
    } else if (row->scaling.zero_point || !r.holds) {
        depthwise_steps(row, k, channel, kernel, stride, kernel == 3, WITH_ZERO, NULL);
    } else {
        const float32x4_t offset = vld1q_f32(r.offset + lane), offsets[4] = {offset, offset, offset, offset};
        k.start = vld1q_s32(r.start + lane);
        k.multiplier = vld1q_f32(r.multiplier + lane);
        uint32_t paired;
        memcpy(&paired, block + size - ESEG_LANES + lane, sizeof paired);
        if (kernel == 3 || paired == 0x01010101) depthwise_steps(row, k, channel, kernel, stride, 1, RECTIFIED_CODES, offsets);
        else depthwise_steps(row, k, channel, kernel, stride, 0, RECTIFIED_CODES, offsets);
    }
}

INLINE void depthwise_blocks(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c) {
    const size_t size = LAYOUT.depthwise_size(1, kernel);
    for (int channel = 0; channel < row->channels; channel += LANES)
        if (c) depthwise_channels(row, size, channel, kernel, stride, c);
        else depthwise_channels(row, size, channel, kernel, stride, NULL);
}
