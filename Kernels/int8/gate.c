// A gate by itself, where no block takes it in: the same row kernels, one thread, not optimized.

#include <string.h>

#include "front.h"

typedef struct gate_scratch {
    int64_t *sums;
    float *squeezed;
    int16_t *gates;
} gate_scratch;

static gate_scratch take_scratch(scratch *s, const eseg_gate_layer *gate) {
    return (gate_scratch){scratch_take(s, gate->channels * sizeof(int64_t)), scratch_take(s, gate->squeezed * sizeof(float)),
                          scratch_take(s, gate->channels * sizeof(int16_t))};
}

size_t eseg_s8_gate_scratch_bytes(const eseg_gate_layer *gate) {
    scratch s = {NULL, 0};
    take_scratch(&s, gate);
    return s.used;
}

void eseg_s8_gate_run(const eseg_kernels *kernels, const eseg_gate_layer *gate, const eseg_s8_map *map, void *memory) {
    const int pixels = map->width * map->height;
    scratch s = {memory, 0};
    const gate_scratch own = take_scratch(&s, gate);
    memset(own.sums, 0, gate->channels * sizeof *own.sums);
    eseg_s8_add_channel_sums(kernels, map->data, map->stride, pixels, gate->channels, own.sums);
    eseg_gate_values(gate, own.sums, pixels, own.squeezed, own.gates);
    kernels->s8.gate_row(map->data, map->stride, pixels, gate->channels, own.gates, gate->in_zero_point, gate->out_zero_point);
}
