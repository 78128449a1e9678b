// AVX-VNNI: vpdpbusd on 256 bits.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avxvnni

enum { PARTS = 1, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

/// Factors of dot products of 4 bytes in each of 8 lanes.
typedef struct factors {
    __m256i part[PARTS];
} factors;

INLINE factors code_factors(__m256i codes) { return (factors){{codes}}; }

INLINE factors weight_factors(__m256i weights) { return (factors){{weights}}; }

INLINE __m256i dot(__m256i sum, factors codes, factors weights) { return _mm256_dpbusd_avx_epi32(sum, codes.part[0], weights.part[0]); }

#include "ymm/kernels_tmpl.h"

#pragma clang attribute pop

#endif
