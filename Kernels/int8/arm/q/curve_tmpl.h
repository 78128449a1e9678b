// Curves over int16 values.

/// The low and high bytes of a curve's tables, for lookups of 16 bytes at a time.
typedef struct curve {
    int16x8_t gain;
    uint8x16x4_t base[2], slope[2];
} curve;

INLINE void split_bytes(const int16_t *values, uint8x16x4_t bytes[2]) {
    for (int i = 0; i < 4; ++i) {
        const uint8x16x2_t both = vld2q_u8((const uint8_t *)(values + 16 * i));
        bytes[0].val[i] = both.val[0];
        bytes[1].val[i] = both.val[1];
    }
}

static curve load_curve(const eseg_s8_curve *c) {
    curve v = {.gain = vdupq_n_s16(c->gain)};
    split_bytes(c->base, v.base);
    split_bytes(c->slope, v.slope);
    return v;
}

/// Table entries for 16 indices.
INLINE void lookup(const uint8x16x4_t table[2], uint8x16_t at, int16x8_t values[2]) {
    const uint8x16_t low = vqtbl4q_u8(table[0], at), high = vqtbl4q_u8(table[1], at);
    values[0] = vreinterpretq_s16_u8(vzip1q_u8(low, high));
    values[1] = vreinterpretq_s16_u8(vzip2q_u8(low, high));
}

/// 16 int16 codes of the input to those of the output. |t| halved has the table index as its high byte. The zero point is added before the
/// last shift: where that saturates, so does the code.
INLINE uint8x16_t curve_codes(const curve *c, const int16x8_t t[2], int16x8_t zero) {
    const int16x8_t shifted_zero = vshlq_n_s16(zero, 6);
    int16x8_t steps[2];
    uint16x8_t a[2];
    int16x8_t base[2], slope[2];
    for (int k = 0; k < 2; ++k) a[k] = vreinterpretq_u16_s16(vqabsq_s16(t[k]));
    const uint8x16_t at = vshrq_n_u8(vshrn_high_n_u16(vshrn_n_u16(a[0], 8), a[1], 8), 1);
    lookup(c->base, at, base);
    lookup(c->slope, at, slope);
    for (int k = 0; k < 2; ++k) {
        const int16x8_t f = vreinterpretq_s16_u16(vshrq_n_u16(vshlq_n_u16(a[k], 7), 1));
        int16x8_t y = vqrdmulhq_s16(vmaxq_s16(t[k], vdupq_n_s16(0)), c->gain);
        y = vqaddq_s16(vqaddq_s16(y, base[k]), vqrdmulhq_s16(f, slope[k]));
        steps[k] = vqaddq_s16(y, shifted_zero);
    }
    return vcombine_u8(vqrshrun_n_s16(steps[0], 6), vqrshrun_n_s16(steps[1], 6));
}

/// 16 int16 values to codes, through a curve unless it is NULL; saturating the sum in 16 bits equals saturating it in 32.
INLINE uint8x16_t values_to_codes(const int16x8_t t[2], int16x8_t zero, const curve *c) {
    if (c) return curve_codes(c, t, zero);
    return vqmovun_high_s16(vqmovun_s16(vqaddq_s16(t[0], zero)), vqaddq_s16(t[1], zero));
}

/// 16 values that wait for a curve: its tables, which take half the registers, are loaded once for many of them.
typedef int16x8_t waiting[2];
