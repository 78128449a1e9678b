#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../common.h"
#include "../kernels.h"

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_f32_##NAME##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "../vector/avx2_tmpl.h"
#include "../vector/kernels_tmpl.h"
#pragma clang attribute pop
#endif
