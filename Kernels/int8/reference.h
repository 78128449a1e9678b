#ifndef ESEG_REFERENCE_H
#define ESEG_REFERENCE_H

#include "eseg_int8.h"

extern const eseg_packing eseg_packing_quads;

extern const eseg_kernels eseg_kernels_scalar;
#if defined(__x86_64__)
extern const eseg_kernels eseg_kernels_avx2;
extern const eseg_kernels eseg_kernels_avxvnni;
extern const eseg_kernels eseg_kernels_avx512vnni;
#endif
#if defined(__aarch64__)
extern const eseg_packing eseg_packing_neon;
extern const eseg_packing eseg_packing_dotprod;
extern const eseg_packing eseg_packing_i8mm;

extern const eseg_kernels eseg_kernels_neon;
extern const eseg_kernels eseg_kernels_dotprod;
extern const eseg_kernels eseg_kernels_i8mm;
#endif

/// The output code of the int16 code `t` on a SiLU curve.
uint8_t eseg_curve_code(const eseg_curve *curve, int32_t t, int32_t zero_point);

#endif
