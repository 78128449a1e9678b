#include "s8_layers.h"

static eseg_s8_fusion_row take_row(test_case *t, int inputs, int channels, int pixels) {
    eseg_s8_fusion_row row = {.inputs = inputs,
                              .shift = one_in(t, 2) ? between(t, 14, 15) : between(t, 1, 24),
                              .curve = take_curve_or_null(t),
                              .zero_point = between(t, 0, 255),
                              .pixels = pixels,
                              .channels = channels,
                              .out_stride = 4 * (size_t)channels + between(t, 0, 9)};
    const int padded = eseg_blocks(channels) * ESEG_LANES;
    int32_t *bias = take(t, padded * sizeof *bias);
    fill_symmetric(t, 1 << between(t, 0, 29), bias, padded);
    row.bias = bias;
    for (int i = 0; i < inputs; ++i) {
        const int width = between(t, 1, 2 * pixels), stride = channels + between(t, 0, 9);
        int32_t *columns = take(t, pixels * sizeof *columns), *multipliers = take(t, padded * sizeof *multipliers);
        for (int p = 0; p < pixels; ++p) columns[p] = between(t, 0, width - 1) * stride;
        fill_symmetric(t, one_in(t, 2) ? 32767 : 1 << between(t, 0, 14), multipliers, padded);
        row.rows[i] = take_codes(t, (width - 1) * (size_t)stride + channels);
        row.columns[i] = columns;
        row.multipliers[i] = multipliers;
    }
    return row;
}

/// Starts the sums from those of a coarser map.
static void add_coarse(test_case *t, eseg_s8_fusion_row *row) {
    const int width = between(t, 1, row->pixels), stride = row->channels + between(t, 0, 9);
    int32_t *columns = take(t, row->pixels * sizeof *columns);
    int32_t *coarse = take(t, ((width - 1) * (size_t)stride + row->channels) * sizeof *coarse + ESEG_SLACK);
    fill_symmetric(t, 1 << 28, coarse, (width - 1) * (size_t)stride + row->channels);
    for (int p = 0; p < row->pixels; ++p) columns[p] = between(t, 0, width - 1) * stride;
    row->coarse = coarse;
    row->coarse_columns = columns;
}

static void compare_unrounded(test_case *t, eseg_s8_fusion_row row) {
    row.accumulator_stride = (size_t)row.channels + between(t, 0, 9);
    const outputs o = take_outputs(t, ((row.pixels - 1) * row.accumulator_stride + row.channels) * sizeof(int32_t));
    row.accumulators = (int32_t *)o.expected;
    reference()->s8.fusion_row(&row);
    row.accumulators = (int32_t *)o.actual;
    t->kernels->s8.fusion_row(&row);
    expect_equal(t, &o, row.accumulator_stride * sizeof(int32_t));
}

void check_s8_fusion_row(test_case *t) {
    eseg_s8_fusion_row row = take_row(t, between(t, 1, one_in(t, 2) ? 4 : ESEG_MAX_FUSED), between(t, 1, 100), take_pixels(t));
    const int slot = between(t, 0, 3);
    const int unrounded = one_in(t, 4);
    if (one_in(t, 3)) add_coarse(t, &row);
    if (one_in(t, 4)) row.bias = NULL;
    describe(t, "%d inputs, %d channels, %d pixels, shift %d, slot %d%s%s%s%s, zero point %d", row.inputs, row.channels, row.pixels,
             row.shift, slot, row.curve ? ", curve" : "", row.coarse ? ", coarse" : "", row.bias ? "" : ", no bias",
             unrounded ? ", unrounded" : "", row.zero_point);
    if (unrounded) {
        compare_unrounded(t, row);
        return;
    }
    row.packed = one_in(t, 3);
    const outputs o = take_outputs(t, (row.pixels - 1) * row.out_stride + 4 * (size_t)row.channels);
    row.out = o.expected + slot;
    reference()->s8.fusion_row(&row);
    if (!row.packed) flip_slots(t, row.out, row.pixels, row.out_stride, row.channels);
    row.out = o.actual + slot;
    t->kernels->s8.fusion_row(&row);
    expect_equal(t, &o, row.out_stride);
}

static void run(const eseg_kernels *kernels, void *row) { kernels->s8.fusion_row(row); }

static void bench_shape(bench *b, const char *shape, int inputs, int curve) {
    test_case *t = &b->memory;
    eseg_s8_fusion_row row = take_row(t, inputs, 64, 120);
    row.curve = curve ? take(t, sizeof(eseg_s8_curve)) : NULL;
    row.out = take(t, row.pixels * row.out_stride + ESEG_SLACK);
    time_each(b, shape, (double)row.pixels * row.channels * inputs, "GMAC/s", run, &row);
}

void bench_s8_fusion_row(bench *b) {
    bench_shape(b, "2 inputs 64", 2, 0);
    bench_shape(b, "3 inputs 64", 3, 0);
    bench_shape(b, "3 inputs 64 curve", 3, 1);
}
