#define LANES 8
/// Pixels and vectors of the largest convolution tile: 12 accumulators of 16 registers.
#define TILE_PIXELS 6
#define TILE_VECTORS 2
/// Outputs of one row that share their loaded inputs in a depthwise convolution at stride 1 and 2.
#define SPAN_1 4
#define SPAN_2 4
/// Addressing modes take any sum of addresses: there is nothing to hide from the compiler.
#define HIDE(x)

typedef __m256 vec;

INLINE vec v_set(float x) { return _mm256_set1_ps(x); }
INLINE vec v_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void v_store(float *p, vec v) { _mm256_storeu_ps(p, v); }
INLINE __m256i first_lanes(int n) { return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }
INLINE vec v_load_n(const float *p, int n) { return n >= LANES ? v_load(p) : _mm256_maskload_ps(p, first_lanes(n)); }
INLINE void v_store_n(float *p, vec v, int n) {
    if (n >= LANES) v_store(p, v);
    else _mm256_maskstore_ps(p, first_lanes(n), v);
}
INLINE vec v_load_bytes(const uint8_t *p) { return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p))); }
INLINE void v_store_bytes_n(uint8_t *p, vec v, int n) {
    __m256i rounded = _mm256_cvtps_epi32(v);
    __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
    uint8_t bytes[16];
    _mm_storeu_si128((__m128i *)bytes, _mm_packus_epi16(words, words));
    memcpy(p, bytes, (size_t)least(n, LANES));
}
/// p[at] for whole at.
INLINE vec v_gather(const float *p, vec at) { return _mm256_i32gather_ps(p, _mm256_cvttps_epi32(at), 4); }
/// p[at] for whole at below LANES.
INLINE vec v_pick(const float *p, vec at) { return _mm256_permutevar8x32_ps(v_load(p), _mm256_cvttps_epi32(at)); }
/// 0, 1, 2 and so on.
INLINE vec v_indices(void) { return _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7); }

INLINE vec v_add(vec a, vec b) { return _mm256_add_ps(a, b); }
INLINE vec v_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
INLINE vec v_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
INLINE vec v_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vec v_min(vec a, vec b) { return _mm256_min_ps(a, b); }
INLINE vec v_max(vec a, vec b) { return _mm256_max_ps(a, b); }
INLINE vec v_round(vec a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE vec v_floor(vec a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
/// a * 2^n for whole n in [-126, 127].
INLINE vec v_scale(vec a, vec n) {
    __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return v_mul(a, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23)));
}
INLINE vec v_reciprocal(vec a) { return _mm256_div_ps(v_set(1), a); }
INLINE float v_sum(vec a) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
}
/// x > y ? a : b
INLINE vec v_select_greater(vec x, vec y, vec a, vec b) { return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, y, _CMP_GT_OQ)); }
