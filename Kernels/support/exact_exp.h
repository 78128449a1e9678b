#ifndef ESEG_EXACT_EXP_H
#define ESEG_EXACT_EXP_H

#include <stdint.h>
#include <string.h>

/// Rounds half to even, for |x| < 2^22: adding 1.5 · 2^23 leaves no fraction bits.
static inline float round_even(float x) { return (x + 12582912.0f) - 12582912.0f; }

/// e^x within 2 ulp by correctly rounded operations in a fixed order: the same bits on every machine.
static inline float exact_exp(float x) {
    x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    const float n = round_even(x * 1.44269504f);
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * r * r + r + 1.0f;
    const uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return y * power;
}

#endif
