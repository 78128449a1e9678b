#ifndef ESEG_INT16_GELU_H
#define ESEG_INT16_GELU_H

#include "silu.h"

// GELU is x · sigmoid(x · P(x²)), P a polynomial, within 10^-6 of x · Φ(x); of its approximation by a hyperbolic tangent, P is what that says.
// x² counts up to GELU_MOST, from where on the sigmoid is 0 or 1 to 10^-6. ELU is max(x, 0) + e^min(x, 0) − 1.
#define GELU_MOST 25.0f
#define GELU_P0 1.59576869f
#define GELU_P1 0.0726679936f
#define GELU_P2 -6.58173303e-05f
#define GELU_P3 -0.000110622546f
#define GELU_P4 7.95943834e-06f
#define GELU_P5 -2.68332485e-07f
#define GELU_P6 3.64674202e-09f
#define GELU_TANH_P0 1.59576917f
#define GELU_TANH_P1 0.0713548139f

static inline float exact_gelu(float x, int by_tanh) {
    float s = x * x;
    s = s < GELU_MOST ? s : GELU_MOST;
    const float p = by_tanh ? GELU_TANH_P1 * s + GELU_TANH_P0
                            : (((((GELU_P6 * s + GELU_P5) * s + GELU_P4) * s + GELU_P3) * s + GELU_P2) * s + GELU_P1) * s + GELU_P0;
    return x / exact_sigmoid_divisor(x * p);
}

static inline float exact_elu(float x) {
    const float above = x > 0.0f ? x : 0.0f, below = x > 0.0f ? 0.0f : x;
    return above + (exact_sigmoid_divisor(0.0f - below) - 2.0f);
}

#endif
