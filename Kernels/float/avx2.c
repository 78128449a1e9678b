#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common.h"

#define INLINE static inline __attribute__((always_inline))
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "vector/avx2.h"
#include "vector/kernels.h"
#pragma clang attribute pop

const eseg_f32_kernels eseg_f32_avx2 = VECTOR_KERNELS;
#endif
