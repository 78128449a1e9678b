// Requantization: scaled sums to codes.

typedef struct curve {
    __m512i gain, base[2], slope[2];
} curve;

INLINE curve load_curve(const eseg_s8_curve *c) {
    curve v = {_mm512_set1_epi16(c->gain),
               {_mm512_loadu_si512(c->base), _mm512_loadu_si512(c->base + 32)},
               {_mm512_loadu_si512(c->slope), _mm512_loadu_si512(c->slope + 32)}};
    return v;
}

/// 32 int16 codes to output steps with the zero point, which is added before the last shift: where that saturates, so does the code. The
/// byte index of a table entry is the high byte of |t| halved.
INLINE __m512i curve_steps(const curve *c, __m512i t, __m512i zero16) {
    const __m512i shifted_zero = _mm512_add_epi16(_mm512_slli_epi16(zero16, 6), _mm512_set1_epi16(32));
    __m512i a = _mm512_min_epu16(_mm512_abs_epi16(t), _mm512_set1_epi16(INT16_MAX));
    __m512i i = _mm512_srli_epi16(a, 9), f = _mm512_slli_epi16(_mm512_and_si512(a, _mm512_set1_epi16(511)), 6);
    __m512i y = _mm512_mulhrs_epi16(_mm512_max_epi16(t, _mm512_setzero_si512()), c->gain);
    y = _mm512_adds_epi16(y, _mm512_permutex2var_epi16(c->base[0], i, c->base[1]));
    y = _mm512_adds_epi16(y, _mm512_mulhrs_epi16(f, _mm512_permutex2var_epi16(c->slope[0], i, c->slope[1])));
    return _mm512_srai_epi16(_mm512_adds_epi16(y, shifted_zero), 6);
}

/// Undoes the interleaving of 128-bit lanes by two rounds of packs: dword order 0,4,8,12, 1,5,9,13, …
INLINE __m512i unpermute(__m512i codes) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), codes);
}

/// 32 int16 values with the zero point, through a curve unless it is NULL.
INLINE __m512i with_zero(__m512i values, __m512i zero16, const curve *c) {
    return c ? curve_steps(c, values, zero16) : _mm512_adds_epi16(values, zero16);
}

/// 64 codes from four vectors of scaled values, in the order that packing leaves; saturating the sum in 16 bits equals saturating it in 32.
INLINE __m512i packed64(const __m512i v[4], int count, __m512i zero16, const curve *c) {
    const __m512i low = with_zero(_mm512_packs_epi32(v[0], count > 1 ? v[1] : v[0]), zero16, c);
    const __m512i high = count > 2 ? with_zero(_mm512_packs_epi32(v[2], count > 3 ? v[3] : v[2]), zero16, c) : low;
    return _mm512_packus_epi16(low, high);
}

/// The same in channel order.
INLINE __m512i codes64(const __m512i v[4], int count, __m512i zero16, const curve *c) { return unpermute(packed64(v, count, zero16, c)); }

/// The codes of vector `n` of packed64, each in all four bytes of its dword.
INLINE __m512i spread(__m512i packed, const int n) {
    const __m512i first = _mm512_set4_epi32(0x03030303, 0x02020202, 0x01010101, 0);
    return _mm512_shuffle_epi8(packed, _mm512_add_epi8(first, _mm512_set1_epi8((char)(4 * n))));
}

INLINE __m512i scale(__m512i accumulator, __m512 multiplier) {
    return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(accumulator), multiplier));
}

INLINE __m512 bend(__m512 values, __m512 slope) {
    return _mm512_mask_mul_ps(values, _mm512_cmp_ps_mask(values, _mm512_setzero_ps(), _CMP_LT_OQ), values, slope);
}

INLINE __m512i scale_and_bend(__m512i accumulator, __m512 multiplier, __m512 slope) {
    const __m512 most = _mm512_set1_ps(ESEG_S8_STEEPEST), least = _mm512_set1_ps(-ESEG_S8_STEEPEST);
    const __m512 values = bend(_mm512_mul_ps(_mm512_cvtepi32_ps(accumulator), multiplier), slope);
    return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_max_ps(values, least), most));
}

INLINE uint64_t low_bits(int count) { return count >= 64 ? ~0ull : count <= 0 ? 0 : (1ull << count) - 1; }

/// Writes 16 codes each of `count` of four pixels, those of `mask`.
INLINE void store_four_pixels(uint8_t *out, size_t stride, __m512i codes, int count, __mmask16 mask) {
    const __m128i pixel[4] = {_mm512_castsi512_si128(codes), _mm512_extracti32x4_epi32(codes, 1), _mm512_extracti32x4_epi32(codes, 2),
                              _mm512_extracti32x4_epi32(codes, 3)};
    for (int i = 0; i < 4; ++i)
        if (i < count) _mm_mask_storeu_epi8(out + i * stride, mask, pixel[i]);
}

/// Lowest bytes of 16 dwords: a ring's slot.
static const __mmask64 EVERY_FOURTH = 0x1111111111111111;
