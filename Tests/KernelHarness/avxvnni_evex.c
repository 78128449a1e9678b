// AVX-VNNI's kernels for CPUs that lack it and have AVX-512 VNNI: vpdpbusd on 256 bits, encoded as AVX-512's, has the same result. So the
// logic of these kernels is tested where their own encoding cannot run.

#include "avxvnni_evex.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../../Kernels/int8/kernels.h"

S8_DECLARE(avxvnni_evex)

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512vnni"))), apply_to = function)

#define KERNEL(NAME) eseg_s8_##NAME##_avxvnni_evex
#define DPBUSD _mm256_dpbusd_epi32

#include "../../Kernels/int8/x86/ymm/vnni_tmpl.h"

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
