#include "reference.h"

const eseg_wide_kernels *eseg_wide_kernels_for(eseg_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case ESEG_ISA_AVX2:
    case ESEG_ISA_AVXVNNI: return &eseg_wide_avx2;
    case ESEG_ISA_AVX512VNNI: return &eseg_wide_avx512vnni;
#endif
#if defined(__aarch64__)
    case ESEG_ISA_NEON:
    case ESEG_ISA_DOTPROD:
    case ESEG_ISA_I8MM: return &eseg_wide_neon;
#endif
    default: return &eseg_wide_scalar;
    }
}
