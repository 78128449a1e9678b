#define LANES 16
/// Pixels and vectors of the largest convolution tile: 24 accumulators of 32 registers.
#define TILE_PIXELS 12
#define TILE_VECTORS 2
/// Outputs of one row that share their loaded inputs in a depthwise convolution at stride 1 and 2.
#define SPAN_1 4
#define SPAN_2 4
/// Addressing modes take any sum of addresses: there is nothing to hide from the compiler.
#define HIDE(x)

typedef __m512 vec;

INLINE vec v_set(float x) { return _mm512_set1_ps(x); }
INLINE vec v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(float *p, vec v) { _mm512_storeu_ps(p, v); }
INLINE __mmask16 first_lanes(int n) { return (__mmask16)((1u << n) - 1); }
INLINE vec v_load_n(const float *p, int n) { return n >= LANES ? v_load(p) : _mm512_maskz_loadu_ps(first_lanes(n), p); }
INLINE void v_store_n(float *p, vec v, int n) {
    if (n >= LANES) v_store(p, v);
    else _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
INLINE vec v_load_bytes(const uint8_t *p) { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p))); }
INLINE void v_store_bytes_n(uint8_t *p, vec v, int n) {
    _mm512_mask_cvtepi32_storeu_epi8(p, n >= LANES ? 0xffff : first_lanes(n), _mm512_cvtps_epi32(v));
}
/// p[at] for whole at.
INLINE vec v_gather(const float *p, vec at) { return _mm512_i32gather_ps(_mm512_cvttps_epi32(at), p, 4); }
/// p[at] for whole at below LANES.
INLINE vec v_pick(const float *p, vec at) { return _mm512_permutexvar_ps(_mm512_cvttps_epi32(at), v_load(p)); }
/// 0, 1, 2 and so on.
INLINE vec v_indices(void) { return _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }

INLINE vec v_add(vec a, vec b) { return _mm512_add_ps(a, b); }
INLINE vec v_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
INLINE vec v_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
INLINE vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vec v_min(vec a, vec b) { return _mm512_min_ps(a, b); }
INLINE vec v_max(vec a, vec b) { return _mm512_max_ps(a, b); }
INLINE vec v_round(vec a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE vec v_floor(vec a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
/// a * 2^n for whole n.
INLINE vec v_scale(vec a, vec n) { return _mm512_scalef_ps(a, n); }
/// 1 / a, to the last bit or two.
INLINE vec v_reciprocal(vec a) {
    vec r = _mm512_rcp14_ps(a);
    return v_fma(r, _mm512_fnmadd_ps(a, r, v_set(1)), r);
}
INLINE float v_sum(vec a) { return _mm512_reduce_add_ps(a); }
/// x > y ? a : b
INLINE vec v_select_greater(vec x, vec y, vec a, vec b) { return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, y, _CMP_GT_OQ), b, a); }
