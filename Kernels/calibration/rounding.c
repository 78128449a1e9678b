#include "eseg_calibration.h"

#include <math.h>

void eseg_weight_magnitudes(const double *weights, size_t count, double *greatest, double *sum) {
    *greatest = *sum = 0;
    for (size_t i = 0; i < count; ++i) {
        *greatest = fmax(*greatest, fabs(weights[i]));
        *sum += fabs(weights[i]);
    }
}

eseg_rounding_effect eseg_round_weights(const double *weights, size_t count, double scale, double limit, const double *means,
                                        const double *powers, int16_t *codes) {
    eseg_rounding_effect effect = {0, 0, 0};
    for (size_t i = 0; i < count; ++i) {
        const double code = fmin(limit, fmax(-limit, rint(weights[i] / scale))), error = weights[i] - code * scale;
        codes[i] = (int16_t)code;
        effect.mean += error * means[i];
        effect.noise += error * error * powers[i];
        effect.signal += weights[i] * weights[i] * powers[i];
    }
    return effect;
}
