#include "eseg_gate.h"

#include <string.h>

#include "eseg_maps.h"
#include "exact_exp.h"

static inline float sigmoid(float x) { return 1.0f / (1.0f + exact_exp(-x)); }

/// squeezed = silu(reduce(mean)), each sum over channels in rising order.
void eseg_gate_squeeze(const eseg_gate_layer *gate, const int64_t *sums, int parts, int pixels, float *restrict squeezed) {
    const float step = gate->in_scale / (float)pixels;
    const int m = gate->squeezed;
    for (int j = 0; j < m; ++j) squeezed[j] = gate->reduce_bias[j];
    for (int c = 0; c < gate->channels; ++c) {
        int64_t sum = -(int64_t)pixels * gate->in_zero_point;
        for (int i = 0; i < parts; ++i) sum += sums[(size_t)i * gate->channels + c];
        const float mean = (float)sum * step;
        const float *restrict weights = gate->reduce_weights + (size_t)c * m;
        for (int j = 0; j < m; ++j) squeezed[j] += mean * weights[j];
    }
    for (int j = 0; j < m; ++j) squeezed[j] *= sigmoid(squeezed[j]);
}

/// `count` factors from channel `first` on; sums over squeezed values in rising order.
static inline void excite(const eseg_gate_layer *gate, const float *squeezed, int first, const int count, float *factors) {
    const float ratio = gate->in_scale / gate->out_scale;
    float x[ESEG_LANES];
    for (int k = 0; k < count; ++k) x[k] = gate->expand_bias[first + k];
    for (int j = 0; j < gate->squeezed; ++j)
        for (int k = 0; k < count; ++k) x[k] += squeezed[j] * gate->expand_weights[(size_t)j * gate->channels + first + k];
    for (int k = 0; k < count; ++k) factors[k] = sigmoid(x[k]) * ratio;
}

static inline int least(int a, int b) { return a < b ? a : b; }

void eseg_gate_factors(const eseg_gate_layer *gate, const int64_t *sums, int pixels, float *squeezed, float *factors) {
    eseg_gate_squeeze(gate, sums, 1, pixels, squeezed);
    int c = 0;
    for (; c + ESEG_LANES <= gate->channels; c += ESEG_LANES) excite(gate, squeezed, c, ESEG_LANES, factors + c);
    if (c < gate->channels) excite(gate, squeezed, c, gate->channels - c, factors + c);
}

void eseg_gate_excite(const eseg_gate_layer *gate, const float *squeezed, int begin, int end, int16_t *gates) {
    for (int c = begin; c < end; c += ESEG_LANES) {
        float factors[ESEG_LANES];
        const int count = least(end - c, ESEG_LANES);
        if (count == ESEG_LANES) excite(gate, squeezed, c, ESEG_LANES, factors);
        else excite(gate, squeezed, c, count, factors);
        for (int k = 0; k < count; ++k) {
            const float g = factors[k] * 8192.0f;
            gates[c + k] = (int16_t)round_even(g < 32767.0f ? g : 32767.0f);
        }
    }
}

void eseg_gate_values(const eseg_gate_layer *gate, const int64_t *sums, int pixels, float *squeezed, int16_t *gates) {
    eseg_gate_squeeze(gate, sums, 1, pixels, squeezed);
    eseg_gate_excite(gate, squeezed, 0, gate->channels, gates);
}
