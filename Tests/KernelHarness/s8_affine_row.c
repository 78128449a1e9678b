#include "s8_layers.h"

#include <string.h>

/// The weights of a depthwise convolution with a 1×1 kernel, padded to whole blocks.
const int8_t *take_affine_weights(test_case *t, const random_depthwise *d) {
    const int padded = eseg_blocks(d->layer.channels) * ESEG_LANES;
    int8_t *weights = take(t, padded);
    memset(weights, 0, padded);
    memcpy(weights, d->narrow, d->layer.channels);
    return weights;
}

static eseg_s8_affine_row take_row(test_case *t, const random_depthwise *d, int pixels) {
    const int channels = d->layer.channels;
    eseg_s8_affine_row row = {.pixels = pixels, .channels = channels, .scaling = d->layer.scaling};
    row.weights = take_affine_weights(t, d);
    row.in_stride = channels + between(t, 0, 9);
    row.out_stride = channels + between(t, 0, 9);
    row.in = take_codes(t, (pixels - 1) * row.in_stride + channels);
    return row;
}

void check_s8_affine_row(test_case *t) {
    const random_depthwise d = take_depthwise(t, 1, 1, one_in(t, 8) ? 1 : between(t, 1, 200));
    eseg_s8_affine_row row = take_row(t, &d, one_in(t, 8) ? 1 : between(t, 1, 70));
    describe(t, "%d pixels, %d channels%s, zero point %d", row.pixels, row.channels,
             row.scaling.curve   ? ", curve"
             : row.scaling.slope ? ", slopes"
                                 : "",
             row.scaling.zero_point);
    const outputs o = take_outputs(t, (row.pixels - 1) * row.out_stride + row.channels);
    row.out = o.expected;
    reference()->s8.affine_row(&row);
    row.out = o.actual;
    t->kernels->s8.affine_row(&row);
    expect_equal(t, &o, row.out_stride);
}

static void run(const eseg_kernels *kernels, void *context) { kernels->s8.affine_row(context); }

void bench_s8_affine_row(bench *b) {
    test_case *t = &b->memory;
    random_depthwise d = take_depthwise(t, 1, 1, 64);
    d.layer.scaling.curve = NULL;
    d.layer.scaling.slope = NULL;
    eseg_s8_affine_row row = take_row(t, &d, 60);
    row.out = take(t, row.pixels * row.out_stride);
    time_each(b, "60 pixels of 64", 2.0 * 60 * 64, "GB/s", run, &row);
}
