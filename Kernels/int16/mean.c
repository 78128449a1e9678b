#include "eseg_pool.h"

#include "../support/span.h"
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
    m.sums = scratch_take(s, op->in.width * op->in.stride * sizeof(int32_t) + ESEG_SLACK);
    m.values = scratch_take(s, piece_bytes(channels));
    return m;
}

size_t eseg_s16_mean_scratch_bytes(const eseg_s16_mean_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

/// Sums of each column over rows of the map.
static void sum_rows(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, span rows) {
    const size_t count = op->in.width * op->in.stride;
    memset(m->sums, 0, count * sizeof *m->sums);
    for (int from = rows.first; from < rows.last; from += rows.step)
        kernels->s16.sum_row(piece_codes(kernels, &op->in, from, 0, op->in.width, m->row), 1, (int)count, m->sums);
}

/// As `mean_pixel` of the kernels, of so many pixels that their sum takes 64 bits.
static void mean_pixel_of_many(const eseg_s16_mean_op *op, const mean_scratch *m, span columns, float multiplier, float *values) {
    const int channels = padded_channels(&op->in);
    memset(m->wide, 0, channels * sizeof *m->wide);
    for (int from = columns.first; from < columns.last; from += columns.step)
        for (int c = 0; c < channels; ++c) m->wide[c] += m->sums[from * op->in.stride + c];
    for (int c = 0; c < channels; ++c) values[c] = (float)m->wide[c] * multiplier;
}

/// Pixels of which an int32 holds the sum.
enum { FEW_PIXELS = 65535 };

static void mean_piece(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, span rows, int y, int x,
                       int pixels) {
    const eseg_window *window = &op->window;
    const size_t stride = op->in.stride;
    const int channels = padded_channels(&op->in);
    for (int p = 0; p < pixels; ++p) {
        const span columns = op->grid ? cell_span(x + p, op->out.width, op->in.width) : window_span(&window->columns, x + p, op->in.width);
        const int inside = span_count(rows) * span_count(columns);
        const int count = op->counts_padding && !op->grid ? window->rows.kernel * window->columns.kernel : inside;
        const float multiplier = op->multiplier / (float)(count > 0 ? count : 1);
        float *values = m->values + (size_t)p * channels;
        if (inside > FEW_PIXELS) mean_pixel_of_many(op, m, columns, multiplier, values);
        else
            kernels->s16.mean_pixel(m->sums + columns.first * stride, columns.step * stride, span_count(columns), channels, multiplier,
                                    values);
    }
    piece_store(kernels, m->values, &op->output, &op->out, y, x, pixels);
}

static void mean_row(const eseg_kernels *kernels, const eseg_s16_mean_op *op, const mean_scratch *m, int y) {
    const span rows = op->grid ? cell_span(y, op->out.height, op->in.height) : window_span(&op->window.rows, y, op->in.height);
    const int most = piece_pixels(padded_channels(&op->in));
    sum_rows(kernels, op, m, rows);
    for (int x = 0; x < op->out.width; x += most) mean_piece(kernels, op, m, rows, y, x, least(most, op->out.width - x));
}

static void mean_rows(const eseg_kernels *kernels, const eseg_s16_mean_op *op, share rows, scratch s) {
    const mean_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y) mean_row(kernels, op, &own, y);
}

void eseg_s16_mean_run(const eseg_kernels *kernels, const eseg_s16_mean_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_mean_scratch_bytes(op, 1);
    WITH_TEAM(threads, mean_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
