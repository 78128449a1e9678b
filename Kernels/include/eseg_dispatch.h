#ifndef ESEG_DISPATCH_H
#define ESEG_DISPATCH_H

#include "eseg_f32.h"
#include "eseg_isa.h"
#include "eseg_s16.h"
#include "eseg_s8.h"

/// Every kernel that an instruction set runs. One that it has no variant of is the best that its predecessors have, the scalar reference
/// at least: never NULL.
struct eseg_kernels {
    eseg_isa isa;
    eseg_s8_kernels s8;
    eseg_s16_kernels s16;
    eseg_f32_kernels f32;
};

/// The kernels for `isa`, which this CPU must support to run them; the scalar reference for an instruction set of another architecture.
const eseg_kernels *eseg_kernels_for(eseg_isa isa);

#endif
