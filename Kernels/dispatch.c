// Which kernels each instruction set runs. A table starts from the scalar reference, and each instruction set that its CPUs have too, in
// rising order, overwrites what it has variants of: what it lacks is slow, not missing.

#include "eseg_dispatch.h"

#include "float/kernels.h"
#include "int16/kernels.h"
#include "int8/kernels.h"

#pragma clang diagnostic ignored "-Winitializer-overrides"

#define SCALAR                                                                                                            \
    S8_LAYOUT_KERNELS(scalar, quads), S8_OTHER_KERNELS(scalar), S16_CONV_KERNEL(scalar, 2, 2), S16_OTHER_KERNELS(scalar), \
        F32_KERNELS(scalar)
static const eseg_kernels scalar = {.isa = ESEG_ISA_SCALAR, SCALAR};

#if defined(__x86_64__)
#define AVX2 S8_LAYOUT_KERNELS(avx2, avx2), S8_OTHER_KERNELS(avx2), S16_CONV_KERNEL(avx2, 2, 2), S16_OTHER_KERNELS(avx2), F32_KERNELS(avx2)
#define AVXVNNI S8_LAYOUT_KERNELS(avxvnni, quads), S8_OTHER_KERNELS(avxvnni)
#define AVX512VNNI                                                                                                                        \
    S8_LAYOUT_KERNELS(avx512vnni, quads), S8_OTHER_KERNELS(avx512vnni), S16_CONV_KERNEL(avx512vnni, 2, 2), S16_OTHER_KERNELS(avx512vnni), \
        F32_KERNELS(avx512vnni)
static const eseg_kernels avx2 = {.isa = ESEG_ISA_AVX2, SCALAR, AVX2};
static const eseg_kernels avxvnni = {.isa = ESEG_ISA_AVXVNNI, SCALAR, AVX2, AVXVNNI};
/// Servers with AVX-512 VNNI may lack AVX-VNNI.
static const eseg_kernels avx512vnni = {.isa = ESEG_ISA_AVX512VNNI, SCALAR, AVX2, AVX512VNNI};
#elif defined(__aarch64__)
#define NEON S8_LAYOUT_KERNELS(neon, neon), S8_OTHER_KERNELS(neon), S16_CONV_KERNEL(neon, 1, 4), S16_OTHER_KERNELS(neon), F32_KERNELS(neon)
#define DOTPROD S8_LAYOUT_KERNELS(dotprod, dotprod), S8_OTHER_KERNELS(dotprod)
#define I8MM S8_LAYOUT_KERNELS(i8mm, i8mm), S8_OTHER_KERNELS(i8mm)
static const eseg_kernels neon = {.isa = ESEG_ISA_NEON, SCALAR, NEON};
static const eseg_kernels dotprod = {.isa = ESEG_ISA_DOTPROD, SCALAR, NEON, DOTPROD};
static const eseg_kernels i8mm = {.isa = ESEG_ISA_I8MM, SCALAR, NEON, DOTPROD, I8MM};
#endif

const eseg_kernels *eseg_kernels_for(eseg_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case ESEG_ISA_AVX2: return &avx2;
    case ESEG_ISA_AVXVNNI: return &avxvnni;
    case ESEG_ISA_AVX512VNNI: return &avx512vnni;
#elif defined(__aarch64__)
    case ESEG_ISA_NEON: return &neon;
    case ESEG_ISA_DOTPROD: return &dotprod;
    case ESEG_ISA_I8MM: return &i8mm;
#endif
    default: return &scalar;
    }
}
