#include "reference.h"

const eseg_kernels *eseg_kernels_for(eseg_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case ESEG_ISA_AVX2: return &eseg_kernels_avx2;
    case ESEG_ISA_AVXVNNI: return &eseg_kernels_avxvnni;
    case ESEG_ISA_AVX512VNNI: return &eseg_kernels_avx512vnni;
#endif
#if defined(__aarch64__)
    case ESEG_ISA_NEON: return &eseg_kernels_neon;
    case ESEG_ISA_DOTPROD: return &eseg_kernels_dotprod;
    case ESEG_ISA_I8MM: return &eseg_kernels_i8mm;
#endif
    default: return &eseg_kernels_scalar;
    }
}
