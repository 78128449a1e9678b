#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common.h"

#define INLINE static inline __attribute__((always_inline))
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "vector/avx512.h"
#include "vector/kernels.h"
#pragma clang attribute pop

const eseg_f32_kernels eseg_f32_avx512 = VECTOR_KERNELS;
#endif
