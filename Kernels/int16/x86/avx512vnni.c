// AVX-512 VNNI: pairs of int16 products, added, by vpdpwssd.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "eseg_s8.h"

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang diagnostic ignored "-Wunused-function"

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s16_##NAME##_avx512vnni

#include "../../int8/x86/zmm/requantize_tmpl.h"

#define TILE_VECTORS 4
enum { LANES = 16, BATCH = 64, TILE_PIXELS = 12, TILE_SUMS = 24 };

typedef __m512i ints;
typedef __m512 floats;
typedef __m512i taps, factors;

INLINE __mmask16 lanes16(int n) { return (__mmask16)(n >= LANES ? 0xffff : (1u << n) - 1); }

INLINE ints i_load(const int32_t *p) { return _mm512_loadu_si512(p); }
/// Sign-extended: the high halves of pairs, which zeros in the weights' pairs make vanish.
INLINE ints i_codes(const int16_t *p) { return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)p)); }
INLINE factors i_factors(const int16_t *p) { return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)); }
INLINE ints i_load_pairs(const int16_t *p) { return _mm512_loadu_si512(p); }
INLINE ints i_pair(const int16_t *p) {
    int32_t pair;
    memcpy(&pair, p, sizeof pair);
    return _mm512_set1_epi32(pair);
}
/// vpdpwssd, which compilers that tune for no CPU take apart where they see a long chain of sums.
INLINE ints i_dot(ints sum, ints codes, ints weights) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(weights));
    return sum;
}
INLINE taps i_taps(const int16_t *p) { return i_codes(p); }
INLINE ints i_multiply_add(ints sum, taps codes, factors weights) { return i_dot(sum, codes, weights); }

INLINE floats f_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE floats f_load_n(const float *p, int n) { return _mm512_maskz_loadu_ps(lanes16(n), p); }
INLINE void f_store_n(float *p, floats v, int n) { _mm512_mask_storeu_ps(p, lanes16(n), v); }
INLINE floats f_of(ints v) { return _mm512_cvtepi32_ps(v); }
INLINE floats f_set(float x) { return _mm512_set1_ps(x); }
INLINE floats f_min(floats a, floats b) { return _mm512_min_ps(a, b); }
INLINE floats f_max(floats a, floats b) { return _mm512_max_ps(a, b); }
/// Values, those below 0 times `slope`.
INLINE floats f_bend(floats v, floats slope) { return bend(v, slope); }
INLINE floats f_scale(floats v, floats n) {
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(v), _mm512_slli_epi32(_mm512_castps_si512(n), 23)));
}

typedef __m256i codes_16;

INLINE codes_16 c_set(int16_t x) { return _mm256_set1_epi16(x); }
INLINE codes_16 c_of(floats v) { return _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(v)); }
INLINE codes_16 c_max(codes_16 a, codes_16 b) { return _mm256_max_epi16(a, b); }
INLINE void put_words(int16_t *out, codes_16 codes, int n) { _mm256_mask_storeu_epi16(out, lanes16(n), codes); }
INLINE void put_bytes(uint8_t *out, codes_16 codes, codes_16 zero, int n) {
    const codes_16 least = _mm256_setzero_si256();
    _mm_mask_storeu_epi8(out, lanes16(n), _mm256_cvtusepi16_epi8(_mm256_max_epi16(_mm256_adds_epi16(codes, zero), least)));
}

INLINE void store_batch(const floats values[4], const eseg_s16_output *output, const curve *table, void *out) {
    ints v[4];
    for (int k = 0; k < 4; ++k) v[k] = _mm512_cvtps_epi32(values[k]);
    if (output->bytes == 1) {
        _mm512_storeu_si512(out, codes64(v, 4, _mm512_set1_epi16((int16_t)output->zero_point), table));
        return;
    }
    const ints least = _mm512_set1_epi16(output->relu ? 0 : INT16_MIN), order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    for (int k = 0; k < 2; ++k) {
        const ints t = _mm512_max_epi16(_mm512_packs_epi32(v[2 * k], v[2 * k + 1]), least);
        _mm512_storeu_si512((__m512i *)out + k, _mm512_permutexvar_epi64(order, t));
    }
}

#include "../vector/put_tmpl.h"
#include "../vector/slope_tmpl.h"
#include "conv_tmpl.h"

#include "../vector/kernels_tmpl.h"
#include "../vector/resampling_tmpl.h"

#pragma clang attribute pop

#endif
