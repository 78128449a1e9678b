#ifndef ESEG_ARM_LIMITS_H
#define ESEG_ARM_LIMITS_H

#include <stddef.h>

/// Bytes that the limits of one block take in plain NEON's packed convolution weights: one for each eight of a tap, one behind it.
static inline size_t eseg_s8_limits_size(int tap_count, int tap_quads) {
    return ((size_t)tap_count * ((tap_quads + 1) / 2 + 1) + 15) & ~(size_t)15;
}

#endif
