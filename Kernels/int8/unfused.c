// Parts of fused operations by themselves, to inspect a network layer by layer: the same row kernels, one thread, not optimized.

#include <stdlib.h>
#include <string.h>

#include "front.h"

int eseg_s8_fusion_run(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, const eseg_s8_map *out) {
    const size_t spread = 4 * (size_t)fusion->channels;
    scratch count = {NULL, 0};
    eseg_s8_fusion_take(&count, fusion);
    uint8_t *row = scratch_take(&count, fusion->width * spread + ESEG_SLACK), *memory = malloc(count.used);
    if (!memory) return 0;
    scratch s = {memory, 0};
    fusion_scratch f = eseg_s8_fusion_take(&s, fusion);
    row = scratch_take(&s, fusion->width * spread + ESEG_SLACK);
    for (int y = 0; y < fusion->height; ++y) {
        eseg_s8_fusion_row_into(kernels, fusion, &f, y, 0, fusion->channels, row, spread);
        for (int x = 0; x < fusion->width; ++x)
            for (int c = 0; c < fusion->channels; ++c)
                out->data[((size_t)y * fusion->width + x) * out->stride + c] = row[x * spread + 4 * c] ^ kernels->s8.layout->ring_flip;
    }
    free(memory);
    return 1;
}

int eseg_s8_depthwise_run(const eseg_kernels *kernels, const eseg_s8_depthwise_layer *layer, const eseg_s8_map *in,
                          const eseg_s8_map *out) {
    eseg_s8_block_op block = {
        .front = ESEG_S8_FRONT_COPY, .in = *in, .depthwise = *layer, .out = *out, .front_height = in->height, .front_width = in->width};
    const int chunk = eseg_s8_front_chunk(&block);
    front_scratch scratch = {.rows = eseg_s8_ring_of(layer->kernel, in->width, chunk)};
    scratch.rows.data = malloc(eseg_s8_ring_bytes(&scratch.rows));
    if (!scratch.rows.data) return 0;
    eseg_s8_ring_pad_columns(kernels, &scratch.rows, layer->padding);
    for (int begin = 0; begin < layer->channels; begin += chunk) {
        const int end = begin + chunk < layer->channels ? begin + chunk : layer->channels;
        eseg_s8_front_depthwise(kernels, &block, &scratch, 0, out->height, begin, end, out->data + begin, out->stride);
    }
    free(scratch.rows.data);
    return 1;
}

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
