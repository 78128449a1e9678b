// AVX2. There is no exact product of unsigned and signed bytes: codes and weights are split into even and odd bytes, widened to int16, and
// multiplied in pairs.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avx2

enum { PARTS = 2, MOST_PIXELS_1 = 8, MOST_PIXELS_2 = 4, PEAK_CHAINS = 8 };

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

#include "ymm/kernels_tmpl.h"

#pragma clang attribute pop

#endif
