// SHA-256 by instructions for it, which take four rounds' words at a time.

#include "sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

/// clang does not know the feature's name in __builtin_cpu_supports.
static int has_instructions(void) {
    unsigned eax, ebx, ecx, edx;
    return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx >> 29 & 1);
}

/// The instructions hold words a, b, e, f in one register, from the highest, and c, d, g, h in the other.
__attribute__((target("sha,sse4.1"))) static void add_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state + 1), 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
    for (; count > 0; --count, blocks += ESEG_SHA256_BLOCK) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)blocks + i), big_endian);
#pragma unroll
        for (int i = 0; i < 16; ++i) {
            const __m128i words = _mm_add_epi32(w[i % 4], _mm_loadu_si128((const __m128i *)eseg_sha256_constants + i));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
            const __m128i next = _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]);
            w[i % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4)), w[(i + 3) % 4]);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)state + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#elif defined(__aarch64__)

#include <arm_neon.h>
#include <sys/auxv.h>

static int has_instructions(void) {
    enum { CAPABILITY_SHA2 = 1 << 6 };
    return (getauxval(AT_HWCAP) & CAPABILITY_SHA2) != 0;
}

__attribute__((target("sha2"))) static void add_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; count > 0; --count, blocks += ESEG_SHA256_BLOCK) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t w[4];
        for (int i = 0; i < 4; ++i) w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks + 16 * i)));
#pragma unroll
        for (int i = 0; i < 16; ++i) {
            const uint32x4_t words = vaddq_u32(w[i % 4], vld1q_u32(eseg_sha256_constants + 4 * i)), abcd_then = abcd;
            abcd = vsha256hq_u32(abcd, efgh, words);
            efgh = vsha256h2q_u32(efgh, abcd_then, words);
            w[i % 4] = vsha256su1q_u32(vsha256su0q_u32(w[i % 4], w[(i + 1) % 4]), w[(i + 2) % 4], w[(i + 3) % 4]);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

#endif

eseg_sha256_blocks eseg_sha256_best_blocks(void) {
#if defined(__x86_64__) || defined(__aarch64__)
    if (has_instructions()) return add_blocks;
#endif
    return eseg_sha256_blocks_scalar;
}
