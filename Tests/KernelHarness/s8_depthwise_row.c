#include "s8_layers.h"

enum { RING_SPARE_PIXELS = 8 };  // kernels take several pixels at a time; see Kernels/int8/ring.h

/// A ring that holds what `pixels` output pixels read.
static eseg_s8_depthwise_row take_row(test_case *t, const random_depthwise *d, int pixels, int ring_channels) {
    const int kernel = d->layer.kernel, groups = (kernel + 3) / 4;
    eseg_s8_depthwise_row row = {.pixel_stride = 4 * (size_t)ring_channels,
                                 .kernel = kernel,
                                 .stride = d->layer.stride,
                                 .pixels = pixels,
                                 .channels = d->layer.channels,
                                 .weights = d->layer.weights,
                                 .scaling = d->layer.scaling};
    row.first_slot = between(t, 0, 4 * groups - 1);
    row.group_stride = ((pixels - 1) * row.stride + kernel + RING_SPARE_PIXELS) * row.pixel_stride;
    row.ring = take_codes(t, groups * row.group_stride);
    row.out_stride = (size_t)row.channels + between(t, 0, 20);
    return row;
}

void check_s8_depthwise_row(test_case *t) {
    const random_depthwise d = take_depthwise(t, PICK(t, 3, 3, 5, 5, 1, 7, 9, 11), between(t, 1, 2), one_in(t, 8) ? 1 : between(t, 1, 100));
    eseg_s8_depthwise_row row = take_row(t, &d, take_pixels(t), d.layer.channels + between(t, 0, 5));
    describe(t, "kernel %d, stride %d, %d channels, %d pixels, first slot %d%s, zero point %d", row.kernel, row.stride, row.channels,
             row.pixels, row.first_slot,
             row.scaling.curve   ? ", curve"
             : row.scaling.slope ? ", slopes"
                                 : "",
             row.scaling.zero_point);
    const outputs o = take_outputs(t, (row.pixels - 1) * row.out_stride + row.channels);
    row.out = o.expected;
    const int8_t *weights = row.weights;
    row.weights = pack_depthwise_for(t, &d, reference());
    reference()->s8.depthwise_row(&row);
    uint8_t *ring = (uint8_t *)row.ring;
    const size_t bytes = (row.kernel + 3) / 4 * row.group_stride + ESEG_SLACK;
    for (size_t i = 0; i < bytes; ++i) ring[i] ^= t->kernels->s8.layout->ring_flip;
    row.out = o.actual;
    row.weights = weights;
    t->kernels->s8.depthwise_row(&row);
    expect_equal(t, &o, row.out_stride);
}

/// A row and its weights as each instruction set reads them.
typedef struct benched {
    eseg_s8_depthwise_row row;
    const int8_t *weights[ESEG_ISA_COUNT];
} benched;

static void run(const eseg_kernels *kernels, void *context) {
    benched *b = context;
    b->row.weights = b->weights[kernels->isa];
    kernels->s8.depthwise_row(&b->row);
}

static void bench_shape(bench *b, const char *shape, int kernel, int stride, int channels, int pixels, int curve) {
    test_case *t = &b->memory;
    random_depthwise d = take_depthwise(t, kernel, stride, channels);
    d.layer.scaling.curve = curve ? take(t, sizeof(eseg_s8_curve)) : NULL;
    d.layer.scaling.slope = NULL;
    eseg_s8_depthwise_row row = take_row(t, &d, pixels, channels);
    row.out_stride = channels;
    row.out = take_aligned(t, pixels * row.out_stride);
    benched each = {.row = row};
    for (int i = 0; i < b->table_count; ++i) each.weights[b->tables[i]->isa] = pack_depthwise_for(t, &d, b->tables[i]);
    time_each(b, shape, (double)pixels * channels * kernel * kernel, "GMAC/s", run, &each);
}

void bench_s8_depthwise_row(bench *b) {
    bench_shape(b, "3x3/1 64", 3, 1, 64, 120, 0);
    bench_shape(b, "3x3/1 64 curve", 3, 1, 64, 120, 1);
    bench_shape(b, "3x3/2 64", 3, 2, 64, 60, 0);
    bench_shape(b, "5x5/1 64", 5, 1, 64, 60, 0);
    bench_shape(b, "5x5/2 64", 5, 2, 64, 30, 0);
    bench_shape(b, "7x7/1 64", 7, 1, 64, 60, 0);
    bench_shape(b, "9x9/1 64", 9, 1, 64, 60, 0);
}
