#ifndef ESEG_RECTIFIED_H
#define ESEG_RECTIFIED_H

#include "../kernels.h"

/// What makes codes of a block's sums in few instructions where the zero point is 0, as behind a ReLU. The bits of the float 2^23, added to
/// a sum of 23 bits, make it the float 2^23 + sum; offset + that · multiplier, rounded once, is sum · multiplier as the specification
/// rounds it, since the offset −2^23 · multiplier is exact. Negative sums are halved on the way, but stay negative: their code is 0.
typedef struct eseg_s8_rectified {
    const int32_t *start;  ///< of the sums: the bits of 2^23, the bias, what signed codes take away
    const float *multiplier, *offset;
    int holds;   ///< whether all of the block's sums have 23 bits and, scaled, 15
    int narrow;  ///< whether, scaled, they have 15
} eseg_s8_rectified;

/// A convolution of an image has taps of few bytes: its rows' bytes of a pixel are gathered into one tap if they take no more than this.
enum { ESEG_S8_GATHERED = 32 };

enum { ESEG_S8_HOLDS = 1, ESEG_S8_NARROW = 2 };

/// Bytes of them for `values` values each: a block's channels once, or twice where i8mm has squares of 2 pixels × 2 channels.
#define ESEG_S8_RECTIFIED_SIZE(VALUES) (3 * (VALUES) * sizeof(int32_t) + 16)

static inline eseg_s8_rectified eseg_s8_rectified_at(const int8_t *packed, int values) {
    const int32_t *start = (const int32_t *)packed;
    const float *multiplier = (const float *)(start + values);
    const int flags = start[3 * values];
    return (eseg_s8_rectified){start, multiplier, multiplier + values, (flags & ESEG_S8_HOLDS) != 0, (flags & ESEG_S8_NARROW) != 0};
}

/// Bytes of each of the taps that are gathered; 0: none are.
static inline int eseg_s8_gathered_at(const int8_t *packed, int values) { return ((const int32_t *)packed)[3 * values + 1]; }

#endif
