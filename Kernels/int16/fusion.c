#include "pieces.h"

/// Where a row of each input is widened to, and pooled.
typedef struct sum_scratch {
    int16_t *widened[ESEG_MAX_FUSED][3];
    int16_t *pooled[ESEG_MAX_FUSED];
    float *values;
} sum_scratch;

static sum_scratch take_scratch(scratch *s, const eseg_s16_fusion_op *op) {
    sum_scratch c = {0};
    for (int i = 0; i < op->inputs; ++i) {
        if (op->maps[i].bytes == 1)
            for (int k = 0; k < (op->pooled[i] ? 3 : 1); ++k) c.widened[i][k] = scratch_take(s, row_bytes(&op->maps[i]));
        if (op->pooled[i]) c.pooled[i] = scratch_take(s, row_bytes(&op->maps[i]));
    }
    c.values = scratch_take(s, piece_bytes(padded_channels(&op->out)));
    return c;
}

size_t eseg_s16_fusion_scratch_bytes(const eseg_s16_fusion_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

/// Row `y` of the pooled map.
static void pool(const eseg_kernels *kernels, const eseg_s16_map *map, int y, int out_width, int16_t *const widened[3], int16_t *out) {
    const int16_t *rows[3];
    for (int k = 0; k < 3; ++k) {
        const int from = 2 * y - 1 + k, inside = from < 0 ? 0 : least(from, map->height - 1);
        rows[k] = piece_codes(kernels, map, inside, 0, map->width, widened[k]);
    }
    kernels->s16.pool_row(rows, map->width, out_width, (int)map->stride, out);
}

static void sum_row(const eseg_kernels *kernels, const eseg_s16_fusion_op *op, const sum_scratch *s, int y) {
    const int channels = padded_channels(&op->out), width = op->out.width, pixels = piece_pixels(channels);
    const int16_t *codes[ESEG_MAX_FUSED];
    for (int i = 0; i < op->inputs; ++i) {
        const eseg_s16_map *map = &op->maps[i];
        if (op->pooled[i]) pool(kernels, map, y, width, s->widened[i], s->pooled[i]);
        codes[i] = op->pooled[i] ? s->pooled[i] : piece_codes(kernels, map, op->rows[i][y], 0, map->width, s->widened[i][0]);
    }
    for (int x = 0; x < width; x += pixels) {
        const int count = least(pixels, width - x);
        for (int i = 0; i < op->inputs; ++i) {
            const eseg_s16_add_row row = {.codes = codes[i],
                                          .columns = op->columns[i] + x,
                                          .multipliers = op->multipliers[i],
                                          .adds = i > 0,
                                          .pixels = count,
                                          .channels = channels,
                                          .values = s->values};
            kernels->s16.add_row(&row);
        }
        piece_store(kernels, s->values, &op->output, &op->out, y, x, count);
    }
}

static void fusion_rows(const eseg_kernels *kernels, const eseg_s16_fusion_op *op, share rows, scratch s) {
    const sum_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y) sum_row(kernels, op, &own, y);
}

void eseg_s16_fusion_run(const eseg_kernels *kernels, const eseg_s16_fusion_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_fusion_scratch_bytes(op, 1);
    WITH_TEAM(threads, fusion_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}

static void pool_rows(const eseg_kernels *kernels, const eseg_s16_map *in, const eseg_s16_map *out, share rows) {
    for (int y = rows.begin; y < rows.end; ++y)
        pool(kernels, in, y, out->width, (int16_t *[3]){NULL}, (int16_t *)out->data + (size_t)y * out->width * out->stride);
}

void eseg_s16_pool_run(const eseg_kernels *kernels, const eseg_s16_map *in, const eseg_s16_map *out, int threads) {
    WITH_TEAM(threads, pool_rows(kernels, in, out, share_of(out->height, me)));
}
