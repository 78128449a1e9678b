#ifndef ESEG_INT16_SILU_H
#define ESEG_INT16_SILU_H

#include <stdint.h>
#include <string.h>

// x / (1 + 2^(−x · log2 e)) within 2 · 10^-6 or 5 · 10^-7 of the result, whichever is more, by correctly rounded operations in a fixed
// order: the same bits on every machine. 2^n · 2^f: adding 1.5 · 2^23 rounds to n and leaves it in the lowest bits, from where it is added
// to the exponent of 2^f, a polynomial.
#define SILU_LOG2E 1.44269504f
#define SILU_MOST 125.0f  ///< of |x · log2 e|
#define SILU_MAGIC 12582912.0f
#define SILU_P0 0.999999285f
#define SILU_P1 0.693121791f
#define SILU_P2 0.240247443f
#define SILU_P3 0.0559178628f
#define SILU_P4 0.00957010221f

/// 1 + e^(−x): SiLU is x divided by it, the sigmoid is 1 divided by it.
static inline float exact_sigmoid_divisor(float x) {
    float t = x * -SILU_LOG2E;
    t = t < -SILU_MOST ? -SILU_MOST : t > SILU_MOST ? SILU_MOST : t;
    const float m = t + SILU_MAGIC, f = t - (m - SILU_MAGIC);
    float power = (((SILU_P4 * f + SILU_P3) * f + SILU_P2) * f + SILU_P1) * f + SILU_P0;
    uint32_t bits, n;
    memcpy(&bits, &power, sizeof bits);
    memcpy(&n, &m, sizeof n);
    bits += n << 23;
    memcpy(&power, &bits, sizeof power);
    return 1.0f + power;
}

#endif
