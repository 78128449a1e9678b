// Which kernels each instruction set has variants of. A table gets what it lacks from its predecessors, so a variant that is there but not
// entered, or entered by mistake, would be compared with the reference as if all were well.

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

typedef void (*function)(void);

typedef struct variants {
    const char *name;
    size_t offset;  ///< of the kernel in a table
    unsigned isas;  ///< that have their own, one bit each
} variants;

#define BIT(ISA) (1u << ESEG_ISA_##ISA)
enum {
    EVERY = BIT(SCALAR) | BIT(AVX2) | BIT(AVXVNNI) | BIT(AVX512VNNI) | BIT(NEON) | BIT(DOTPROD) | BIT(I8MM),
    VECTORS = BIT(SCALAR) | BIT(AVX2) | BIT(AVX512VNNI) | BIT(NEON),
};

#define ROW(TYPE, NAME, ISAS) \
    { #TYPE "_" #NAME, offsetof(eseg_kernels, TYPE.NAME), ISAS }
static const variants kernels[] = {
    ROW(s8, conv_row, EVERY),        ROW(s8, depthwise_row, EVERY),
    ROW(s8, fusion_row, EVERY),      ROW(s8, copy_row, EVERY),
    ROW(s8, pool_row, EVERY),        ROW(s8, sum_row, EVERY),
    ROW(s8, gate_row, EVERY),        ROW(s8, affine_row, EVERY),
    ROW(s8, argmax_row, EVERY),      ROW(s8, class_row, EVERY),
    ROW(s8, shuffle_row, EVERY),     ROW(s8, peak, EVERY),
    ROW(s16, conv_row, VECTORS),     ROW(s16, depthwise_row, VECTORS),
    ROW(s16, add_row, VECTORS),      ROW(s16, store, VECTORS),
    ROW(s16, widen, VECTORS),        ROW(s16, pool_row, VECTORS),
    ROW(s16, sum_row, VECTORS),      ROW(s16, depthwise_taps_row, VECTORS),
    ROW(s16, mean_pixel, VECTORS),   ROW(s16, product_row, VECTORS),
    ROW(s16, blend, VECTORS),        ROW(s16, blend_row, VECTORS),
    ROW(f32, conv_rows, VECTORS),    ROW(f32, depthwise_rows, VECTORS),
    ROW(f32, pool_rows, VECTORS),    ROW(f32, fusion_rows, VECTORS),
    ROW(f32, pyramid_rows, VECTORS), ROW(f32, sum_rows, VECTORS),
    ROW(f32, gate_values, VECTORS),  ROW(f32, gate_rows, VECTORS),
    ROW(f32, normalize, VECTORS),    ROW(f32, argmax_rows, VECTORS),
};
enum { KERNELS = sizeof kernels / sizeof kernels[0] };
// A table is an instruction set, layouts and functions: a kernel that is missing above makes this fail.
enum { OTHER_FIELDS = 3 };
_Static_assert(sizeof(eseg_kernels) == (KERNELS + OTHER_FIELDS) * sizeof(function), "every kernel is listed");

/// The instruction set whose CPUs `isa`'s have all instructions of, the highest one.
static eseg_isa predecessor(eseg_isa isa) {
    switch (isa) {
    case ESEG_ISA_AVXVNNI:
    case ESEG_ISA_AVX512VNNI: return ESEG_ISA_AVX2;
    case ESEG_ISA_DOTPROD: return ESEG_ISA_NEON;
    case ESEG_ISA_I8MM: return ESEG_ISA_DOTPROD;
    default: return ESEG_ISA_SCALAR;
    }
}

static function kernel_of(eseg_isa isa, const variants *kernel) {
    function f;
    memcpy(&f, (const char *)eseg_kernels_for(isa) + kernel->offset, sizeof f);
    return f;
}

static int check_table(eseg_isa isa) {
    int own = 0;
    for (int k = 0; k < KERNELS; ++k) {
        const int expected = kernels[k].isas >> isa & 1;
        const function f = kernel_of(isa, &kernels[k]);
        const int found = f && (isa == ESEG_ISA_SCALAR || f != kernel_of(predecessor(isa), &kernels[k]));
        own += found;
        if (f && found == expected) continue;
        printf("variants %s: FAILED: %s: found %s, expected %s\n", eseg_isa_name(isa), kernels[k].name,
               !f      ? "none"
               : found ? "a variant of its own"
                       : "its predecessor's",
               expected ? "one of its own" : "its predecessor's");
        return 1;
    }
    printf("variants %s: %d of %d kernels\n", eseg_isa_name(isa), own, KERNELS);
    return 0;
}

int check_variants(void) {
    int failed = 0;
    for (int isa = 0; isa < ESEG_ISA_COUNT; ++isa)
        if (eseg_kernels_for((eseg_isa)isa)->isa == (eseg_isa)isa) failed += check_table((eseg_isa)isa);
    return failed;
}
