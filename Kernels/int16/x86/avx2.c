// AVX2: pairs of int16 products by pmaddwd, exact for every pair but two of the least.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "eseg_s8.h"

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang diagnostic ignored "-Wunused-function"

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s16_##NAME##_avx2

#include "../../int8/x86/ymm/requantize_tmpl.h"

#define TILE_VECTORS 2
enum { BATCH = 32, TILE_PIXELS = 12, TILE_SUMS = 12 };

typedef __m256i ints;
typedef __m256 floats;
typedef __m256i taps, factors;

INLINE ints i_load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
/// Sign-extended: the high halves of pairs, which zeros in the weights' pairs make vanish.
INLINE ints i_codes(const int16_t *p) { return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)p)); }
INLINE factors i_factors(const int16_t *p) { return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p)); }
INLINE ints i_load_pairs(const int16_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
INLINE ints i_pair(const int16_t *p) {
    int32_t pair;
    memcpy(&pair, p, sizeof pair);
    return _mm256_set1_epi32(pair);
}
INLINE ints i_dot(ints sum, ints codes, ints weights) { return _mm256_add_epi32(sum, _mm256_madd_epi16(codes, weights)); }
INLINE taps i_taps(const int16_t *p) { return i_codes(p); }
INLINE ints i_multiply_add(ints sum, taps codes, factors weights) { return i_dot(sum, codes, weights); }

INLINE floats f_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE floats f_load_n(const float *p, int n) { return n >= LANES ? f_load(p) : _mm256_maskload_ps(p, lane_mask(n)); }
INLINE void f_store_n(float *p, floats v, int n) {
    if (n >= LANES) _mm256_storeu_ps(p, v);
    else _mm256_maskstore_ps(p, lane_mask(n), v);
}
INLINE floats f_of(ints v) { return _mm256_cvtepi32_ps(v); }
INLINE floats f_set(float x) { return _mm256_set1_ps(x); }
INLINE floats f_min(floats a, floats b) { return _mm256_min_ps(a, b); }
INLINE floats f_max(floats a, floats b) { return _mm256_max_ps(a, b); }
/// Values, those below 0 times `slope`.
INLINE floats f_bend(floats v, floats slope) { return bend(v, slope); }
INLINE floats f_scale(floats v, floats n) {
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), _mm256_slli_epi32(_mm256_castps_si256(n), 23)));
}

typedef __m128i codes_16;

INLINE codes_16 c_set(int16_t x) { return _mm_set1_epi16(x); }
INLINE codes_16 c_of(floats v) {
    const ints t = _mm256_cvtps_epi32(v);
    return _mm_packs_epi32(_mm256_castsi256_si128(t), _mm256_extracti128_si256(t, 1));
}
INLINE codes_16 c_max(codes_16 a, codes_16 b) { return _mm_max_epi16(a, b); }
INLINE void put_words(int16_t *out, codes_16 codes, int n) {
    if (n >= LANES) _mm_storeu_si128((__m128i *)out, codes);
    else memcpy(out, &codes, n * sizeof *out);
}
INLINE void put_bytes(uint8_t *out, codes_16 codes, codes_16 zero, int n) {
    const __m128i sum = _mm_adds_epi16(codes, zero), bytes = _mm_packus_epi16(sum, sum);
    if (n >= LANES) _mm_storel_epi64((__m128i *)out, bytes);
    else memcpy(out, &bytes, n);
}

INLINE void store_batch(const floats values[4], const eseg_s16_output *output, const curve *table, void *out) {
    ints v[4];
    for (int k = 0; k < 4; ++k) v[k] = _mm256_cvtps_epi32(values[k]);
    if (output->bytes == 1) {
        _mm256_storeu_si256(out, codes32(v, _mm256_set1_epi16((int16_t)output->zero_point), table));
        return;
    }
    const ints least = _mm256_set1_epi16(output->relu ? 0 : INT16_MIN);
    for (int k = 0; k < 2; ++k) {
        const ints t = _mm256_max_epi16(_mm256_packs_epi32(v[2 * k], v[2 * k + 1]), least);
        _mm256_storeu_si256((__m256i *)out + k, _mm256_permute4x64_epi64(t, 0xd8));
    }
}

#include "../vector/put_tmpl.h"
#include "../vector/slope_tmpl.h"
#include "conv_tmpl.h"

#include "../vector/kernels_tmpl.h"
#include "../vector/resampling_tmpl.h"

#pragma clang attribute pop

#endif
