#include "eseg_pool.h"

#include "../support/scratch.h"
#include "pieces.h"

/// Taps first..<end of a window.
typedef struct taps_inside {
    int first, end;
} taps_inside;

typedef struct mean_scratch {
    int16_t *row;
    void *wide;     ///< sums of one pixel's channels
    int32_t *sums;  ///< over the window's rows
    float *values;
} mean_scratch;

static mean_scratch take_scratch(scratch *s, const eseg_s16_mean_op *op) {
    const int channels = padded_channels(&op->in);
    mean_scratch m = {.row = op->in.bytes == 1 ? scratch_take(s, row_bytes(&op->in)) : NULL};
    m.wide = scratch_take(s, channels * sizeof(int64_t));
    m.sums = scratch_take(s, op->in.width * op->in.stride * sizeof(int32_t));
    m.values = scratch_take(s, piece_bytes(channels));
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

/// The columns of a pixel's window that lie inside the map.
static taps_inside columns_inside(const eseg_s16_mean_op *op, int x) {
    const eseg_axis *across = &op->window.columns;
    const int origin = x * across->stride - across->before;
    taps_inside inside = {0, across->kernel};
    while (inside.first < inside.end && origin + inside.first * across->dilation < 0) ++inside.first;
    while (inside.end > inside.first && origin + (inside.end - 1) * across->dilation >= op->in.width) --inside.end;
    return inside;
}

/// values = float(a pixel's sums over the columns of its window) · multiplier.
#define MEAN_PIXEL(TYPE, NAME)                                                                                                         \
    static void NAME(const eseg_s16_mean_op *op, const mean_scratch *m, int x, taps_inside columns, float multiplier, float *values) { \
        const eseg_axis *across = &op->window.columns;                                                                                 \
        const int channels = padded_channels(&op->in), origin = x * across->stride - across->before;                                   \
        TYPE *restrict wide = m->wide;                                                                                                 \
        float *restrict to = values;                                                                                                   \
        memset(wide, 0, channels * sizeof *wide);                                                                                      \
        for (int k = columns.first; k < columns.end; ++k) {                                                                            \
            const int32_t *restrict sums = m->sums + (origin + k * across->dilation) * op->in.stride;                                  \
            for (int c = 0; c < channels; ++c) wide[c] += sums[c];                                                                     \
        }                                                                                                                              \
        for (int c = 0; c < channels; ++c) to[c] = (float)wide[c] * multiplier;                                                        \
    }
MEAN_PIXEL(int32_t, mean_pixel)
MEAN_PIXEL(int64_t, mean_pixel_of_many)
#undef MEAN_PIXEL

/// Windows of which an int32 holds the sum.
enum { FEW_TAPS = 65535 };

static void mean_row(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, int y) {
    const int channels = padded_channels(&op->in), most = piece_pixels(channels), rows = sum_rows(kernels, op, m, y);
    const int64_t taps = (int64_t)op->window.rows.kernel * op->window.columns.kernel;
    for (int x = 0; x < op->out.width; x += most) {
        const int pixels = least(most, op->out.width - x);
        for (int p = 0; p < pixels; ++p) {
            const taps_inside columns = columns_inside(op, x + p);
            const int inside = rows * (columns.end - columns.first), count = op->counts_padding ? (int)taps : inside;
            const float multiplier = op->multiplier / (float)(count > 0 ? count : 1);
            (taps > FEW_TAPS ? mean_pixel_of_many : mean_pixel)(op, m, x + p, columns, multiplier, m->values + (size_t)p * channels);
        }
        piece_store(kernels, m->values, &op->output, &op->out, y, x, pixels);
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
