#include "fusion.h"

#include "../support/team.h"

fusion_scratch eseg_s8_fusion_take(scratch *s, const eseg_s8_fusion_op *fusion) {
    fusion_scratch f;
    for (int i = 0; i < fusion->inputs; ++i) {
        const eseg_s8_map *map = &fusion->maps[i];
        if (fusion->pooled[i]) f.pooled[i] = scratch_take(s, fusion->width * map->stride + ESEG_SLACK);
        if (fusion->chained) f.accumulators[i] = scratch_take(s, map->width * map->stride * sizeof(int32_t) + ESEG_SLACK);
        f.row[i] = -1;
    }
    return f;
}

static const uint8_t *map_row(const eseg_s8_map *map, int y, int channel) {
    return map->data + (size_t)y * map->width * map->stride + channel;
}

static const uint8_t *pool(const eseg_kernels *kernels, const eseg_s8_map *map, int y, int width, int begin, int end, uint8_t *pooled) {
    const uint8_t *rows[3];
    for (int k = 0; k < 3; ++k) {
        const int from = 2 * y - 1 + k;
        rows[k] = map_row(map, from < 0 ? 0 : from >= map->height ? map->height - 1 : from, begin);
    }
    kernels->s8.pool_row(rows, map->width, map->stride, width, end - begin, pooled, map->stride);
    return pooled;
}

/// Row `y` of map `level`'s grid: the sum of that map and all coarser ones. Sums lie as far apart as codes, so that one table serves both,
/// and the finest map's columns are every map's own.
static const int32_t *accumulator_row(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, fusion_scratch *s, int level, int y,
                                      int begin, int end) {
    if (s->row[level] == y && s->channel[level] == begin) return s->accumulators[level];
    const eseg_s8_map *map = &fusion->maps[level];
    eseg_s8_fusion_row row = {.inputs = 1,
                              .rows = {map_row(map, y, begin)},
                              .columns = {fusion->columns[0]},
                              .multipliers = {fusion->multipliers[level] + begin},
                              .pixels = map->width,
                              .channels = end - begin,
                              .accumulators = s->accumulators[level],
                              .accumulator_stride = map->stride};
    if (level + 1 < fusion->inputs) {
        row.coarse = accumulator_row(kernels, fusion, s, level + 1, fusion->rows[level + 1][y], begin, end);
        row.coarse_columns = fusion->columns[level + 1];
    }
    kernels->s8.fusion_row(&row);
    s->row[level] = y;
    s->channel[level] = begin;
    return s->accumulators[level];
}

void eseg_s8_fusion_row_into(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, fusion_scratch *s, int y, int begin, int end,
                             int packed, uint8_t *out, size_t out_stride) {
    eseg_s8_fusion_row row = {.bias = fusion->bias + begin,
                              .shift = fusion->shift,
                              .curve = fusion->curve,
                              .zero_point = fusion->zero_point,
                              .pixels = fusion->width,
                              .channels = end - begin,
                              .packed = packed,
                              .out = out,
                              .out_stride = out_stride};
    if (fusion->chained) {
        row.inputs = 1;
        row.rows[0] = map_row(&fusion->maps[0], y, begin);
        row.columns[0] = fusion->columns[0];
        row.multipliers[0] = fusion->multipliers[0] + begin;
        if (fusion->inputs > 1) {
            row.coarse = accumulator_row(kernels, fusion, s, 1, fusion->rows[1][y], begin, end);
            row.coarse_columns = fusion->columns[1];
        }
    } else {
        row.inputs = fusion->inputs;
        for (int i = 0; i < fusion->inputs; ++i) {
            const eseg_s8_map *map = &fusion->maps[i];
            row.columns[i] = fusion->columns[i];
            row.multipliers[i] = fusion->multipliers[i] + begin;
            row.rows[i] = fusion->pooled[i] ? pool(kernels, map, y, fusion->width, begin, end, s->pooled[i])
                                            : map_row(map, fusion->rows[i][y], begin);
        }
    }
    kernels->s8.fusion_row(&row);
}

size_t eseg_s8_fusion_scratch_bytes(const eseg_s8_fusion_op *fusion, int threads) {
    scratch s = {NULL, 0};
    eseg_s8_fusion_take(&s, fusion);
    return s.used * threads;
}

static void fusion_rows(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, const eseg_s8_map *out, share rows, scratch s) {
    fusion_scratch f = eseg_s8_fusion_take(&s, fusion);
    for (int y = rows.begin; y < rows.end; ++y)
        eseg_s8_fusion_row_into(kernels, fusion, &f, y, 0, fusion->channels, 1, out->data + (size_t)y * out->width * out->stride,
                                out->stride);
}

void eseg_s8_fusion_run(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, const eseg_s8_map *out, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s8_fusion_scratch_bytes(fusion, 1);
    WITH_TEAM(threads, fusion_rows(kernels, fusion, out, share_of(fusion->height, me), scratch_part(&all, me.index, each)));
}
