// From accumulators to codes, and codes to memory.

enum { LANES = 8 };

/// The low and high bytes of a curve's tables, for lookups of 16 bytes at a time.
typedef struct curve {
    __m256i gain;
    uint8_t base[2][ESEG_S8_CURVE_POINTS], slope[2][ESEG_S8_CURVE_POINTS];
} curve;

INLINE void split_bytes(const int16_t *values, uint8_t bytes[2][ESEG_S8_CURVE_POINTS]) {
    for (int i = 0; i < ESEG_S8_CURVE_POINTS; ++i) {
        bytes[0][i] = (uint8_t)(values[i] & 255);
        bytes[1][i] = (uint8_t)(values[i] >> 8 & 255);
    }
}

static curve load_curve(const eseg_s8_curve *c) {
    curve v = {.gain = _mm256_set1_epi16(c->gain)};
    split_bytes(c->base, v.base);
    split_bytes(c->slope, v.slope);
    return v;
}

INLINE __m256i lookup16(const uint8_t *table, __m256i at) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), at);
}

/// Table entries for the indices of two vectors. A byte index becomes 0x70 … 0x7f for the 16 entries that it lies in, and has its highest
/// bit set for the others, whose lookup then gives 0.
INLINE void lookup(const uint8_t table[2][ESEG_S8_CURVE_POINTS], const __m256i at[4], __m256i values[2]) {
    __m256i low = _mm256_setzero_si256(), high = low;
    for (int k = 0; k < 4; ++k) {
        low = _mm256_or_si256(low, lookup16(table[0] + 16 * k, at[k]));
        high = _mm256_or_si256(high, lookup16(table[1] + 16 * k, at[k]));
    }
    values[0] = _mm256_unpacklo_epi8(low, high);
    values[1] = _mm256_unpackhi_epi8(low, high);
}

/// 2 · 16 int16 codes to output steps with the zero point, which is added before the last shift: where that saturates, so does the code.
INLINE void curve_steps(const curve *c, __m256i t[2], __m256i zero16) {
    const __m256i shifted_zero = _mm256_add_epi16(_mm256_slli_epi16(zero16, 6), _mm256_set1_epi16(32));
    __m256i a[2], at[4], base[2], slope[2];
    for (int k = 0; k < 2; ++k) a[k] = _mm256_min_epu16(_mm256_abs_epi16(t[k]), _mm256_set1_epi16(INT16_MAX));
    const __m256i i = _mm256_packus_epi16(_mm256_srli_epi16(a[0], 9), _mm256_srli_epi16(a[1], 9));
    for (int k = 0; k < 4; ++k) at[k] = _mm256_adds_epu8(_mm256_sub_epi8(i, _mm256_set1_epi8((char)(16 * k))), _mm256_set1_epi8(0x70));
    lookup(c->base, at, base);
    lookup(c->slope, at, slope);
    for (int k = 0; k < 2; ++k) {
        const __m256i f = _mm256_slli_epi16(_mm256_and_si256(a[k], _mm256_set1_epi16(511)), 6);
        __m256i y = _mm256_mulhrs_epi16(_mm256_max_epi16(t[k], _mm256_setzero_si256()), c->gain);
        y = _mm256_adds_epi16(_mm256_adds_epi16(y, base[k]), _mm256_mulhrs_epi16(f, slope[k]));
        t[k] = _mm256_srai_epi16(_mm256_adds_epi16(y, shifted_zero), 6);
    }
}

/// 32 codes from four vectors of scaled values, in the order that packing leaves; saturating the sum in 16 bits equals saturating it in 32.
INLINE __m256i packed32(const __m256i v[4], __m256i zero16, const curve *c) {
    __m256i t[2] = {_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3])};
    if (c) curve_steps(c, t, zero16);
    else
        for (int k = 0; k < 2; ++k) t[k] = _mm256_adds_epi16(t[k], zero16);
    return _mm256_packus_epi16(t[0], t[1]);
}

