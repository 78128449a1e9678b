// AVX-512 VNNI. A vector is 16 int32 accumulators, or the 4 bytes of each of 16 channels. The parallel loops live elsewhere: code that
// OpenMP outlines would lose the target attribute.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"

// Where the number of pixels is not a constant, "#pragma unroll" cannot be followed and need not be.
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avx512vnni

#include "zmm/requantize_tmpl.h"
#include "zmm/conv_tmpl.h"
#include "zmm/depthwise_tmpl.h"
#include "zmm/affine_tmpl.h"
#include "zmm/fusion_tmpl.h"
#include "zmm/rows_tmpl.h"
#include "zmm/argmax_tmpl.h"
#include "upsample_tmpl.h"
#include "../argmax_row_tmpl.h"
#include "class_tmpl.h"

#define shuffled(v, at) ((bytes16)_mm_shuffle_epi8((__m128i)(v), (__m128i)(at)))
#include "../shuffle_tmpl.h"

int64_t KERNEL(peak)(int64_t rounds) {
    static volatile int32_t sink;
    __m512i sums[12];
    for (int i = 0; i < 12; ++i) sums[i] = _mm512_set1_epi32(i);
    __m512i codes = _mm512_set1_epi32(sink), weights = _mm512_set1_epi32(sink + 1);
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < 12; ++i) {
            sums[i] = _mm512_dpbusd_epi32(sums[i], codes, weights);
            __asm__ volatile("" : "+v"(sums[i]));
        }
    for (int i = 1; i < 12; ++i) sums[0] = _mm512_add_epi32(sums[0], sums[i]);
    sink = _mm512_cvtsi512_si32(sums[0]);
    return rounds * 12 * 64;
}

#pragma clang attribute pop

#endif
