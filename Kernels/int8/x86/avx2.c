// AVX2. There is no exact product of unsigned and signed bytes: codes and weights are widened to int16 and multiplied in pairs, those of a
// depthwise convolution split into even and odd bytes.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avx2
#define LAYOUT eseg_s8_layout_avx2

enum { PARTS = 2, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 8 };

#include "ymm/requantize_tmpl.h"
#include "ymm/tile_tmpl.h"

/// Factors of dot products of 4 bytes in each of 8 lanes.
typedef struct factors {
    __m256i part[PARTS];
} factors;

INLINE factors code_factors(__m256i codes) {
    return (factors){{_mm256_and_si256(codes, _mm256_set1_epi16(255)), _mm256_srli_epi16(codes, 8)}};
}

INLINE factors weight_factors(__m256i weights) {
    return (factors){{_mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8), _mm256_srai_epi16(weights, 8)}};
}

INLINE __m256i dot(__m256i sum, factors codes, factors weights) {
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(codes.part[0], weights.part[0]));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(codes.part[1], weights.part[1]));
}

/// Codes of a tap that are widened at a time.
enum { SEGMENT = 64 };

/// Widens the codes of each pixel's tap from `first` to `end`; behind them up to 12 more.
INLINE void widen(const tile *t, int tap, int first, int end, const int mr, int16_t wide[][SEGMENT]) {
    const size_t stride = t->row->pixel_stride;
    const uint8_t *from = t->row->taps[tap] + t->pixel * stride + first;
    for (int m = 0; m < mr; ++m, from += stride)
        for (int i = 0; i < end - first; i += 16) {
            const __m256i codes = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(from + i)));
            _mm256_store_si256((__m256i *)(wide[m] + i), codes);
        }
}

INLINE __m256i pair_of(const int16_t *codes) {
    int32_t pair;
    memcpy(&pair, codes, sizeof pair);
    return _mm256_set1_epi32(pair);
}

INLINE void accumulate(const tile *t, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    _Alignas(32) int16_t wide[12][SEGMENT];
    const int taps = t->row->tap_count, codes = 4 * t->row->tap_quads;
    const int8_t *w = t->weights;
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = _mm256_loadu_si256((const __m256i *)(t->row->scaling.bias + t->channel + LANES * (i % nv)));
    for (int tap = 0; tap < taps; ++tap)
        for (int first = 0; first < codes; first += SEGMENT) {
            const int count = codes - first < SEGMENT ? codes - first : SEGMENT;
            widen(t, tap, first, first + count, mr, wide);
            for (int i = 0; i < count; i += 2, w += ESEG_LANES * 4) {
                __m256i b[2];
                for (int n = 0; n < nv; ++n) b[n] = _mm256_loadu_si256((const __m256i *)(w + 32 * n));
#pragma unroll
                for (int m = 0; m < mr; ++m) {
                    const __m256i a = pair_of(wide[m] + i);
                    for (int n = 0; n < nv; ++n) sums[m * nv + n] = _mm256_add_epi32(sums[m * nv + n], _mm256_madd_epi16(a, b[n]));
                }
            }
        }
}

#include "ymm/kernels_tmpl.h"

#pragma clang attribute pop

#endif
