// A gate by itself, to inspect a network layer by layer: the same row kernels, one thread, not optimized.

#include <stdlib.h>

#include "front.h"

int eseg_s8_gate_run(const eseg_kernels *kernels, const eseg_gate_layer *gate, const eseg_s8_map *map) {
    const int pixels = map->width * map->height;
    int64_t *sums = malloc(gate->channels * sizeof *sums);
    float *squeezed = malloc(gate->squeezed * sizeof *squeezed);
    int16_t *gates = malloc(gate->channels * sizeof *gates);
    const int enough = sums && squeezed && gates;
    if (enough) {
        eseg_s8_channel_sums(kernels, map->data, map->stride, pixels, gate->channels, sums);
        eseg_gate_values(gate, sums, pixels, squeezed, gates);
        kernels->s8.gate_row(map->data, map->stride, pixels, gate->channels, gates, gate->in_zero_point, gate->out_zero_point);
    }
    free(sums);
    free(squeezed);
    free(gates);
    return enough;
}
