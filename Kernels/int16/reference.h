#ifndef ESEG_INT16_REFERENCE_H
#define ESEG_INT16_REFERENCE_H

#include "eseg_int16.h"

extern const eseg_wide_kernels eseg_wide_scalar;
#if defined(__x86_64__)
extern const eseg_wide_kernels eseg_wide_avx2, eseg_wide_avx512vnni;
#endif
#if defined(__aarch64__)
extern const eseg_wide_kernels eseg_wide_neon;
#endif

#endif
