#ifndef ESEG_GATE_H
#define ESEG_GATE_H

#include <stdint.h>

/// Squeeze-excite's gate, float32 in a fixed order whatever the maps are: the same bits on every machine. See QuantizedSqueezeExcite.
typedef struct eseg_gate_layer {
    int channels, squeezed;
    const float *reduce_weights;  ///< [channels][squeezed]: transposed
    const float *reduce_bias;
    const float *expand_weights;  ///< [squeezed][channels]: transposed
    const float *expand_bias;
    float in_scale, out_scale;
    int32_t in_zero_point, out_zero_point;
} eseg_gate_layer;

/// What the network squeezes the sums of codes over `pixels` pixels to: gate->squeezed values. The sums come in [parts][channels].
void eseg_gate_squeeze(const eseg_gate_layer *gate, const int64_t *sums, int parts, int pixels, float *squeezed);

/// The gates of channels [begin, end) in 1/8192. The same for each, however channels are divided.
void eseg_gate_excite(const eseg_gate_layer *gate, const float *squeezed, int begin, int end, int16_t *gates);

/// Both: the gates in 1/8192 from the sums of codes over `pixels` pixels. `squeezed` has room for gate->squeezed values.
void eseg_gate_values(const eseg_gate_layer *gate, const int64_t *sums, int pixels, float *squeezed, int16_t *gates);

/// The gates times input scale / output scale, as float32.
void eseg_gate_factors(const eseg_gate_layer *gate, const int64_t *sums, int pixels, float *squeezed, float *factors);

#endif