/// The same, vector after vector.
INLINE __m256i codes32(const __m256i v[4], __m256i zero16, const curve *c) {
    return _mm256_permutevar8x32_epi32(packed32(v, zero16, c), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/// The codes of vector `n` of packed32 as dwords.
INLINE __m256i spread(__m256i packed, const int n) {
    const __m256i lanes = _mm256_setr_epi32((int)0x80808000, (int)0x80808001, (int)0x80808002, (int)0x80808003, (int)0x80808000,
                                            (int)0x80808001, (int)0x80808002, (int)0x80808003);
    return _mm256_shuffle_epi8(packed, _mm256_add_epi8(lanes, _mm256_set1_epi32(4 * n)));
}

INLINE __m256i scale(__m256i accumulator, __m256 multiplier) {
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(accumulator), multiplier));
}

INLINE __m256 bend(__m256 values, __m256 slope) {
    return _mm256_blendv_ps(values, _mm256_mul_ps(values, slope), _mm256_cmp_ps(values, _mm256_setzero_ps(), _CMP_LT_OQ));
}

INLINE __m256i scale_and_bend(__m256i accumulator, __m256 multiplier, __m256 slope) {
    const __m256 most = _mm256_set1_ps(ESEG_S8_STEEPEST), least = _mm256_set1_ps(-ESEG_S8_STEEPEST);
    const __m256 values = bend(_mm256_mul_ps(_mm256_cvtepi32_ps(accumulator), multiplier), slope);
    return _mm256_cvtps_epi32(_mm256_min_ps(_mm256_max_ps(values, least), most));
}

/// All bits of the first `count` dwords.
INLINE __m256i lane_mask(int count) { return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }

/// The first `count` bytes, 16 at most, and zeros: not those behind, which another thread may be writing.
INLINE __m128i load_bytes(const uint8_t *from, int count) {
    if (count >= 16) return _mm_loadu_si128((const __m128i *)from);
    if (count == 8) return _mm_loadl_epi64((const __m128i *)from);
    uint8_t held[16] = {0};
    memcpy(held, from, count);
    return _mm_loadu_si128((const __m128i *)held);
}

/// Stores the first `count` bytes, 16 at most.
INLINE void store_bytes(void *to, __m128i bytes, int count) {
    if (count >= 16) {
        _mm_storeu_si128(to, bytes);
        return;
    }
    uint8_t *out = to;
    if (count >= 8) {
        _mm_storel_epi64(to, bytes);
        if (count == 8) return;
        bytes = _mm_srli_si128(bytes, 8);
        out += 8;
    }
    uint64_t rest = (uint64_t)_mm_cvtsi128_si64(bytes);
    for (int size = 4; size > 0; size /= 2)
        if (count & size) {
            memcpy(out, &rest, size);
            rest >>= 8 * size;
            out += size;
        }
}

/// Writes `channels` of 8 codes each of `count` of four pixels.
INLINE void store_four_pixels(uint8_t *out, size_t stride, __m256i codes, int count, int channels) {
    const __m128i low = _mm256_castsi256_si128(codes), high = _mm256_extracti128_si256(codes, 1);
    const __m128i pixel[4] = {low, _mm_unpackhi_epi64(low, low), high, _mm_unpackhi_epi64(high, high)};
    for (int i = 0; i < 4; ++i)
        if (i < count) store_bytes(out + i * stride, pixel[i], channels);
}

/// Stores the lowest bytes of the first `count` dwords, 8 at most, to every fourth byte. Between them, bytes are written as they are.
INLINE void store_slot(uint8_t *out, __m256i codes, int count) {
    const __m256i old = _mm256_loadu_si256((const __m256i *)out);
    const __m256i merged = _mm256_or_si256(codes, _mm256_andnot_si256(_mm256_set1_epi32(255), old));
    if (count >= LANES) _mm256_storeu_si256((__m256i *)out, merged);
    else _mm256_maskstore_epi32((int *)out, lane_mask(count), merged);
}
