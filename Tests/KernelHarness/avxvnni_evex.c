// AVX-VNNI's kernels for CPUs that lack it and have AVX-512 VNNI: vpdpbusd on 256 bits, encoded as AVX-512's, has the same result. So the
// logic of these kernels is tested where their own encoding cannot run.

#include "avxvnni_evex.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../../Kernels/int8/kernels.h"

S8_DECLARE(avxvnni_evex)

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512vnni"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avxvnni_evex

enum { PARTS = 1, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

typedef struct factors {
    __m256i part[PARTS];
} factors;

INLINE factors code_factors(__m256i codes) { return (factors){{codes}}; }

INLINE factors weight_factors(__m256i weights) { return (factors){{weights}}; }

INLINE __m256i dot(__m256i sum, factors codes, factors weights) { return _mm256_dpbusd_epi32(sum, codes.part[0], weights.part[0]); }

#include "../../Kernels/int8/x86/ymm/kernels_tmpl.h"

#pragma clang attribute pop

const eseg_kernels *avxvnni_evex(void) {
    static eseg_kernels kernels;
    const eseg_kernels own = {.isa = ESEG_ISA_AVXVNNI, S8_LAYOUT_KERNELS(avxvnni_evex, quads), S8_OTHER_KERNELS(avxvnni_evex)};
    kernels = *eseg_kernels_for(ESEG_ISA_AVXVNNI);
    kernels.s8 = own.s8;
    return eseg_isa_supported(ESEG_ISA_AVX512VNNI) ? &kernels : NULL;
}

#else

const eseg_kernels *avxvnni_evex(void) { return NULL; }

#endif
