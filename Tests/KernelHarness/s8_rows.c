// Rows that move codes: copy, pool, sum, gate.

#include <string.h>

#include "s8_layers.h"

typedef struct code_rows {
    const uint8_t *rows[3];
    size_t in_stride, out_stride;
    int in_width, pixels, channels;
    uint8_t *out;
    int32_t *sums;
    int16_t *gates;
} code_rows;

void check_s8_copy_row(test_case *t) {
    const int pixels = between(t, 1, 70), channels = between(t, 1, 200), slot = between(t, 0, 3);
    const size_t in_stride = channels + between(t, 0, 9), out_stride = 4 * (size_t)channels + between(t, 0, 9);
    const uint8_t *in = take_codes(t, (pixels - 1) * in_stride + channels);
    const outputs o = take_outputs(t, (pixels - 1) * out_stride + 4 * (size_t)channels);
    describe(t, "%d pixels, %d channels, slot %d", pixels, channels, slot);
    reference()->s8.copy_row(in, in_stride, pixels, channels, o.expected + slot, out_stride);
    flip_slots(t, o.expected + slot, pixels, out_stride, channels);
    t->kernels->s8.copy_row(in, in_stride, pixels, channels, o.actual + slot, out_stride);
    expect_equal(t, &o, out_stride);
}

void check_s8_pool_row(test_case *t) {
    const int in_width = between(t, 1, one_in(t, 4) ? 3 : 140), out_width = (in_width + 1) / 2, channels = between(t, 1, 200);
    const size_t in_stride = channels + between(t, 0, 9), out_stride = channels + between(t, 0, 9);
    const uint8_t *rows[3];
    for (int k = 0; k < 3; ++k) rows[k] = take_codes(t, (in_width - 1) * in_stride + channels);
    rows[PICK(t, 0, 2)] = rows[1];
    const outputs o = take_outputs(t, (out_width - 1) * out_stride + channels);
    describe(t, "%d pixels of %d channels to %d pixels", in_width, channels, out_width);
    reference()->s8.pool_row(rows, in_width, in_stride, out_width, channels, o.expected, out_stride);
    t->kernels->s8.pool_row(rows, in_width, in_stride, out_width, channels, o.actual, out_stride);
    expect_equal(t, &o, out_stride);
}

void check_s8_sum_row(test_case *t) {
    const int pixels = between(t, 1, one_in(t, 20) ? 5000 : 300), channels = between(t, 1, 200);
    const size_t stride = channels + between(t, 0, 9);
    const uint8_t *in = take_codes(t, (pixels - 1) * stride + channels);
    const outputs o = take_outputs(t, channels * sizeof(int32_t));
    for (int c = 0; c < channels; ++c) {
        const int32_t start = between(t, 0, 1 << 20);
        memcpy(o.expected + 4 * c, &start, 4);
        memcpy(o.actual + 4 * c, &start, 4);
    }
    describe(t, "%d pixels, %d channels", pixels, channels);
    reference()->s8.sum_row(in, stride, pixels, channels, (int32_t *)o.expected);
    t->kernels->s8.sum_row(in, stride, pixels, channels, (int32_t *)o.actual);
    expect_equal(t, &o, sizeof(int32_t));
}

void check_s8_gate_row(test_case *t) {
    const int pixels = between(t, 1, 70), channels = between(t, 1, 200), in_zero = between(t, 0, 255), out_zero = between(t, 0, 255);
    const size_t stride = channels + between(t, 0, 9);
    const outputs o = take_outputs(t, (pixels - 1) * stride + channels + ESEG_SLACK);
    const uint8_t *codes = take_codes(t, o.size);
    int16_t *gates = take(t, channels * sizeof *gates);
    for (int c = 0; c < channels; ++c) gates[c] = (int16_t)(one_in(t, 4) ? PICK(t, 0, 1, 32767) : between(t, 0, 32767));
    memcpy(o.expected, codes, o.size);
    memcpy(o.actual, codes, o.size);
    describe(t, "%d pixels, %d channels, zero points %d and %d", pixels, channels, in_zero, out_zero);
    reference()->s8.gate_row(o.expected, stride, pixels, channels, gates, in_zero, out_zero);
    t->kernels->s8.gate_row(o.actual, stride, pixels, channels, gates, in_zero, out_zero);
    expect_equal(t, &o, stride);
}

static code_rows take_rows(test_case *t, int pixels, int channels) {
    code_rows m = {.in_stride = channels, .out_stride = channels, .in_width = 2 * pixels, .pixels = pixels, .channels = channels};
    for (int k = 0; k < 3; ++k) m.rows[k] = take_codes(t, 2 * (size_t)pixels * channels);
    m.out = take(t, 4 * (size_t)pixels * channels + ESEG_SLACK);
    m.sums = take(t, channels * sizeof *m.sums);
    memset(m.sums, 0, channels * sizeof *m.sums);
    m.gates = take(t, channels * sizeof *m.gates);
    return m;
}

static void run_copy(const eseg_kernels *kernels, void *context) {
    const code_rows *m = context;
    kernels->s8.copy_row(m->rows[0], m->in_stride, m->pixels, m->channels, m->out, 4 * m->in_stride);
}

static void run_pool(const eseg_kernels *kernels, void *context) {
    const code_rows *m = context;
    kernels->s8.pool_row(m->rows, m->in_width, m->in_stride, m->pixels, m->channels, m->out, m->out_stride);
}

static void run_sum(const eseg_kernels *kernels, void *context) {
    const code_rows *m = context;
    memset(m->sums, 0, m->channels * sizeof *m->sums);
    kernels->s8.sum_row(m->rows[0], m->in_stride, m->pixels, m->channels, m->sums);
}

static void run_gate(const eseg_kernels *kernels, void *context) {
    const code_rows *m = context;
    kernels->s8.gate_row(m->out, m->in_stride, m->pixels, m->channels, m->gates, 3, 5);
}

static void bench_rows(bench *b, double bytes_per_code, void (*run)(const eseg_kernels *, void *)) {
    code_rows m = take_rows(&b->memory, 60, 64);
    time_each(b, "60 pixels of 64", bytes_per_code * 60 * 64, "GB/s", run, &m);
}

void bench_s8_copy_row(bench *b) { bench_rows(b, 2, run_copy); }
void bench_s8_pool_row(bench *b) { bench_rows(b, 7, run_pool); }
void bench_s8_sum_row(bench *b) { bench_rows(b, 1, run_sum); }
void bench_s8_gate_row(bench *b) { bench_rows(b, 2, run_gate); }
