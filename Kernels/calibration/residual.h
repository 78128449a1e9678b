#ifndef ESEG_RESIDUAL_H
#define ESEG_RESIDUAL_H

/// What a prediction misses of a target; 0 where an activation bounds both on the same side.
static inline float eseg_fit_residual(float target, float prediction, float lower, float upper) {
    const float bounded = prediction < lower ? prediction : lower, top = prediction > upper ? prediction : upper;
    return (target <= lower ? bounded : target >= upper ? top : target) - prediction;
}

#endif
