#include "eseg_pool.h"

#include "../support/scratch.h"
#include "pieces.h"

typedef struct mean_scratch {
    int16_t *row;
    int64_t *wide;  ///< sums of one pixel's channels
    int32_t *sums;  ///< over the window's rows
    float *values;
} mean_scratch;

static mean_scratch take_scratch(scratch *s, const eseg_s16_mean_op *op) {
    const int channels = padded_channels(&op->in);
    mean_scratch m = {.row = op->in.bytes == 1 ? scratch_take(s, row_bytes(&op->in)) : NULL};
    m.wide = scratch_take(s, channels * sizeof(int64_t));
    m.sums = scratch_take(s, op->in.width * op->in.stride * sizeof(int32_t));
    m.values = scratch_take(s, channels * sizeof(float) + ESEG_SLACK);
    return m;
}

size_t eseg_s16_mean_scratch_bytes(const eseg_s16_mean_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

/// Sums of each column over the rows of a window inside the map. Returns how many rows these are.
static int sum_rows(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, int y) {
    const eseg_axis *down = &op->window.rows;
    const size_t count = op->in.width * op->in.stride;
    int32_t *restrict sums = m->sums;
    int inside = 0;
    memset(sums, 0, count * sizeof *sums);
    for (int k = 0; k < down->kernel; ++k) {
        const int from = y * down->stride - down->before + k * down->dilation;
        if (from < 0 || from >= op->in.height) continue;
        const int16_t *restrict codes = piece_codes(kernels, &op->in, from, 0, op->in.width, m->row);
        for (size_t i = 0; i < count; ++i) sums[i] += codes[i];
        ++inside;
    }
    return inside;
}

/// Sums of a pixel's channels over the columns of its window. Returns how many columns these are.
static int sum_columns(const eseg_s16_mean_op *op, const mean_scratch *m, int x) {
    const eseg_axis *across = &op->window.columns;
    const int channels = padded_channels(&op->in);
    int64_t *restrict wide = m->wide;
    int inside = 0;
    memset(wide, 0, channels * sizeof *wide);
    for (int k = 0; k < across->kernel; ++k) {
        const int from = x * across->stride - across->before + k * across->dilation;
        if (from < 0 || from >= op->in.width) continue;
        const int32_t *restrict sums = m->sums + from * op->in.stride;
        for (int c = 0; c < channels; ++c) wide[c] += sums[c];
        ++inside;
    }
    return inside;
}

static void mean_row(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, int y) {
    const int channels = padded_channels(&op->in), taps = op->window.rows.kernel * op->window.columns.kernel;
    const int rows = sum_rows(kernels, op, m, y);
    for (int x = 0; x < op->out.width; ++x) {
        const int columns = sum_columns(op, m, x), count = op->counts_padding ? taps : rows * columns;
        const float multiplier = op->multiplier / (float)(count > 0 ? count : 1);
        for (int c = 0; c < channels; ++c) m->values[c] = (float)m->wide[c] * multiplier;
        piece_store(kernels, m->values, &op->output, &op->out, y, x, 1);
    }
}

void eseg_s16_mean_run(const eseg_kernels *kernels, const eseg_s16_mean_op *op, int threads, void *memory) {
    const size_t each = eseg_s16_mean_scratch_bytes(op, 1);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int t = 0; t < threads; ++t) {
        scratch s = {(uint8_t *)memory + t * each, 0};
        const mean_scratch own = take_scratch(&s, op);
        const row_share share = row_share_of(op->out.height, t, threads);
        for (int y = share.begin; y < share.end; ++y) mean_row(kernels, op, &own, y);
    }
}
