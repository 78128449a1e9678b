/// e^x within 2e-7 relative for x in [-87, 88]; smaller and larger x are taken as these bounds.
INLINE vec v_exp(vec x) {
    x = v_max(v_min(x, v_set(88)), v_set(-87));
    vec n = v_round(v_mul(x, v_set(1.44269504f)));
    vec r = v_fma(n, v_set(-0.693145752f), x);
    r = v_fma(n, v_set(-1.42860677e-6f), r);
    vec p = v_set(1.98756911e-4f);
    p = v_fma(p, r, v_set(1.39819994e-3f));
    p = v_fma(p, r, v_set(8.33345205e-3f));
    p = v_fma(p, r, v_set(4.16657962e-2f));
    p = v_fma(p, r, v_set(1.66666657e-1f));
    p = v_fma(p, r, v_set(0.5f));
    p = v_fma(p, v_mul(r, r), v_add(r, v_set(1)));
    return v_scale(p, n);
}

INLINE vec v_sigmoid(vec x) { return v_reciprocal(v_add(v_set(1), v_exp(v_sub(v_set(0), x)))); }
INLINE vec v_silu(vec x) { return v_mul(x, v_sigmoid(x)); }

INLINE vec v_hard_sigmoid(vec x) { return v_mul(v_min(v_max(v_add(x, v_set(3)), v_set(0)), v_set(6)), v_set(1.0f / 6)); }
INLINE vec v_hard_swish(vec x) { return v_mul(v_mul(x, v_min(v_max(v_add(x, v_set(3)), v_set(0)), v_set(6))), v_set(1.0f / 6)); }

/// x · sigmoid(x · P(x²)), P as in Kernels/int16/gelu.h.
INLINE vec v_gelu(vec x) {
    vec s = v_min(v_mul(x, x), v_set(25));
    vec p = v_fma(v_set(3.64674202e-9f), s, v_set(-2.68332485e-7f));
    p = v_fma(p, s, v_set(7.95943834e-6f));
    p = v_fma(p, s, v_set(-1.10622546e-4f));
    p = v_fma(p, s, v_set(-6.58173303e-5f));
    p = v_fma(p, s, v_set(0.0726679936f));
    p = v_fma(p, s, v_set(1.59576869f));
    return v_mul(x, v_sigmoid(v_mul(x, p)));
}
INLINE vec v_gelu_tanh(vec x) {
    vec s = v_min(v_mul(x, x), v_set(25));
    return v_mul(x, v_sigmoid(v_mul(x, v_fma(v_set(0.0713548163f), s, v_set(1.59576912f)))));
}
INLINE vec v_elu(vec x) { return v_add(v_max(x, v_set(0)), v_sub(v_exp(v_min(x, v_set(0))), v_set(1))); }

INLINE bool is_curved(eseg_f32_activation activation) { return activation >= ESEG_F32_SILU; }
INLINE vec v_prelu(vec x, vec slope) { return v_fma(slope, v_min(x, v_set(0)), v_max(x, v_set(0))); }
INLINE vec v_curved(vec x, eseg_f32_activation activation, vec slope) {
    switch (activation) {
    case ESEG_F32_PRELU: return v_prelu(x, slope);
    case ESEG_F32_SILU: return v_silu(x);
    case ESEG_F32_SIGMOID: return v_sigmoid(x);
    case ESEG_F32_HARD_SIGMOID: return v_hard_sigmoid(x);
    case ESEG_F32_GELU: return v_gelu(x);
    case ESEG_F32_GELU_TANH: return v_gelu_tanh(x);
    case ESEG_F32_ELU: return v_elu(x);
    default: return v_hard_swish(x);
    }
}

/// The bounds that none, ReLU and ReLU6 clamp to; curves and slopes are applied by themselves.
typedef struct bounds {
    float low, high;
} bounds;

INLINE bounds bounds_of(eseg_f32_activation activation) {
    bool rectified = activation == ESEG_F32_RELU || activation == ESEG_F32_RELU6;
    return (bounds){rectified ? 0 : -INFINITY, activation == ESEG_F32_RELU6 ? 6 : INFINITY};
}

INLINE vec v_clamp(vec x, bounds limits) { return v_min(v_max(x, v_set(limits.low)), v_set(limits.high)); }

INLINE vec v_activate(vec x, eseg_f32_activation activation, vec slope) {
    if (is_curved(activation)) return v_curved(x, activation, slope);
    return v_clamp(x, bounds_of(activation));
}
