#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common.h"

#define INLINE static inline __attribute__((always_inline))
#include "vector/neon.h"
#include "vector/kernels.h"

const eseg_f32_kernels eseg_f32_neon = VECTOR_KERNELS;
#endif
