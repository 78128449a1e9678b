#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eseg_int8_ops.h"

/// e^x within 2 ulp by correctly rounded operations in a fixed order: the same bits on every machine.
static float exact_exp(float x) {
    x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    const float n = rintf(x * 1.44269504f);
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * r * r + r + 1.0f;
    uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return y * power;
}

static float sigmoid(float x) { return 1.0f / (1.0f + exact_exp(-x)); }

void eseg_gate_values(const eseg_gate *gate, const int32_t *sums, int pixels, float *squeezed, int16_t *gates) {
    const float step = gate->in_scale / (float)pixels;
    const int m = gate->squeezed;
    for (int j = 0; j < m; ++j) squeezed[j] = gate->reduce_bias[j];
    for (int c = 0; c < gate->channels; ++c) {
        const float mean = (float)((int64_t)sums[c] - (int64_t)pixels * gate->in_zero_point) * step;
        for (int j = 0; j < m; ++j) squeezed[j] += mean * gate->reduce_weights[(size_t)c * m + j];
    }
    for (int j = 0; j < m; ++j) squeezed[j] *= sigmoid(squeezed[j]);
    const float ratio = gate->in_scale / gate->out_scale;
    for (int c = 0; c < gate->channels; ++c) {
        float x = gate->expand_bias[c];
        for (int j = 0; j < m; ++j) x += squeezed[j] * gate->expand_weights[(size_t)j * gate->channels + c];
        const float g = rintf(sigmoid(x) * ratio * 8192.0f);
        gates[c] = g < 32767.0f ? (int16_t)g : INT16_MAX;
    }
}
