// Every kernel in vectors of 4 int32 accumulators. The file that includes this has set the target, `PACKING` and `HEADER`, and defined
// `set_weights` and `accumulate` of convolutions and `start_of` and `add_columns` of depthwise ones, and the sizes of its tiles.

// Where the number of pixels is not a constant, "#pragma unroll" cannot be followed and need not be.
#pragma clang diagnostic ignored "-Wpass-failed"

#include "conv.h"
#include "depthwise.h"
#include "fuse.h"
#include "moving.h"
#include "upsample.h"

#define Q_KERNELS(ISA)                  \
    {                                   \
        .isa = ISA,                     \
        .packing = &PACKING,            \
        .ring_flip = RING_FLIP,         \
        .conv_row = conv_row,           \
        .depthwise_row = depthwise_row, \
        .fuse_row = fuse_row,           \
        .copy_row = copy_row,           \
        .pool_row = pool_row,           \
        .sum_row = sum_row,             \
        .gate_row = gate_row,           \
        .upsample_row = upsample_row,   \
        .peak = peak,                   \
    }
