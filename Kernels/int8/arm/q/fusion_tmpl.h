// Fusion: 16 channels of a pixel at a time.

/// Sums of one pixel.
typedef struct sources {
    const uint8_t *rows[ESEG_MAX_FUSED];
    const int32_t *columns[ESEG_MAX_FUSED];
    int16x8_t multipliers[ESEG_MAX_FUSED][2];
    int32x4_t bias[4];
    const int32_t *coarse, *coarse_columns;
} sources;

INLINE sources sources_of(const eseg_s8_fusion_row *row, int channel, const int inputs) {
    sources s = {.coarse = row->coarse ? row->coarse + channel : NULL, .coarse_columns = row->coarse_columns};
    for (int n = 0; n < 4; ++n) s.bias[n] = row->bias ? vld1q_s32(row->bias + channel + LANES * n) : vdupq_n_s32(0);
#pragma unroll
    for (int i = 0; i < inputs; ++i) {
        s.rows[i] = row->rows[i] + channel;
        s.columns[i] = row->columns[i];
        const int32_t *m = row->multipliers[i] + channel;
        s.multipliers[i][0] = vmovn_high_s32(vmovn_s32(vld1q_s32(m)), vld1q_s32(m + 4));
        s.multipliers[i][1] = vmovn_high_s32(vmovn_s32(vld1q_s32(m + 8)), vld1q_s32(m + 12));
    }
    return s;
}

/// Loads 16 sums anew, which takes fewer instructions than copies do.
INLINE void load_sums(const int32_t *from, int32x4_t sum[4]) {
    register int32x4_t a __asm__("v24"), b __asm__("v25"), c __asm__("v26"), d __asm__("v27");
    __asm__ volatile("ld1 {v24.4s-v27.4s}, [%[from]]\n"
                     : "=w"(a), "=w"(b), "=w"(c), "=w"(d)
                     : [from] "r"(from), "m"(*(const int32_t(*)[16])from));
    sum[0] = a, sum[1] = b, sum[2] = c, sum[3] = d;
}

INLINE void sum_sources(const sources *s, const int32x4_t bias[4], int pixel, const int inputs, const int coarse, int32x4_t sum[4]) {
    if (coarse) {
        load_sums(s->coarse + s->coarse_columns[pixel], sum);
        for (int n = 0; n < 4; ++n) sum[n] = vaddq_s32(sum[n], bias[n]);
    } else {
        load_sums((const int32_t *)bias, sum);
    }
#pragma unroll
    for (int i = 0; i < inputs; ++i) {
        const uint8x16_t codes = vld1q_u8(s->rows[i] + s->columns[i][pixel]);
        const int16x8_t low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(codes))), high = vreinterpretq_s16_u16(vmovl_high_u8(codes));
        const int16x8_t *m = s->multipliers[i];
        sum[0] = vmlal_s16(sum[0], vget_low_s16(low), vget_low_s16(m[0]));
        sum[1] = vmlal_high_s16(sum[1], low, m[0]);
        sum[2] = vmlal_s16(sum[2], vget_low_s16(high), vget_low_s16(m[1]));
        sum[3] = vmlal_high_s16(sum[3], high, m[1]);
    }
}

INLINE void store_accumulators(int32_t *out, const int32x4_t sum[4], int count) {
    if (count >= 16) {
        for (int n = 0; n < 4; ++n) vst1q_s32(out + LANES * n, sum[n]);
        return;
    }
    int32_t all[16];
    for (int n = 0; n < 4; ++n) vst1q_s32(all + LANES * n, sum[n]);
    memcpy(out, all, count * sizeof *out);
}

/// 8 values of sums shifted by 14 or 15, a constant.
INLINE int16x8_t shifted(int32x4_t low, int32x4_t high, const int shift) {
    return shift == 14 ? vqshrn_high_n_s32(vqshrn_n_s32(low, 14), high, 14) : vqshrn_high_n_s32(vqshrn_n_s32(low, 15), high, 15);
}

