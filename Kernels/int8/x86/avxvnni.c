// AVX-VNNI: vpdpbusd on 256 bits.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)

#define KERNEL(NAME) eseg_s8_##NAME##_avxvnni
#define DPBUSD _mm256_dpbusd_avx_epi32

#include "ymm/vnni_tmpl.h"

#pragma clang attribute pop

#endif
