#include "eseg_isa.h"

#include <stddef.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* clang before 18 does not know the feature's name. That the system saves AVX registers, "avx2" already tells. */
static int has_avxvnni(void) {
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) && (eax >> 4 & 1);
}
#endif

#if defined(__aarch64__)
#include <sys/auxv.h>

/* Linux's HWCAP bits, which older headers lack. */
enum { CAPABILITY_ASIMDDP = 1 << 20, CAPABILITY2_I8MM = 1 << 13 };
#endif

int eseg_isa_supported(eseg_isa isa) {
    switch (isa) {
    case ESEG_ISA_SCALAR: return 1;
#if defined(__x86_64__)
    case ESEG_ISA_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case ESEG_ISA_AVXVNNI: return eseg_isa_supported(ESEG_ISA_AVX2) && has_avxvnni();
    case ESEG_ISA_AVX512VNNI:
        return eseg_isa_supported(ESEG_ISA_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#endif
#if defined(__aarch64__)
    case ESEG_ISA_NEON: return 1;
    case ESEG_ISA_DOTPROD: return (getauxval(AT_HWCAP) & CAPABILITY_ASIMDDP) != 0;
    case ESEG_ISA_I8MM: return eseg_isa_supported(ESEG_ISA_DOTPROD) && (getauxval(AT_HWCAP2) & CAPABILITY2_I8MM) != 0;
#endif
    default: return 0;
    }
}

eseg_isa eseg_isa_best(void) {
    for (int isa = ESEG_ISA_COUNT - 1; isa > ESEG_ISA_SCALAR; --isa)
        if (eseg_isa_supported((eseg_isa)isa)) return (eseg_isa)isa;
    return ESEG_ISA_SCALAR;
}

const char *eseg_isa_name(eseg_isa isa) {
    switch (isa) {
    case ESEG_ISA_SCALAR: return "scalar";
    case ESEG_ISA_AVX2: return "avx2";
    case ESEG_ISA_AVXVNNI: return "avxvnni";
    case ESEG_ISA_AVX512VNNI: return "avx512vnni";
    case ESEG_ISA_NEON: return "neon";
    case ESEG_ISA_DOTPROD: return "dotprod";
    case ESEG_ISA_I8MM: return "i8mm";
    default: return NULL;
    }
}