/// All pixels of 16 channels into a ring, `shift` a constant. The zero point is part of the bias.
INLINE void fuse_shifted(const eseg_s8_fusion_row *row, const sources *s, int channel, const int inputs, const int coarse,
                         const int shift) {
    int32x4_t bias[4], sum[4];
    for (int n = 0; n < 4; ++n) bias[n] = vaddq_s32(s->bias[n], vdupq_n_s32(row->zero_point << shift));
    uint8_t *out = row->out + channel * 4;
    const size_t stride = row->out_stride;
    const int pixels = row->pixels;
    for (int p = 0; p < pixels; ++p, out += stride) {
        sum_sources(s, bias, p, inputs, coarse, sum);
        store_slot_values(out, shifted(sum[0], sum[1], shift), shifted(sum[2], sum[3], shift));
    }
}

/// All pixels of 16 channels into a ring, through a curve.
INLINE void fuse_curved(const eseg_s8_fusion_row *row, const sources *s, int channel, const int inputs, const int coarse,
                        const curve *from) {
    enum { TOGETHER = 64 };
    const int32x4_t shift = vdupq_n_s32(-row->shift);
    const int16x8_t zero = vdupq_n_s16((int16_t)row->zero_point);
    const size_t stride = row->out_stride;
    uint8_t *out = row->out + channel * 4;
    int32x4_t bias[4], sum[4];
    for (int n = 0; n < 4; ++n) bias[n] = s->bias[n];
    for (int first = 0; first < row->pixels; first += TOGETHER) {
        waiting values[TOGETHER];
        const int count = row->pixels - first < TOGETHER ? row->pixels - first : TOGETHER;
        for (int p = 0; p < count; ++p) {
            sum_sources(s, bias, first + p, inputs, coarse, sum);
            for (int n = 0; n < 4; ++n) sum[n] = vshlq_s32(sum[n], shift);
            narrowed(sum, values[p]);
        }
        const curve c = *from;
        for (int p = 0; p < count; ++p, out += stride) store_slot(out, ring_codes(curve_codes(&c, values[p], zero)), 16);
    }
}

INLINE void fuse_block(const eseg_s8_fusion_row *row, int channel, const int inputs, const int coarse, const curve *c) {
    const int count = row->channels - channel < 16 ? row->channels - channel : 16;
    const sources s = sources_of(row, channel, inputs);
    int32x4_t bias[4], sum[4];
    for (int n = 0; n < 4; ++n) bias[n] = s.bias[n];
    if (row->accumulators) {
        for (int p = 0; p < row->pixels; ++p) {
            sum_sources(&s, bias, p, inputs, coarse, sum);
            store_accumulators(row->accumulators + p * row->accumulator_stride + channel, sum, count);
        }
        return;
    }
    // What fusions that int16 multipliers round as finely as they can come to.
    if (!c && !row->packed && count == 16 && (row->shift == 14 || row->shift == 15)) {
        if (row->shift == 14) fuse_shifted(row, &s, channel, inputs, coarse, 14);
        else fuse_shifted(row, &s, channel, inputs, coarse, 15);
        return;
    }
    if (c && !row->packed && count == 16) {
        fuse_curved(row, &s, channel, inputs, coarse, c);
        return;
    }
    const int32x4_t shift = vdupq_n_s32(-row->shift);
    const int16x8_t zero = vdupq_n_s16((int16_t)row->zero_point);
    uint8_t *out = row->out + channel * (row->packed ? 1 : 4);
    for (int p = 0; p < row->pixels; ++p, out += row->out_stride) {
        sum_sources(&s, bias, p, inputs, coarse, sum);
        for (int n = 0; n < 4; ++n) sum[n] = vshlq_s32(sum[n], shift);
        const uint8x16_t codes = codes16(sum, zero, c);
        if (row->packed) store_bytes(out, codes, count);
        else store_slot(out, ring_codes(codes), count);
    }
}

void KERNEL(fusion_row)(const eseg_s8_fusion_row *row) {
    curve held;
    if (row->curve) held = load_curve(row->curve);
#define FUSE(N, COARSE) row->curve ? fuse_block(row, channel, N, COARSE, &held) : fuse_block(row, channel, N, COARSE, NULL)
    for (int channel = 0; channel < row->channels; channel += ESEG_LANES) {
        if (row->coarse && row->inputs == 1) FUSE(1, 1);
        else if (row->coarse) FUSE(row->inputs, 1);
        else if (row->inputs == 2) FUSE(2, 0);
        else if (row->inputs == 3) FUSE(3, 0);
        else FUSE(row->inputs, 0);
    }
#undef FUSE
}
