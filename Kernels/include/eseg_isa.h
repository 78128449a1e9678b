#ifndef ESEG_ISA_H
#define ESEG_ISA_H

/// Instruction sets that kernels are written for, in rising order within an architecture.
typedef enum eseg_isa {
    ESEG_ISA_SCALAR,
    ESEG_ISA_AVX2,        ///< AVX2, FMA
    ESEG_ISA_AVXVNNI,     ///< AVX2, FMA, AVX-VNNI (256-bit vpdpbusd)
    ESEG_ISA_AVX512VNNI,  ///< AVX-512 F, BW, DQ, VL, VNNI
    ESEG_ISA_NEON,        ///< AArch64 as it has always been: Cortex-A53, A72
    ESEG_ISA_DOTPROD,     ///< NEON with sdot and udot: Cortex-A55, A76, Neoverse N1
    ESEG_ISA_I8MM,        ///< and with smmla, usmmla and usdot: Cortex-A510, A710, Neoverse V1
    ESEG_ISA_COUNT
} eseg_isa;

/// Every kernel of one instruction set: see eseg_dispatch.h.
typedef struct eseg_kernels eseg_kernels;

/// The best instruction set that this CPU and its operating system support.
eseg_isa eseg_isa_best(void);

/// 1 if this CPU can run kernels of `isa`, else 0.
int eseg_isa_supported(eseg_isa isa);

/// The name that `ESEG_ISA` and `--isa` take: "scalar", "avx2", "avxvnni", "avx512vnni", "neon", "dotprod", "i8mm"; NULL for a value that
/// is not an instruction set.
const char *eseg_isa_name(eseg_isa isa);

#endif
