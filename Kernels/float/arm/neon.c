#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../common.h"
#include "../kernels.h"

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_f32_##NAME##_neon
#include "../vector/neon_tmpl.h"
#include "../vector/kernels_tmpl.h"
#endif
