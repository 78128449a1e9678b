#include "s16.h"
#include "s8_layers.h"

static int bytes_per_channel(eseg_s8_store store) { return store == ESEG_S8_STORE_RING ? 4 : store == ESEG_S8_STORE_LOGITS ? 2 : 1; }

/// Each kernel row's bytes in memory of their own.
static const uint8_t *const *take_taps(test_case *t, const eseg_s8_conv_row *row, int kernel, size_t in_stride) {
    const uint8_t **taps = take(t, kernel * sizeof *taps);
    for (int k = 0; k < kernel; ++k) taps[k] = take_codes(t, (row->pixels - 1) * row->pixel_stride + kernel * in_stride);
    return taps;
}

static eseg_s8_conv_row row_of(const random_conv *c) {
    const eseg_s8_conv_layer *l = &c->layer;
    return (eseg_s8_conv_row){.tap_count = l->kernel,
                              .tap_quads = l->tap_quads,
                              .pixel_stride = c->in_stride * l->stride,
                              .weights = l->weights,
                              .int16_weights = l->int16_weights,
                              .scaling = l->scaling,
                              .residual_multiplier = l->residual_multiplier,
                              .residual_zero_point = l->residual_zero_point,
                              .shift = l->shift,
                              .relu_before_add = l->relu_before_add};
}

static random_conv take_any_conv(test_case *t) {
    const int kernel = PICK(t, 1, 1, 3, 3, 5), image = one_in(t, 6);
    const int in = image ? 3 : between(t, 1, kernel == 1 ? 200 : kernel == 3 ? 48 : 16);
    return take_conv(t, kernel, between(t, 1, 2), in, image ? 3 : eseg_channel_stride(in), between(t, 1, 200), one_in(t, 4));
}

void check_s8_conv_row(test_case *t) {
    random_conv c = take_any_conv(t);
    const eseg_s8_store store = (eseg_s8_store)between(t, ESEG_S8_STORE_CODES, ESEG_S8_STORE_LOGITS);
    if (store == ESEG_S8_STORE_SUM) add_residual(t, &c.layer);
    if (store == ESEG_S8_STORE_LOGITS) c.layer.scaling.curve = NULL;
    eseg_s8_conv_row row = row_of(&c);
    const int blocks = eseg_blocks(c.layer.channels);
    row.pixels = take_pixels(t);
    row.taps = take_taps(t, &row, c.layer.kernel, c.in_stride);
    row.channel_begin = one_in(t, 2) ? 0 : ESEG_LANES * between(t, 0, blocks - 1);
    row.channel_end = one_in(t, 2) ? c.layer.channels : ESEG_LANES * between(t, row.channel_begin / ESEG_LANES + 1, blocks);
    if (row.channel_end > c.layer.channels) row.channel_end = c.layer.channels;
    const int channels = row.channel_end - row.channel_begin, slot = store == ESEG_S8_STORE_RING ? between(t, 0, 3) : 0;
    row.store = store;
    row.out_stride = (size_t)channels * bytes_per_channel(store) + 2 * between(t, 0, 20);
    if (store == ESEG_S8_STORE_SUM) {
        row.residual_stride = (size_t)channels + between(t, 0, 9);
        row.residual = take_codes(t, row.pixels * row.residual_stride);
    }
    static const char *const stores[] = {"codes", "ring", "sum", "logits"};
    describe(t,
             "kernel %d, stride %d, %d input channels of %zu bytes%s, output channels %d..<%d of %d, %d pixels, to %s, slot %d%s%s, "
             "zero point %d",
             c.layer.kernel, c.layer.stride, c.in, c.in_stride, row.int16_weights ? ", int16 weights" : "", row.channel_begin,
             row.channel_end, c.layer.channels, row.pixels, stores[store], slot,
             row.scaling.curve   ? ", curve"
             : row.scaling.slope ? ", slopes"
                                 : "",
             row.relu_before_add ? ", relu before add" : "", row.scaling.zero_point);
    const outputs o = take_outputs(t, (row.pixels - 1) * row.out_stride + (size_t)channels * bytes_per_channel(store));
    row.out = o.actual + slot;
    t->kernels->s8.conv_row(&row);
    row.out = o.expected + slot;
    row.weights = pack_conv_for(t, &c, reference());
    reference()->s8.conv_row(&row);
    if (store == ESEG_S8_STORE_RING) flip_slots(t, row.out, row.pixels, row.out_stride, channels);
    expect_equal(t, &o, row.out_stride);
}

/// A row and its weights as each instruction set reads them.
typedef struct benched {
    eseg_s8_conv_row row;
    const int8_t *weights[ESEG_ISA_COUNT];
} benched;

static void run(const eseg_kernels *kernels, void *context) {
    benched *b = context;
    b->row.weights = b->weights[kernels->isa];
    kernels->s8.conv_row(&b->row);
}

typedef struct shape {
    const char *name;
    int kernel, stride, in, in_stride, out, int16_weights;
    eseg_s8_store store;
    int pixels;
    int sloped;
} shape;

static void bench_shape(bench *b, const shape *s) {
    test_case *t = &b->memory;
    random_conv c = take_conv(t, s->kernel, s->stride, s->in, s->in_stride, s->out, s->int16_weights);
    c.layer.scaling.curve = NULL;
    c.layer.scaling.slope = s->sloped ? take_multipliers_of(t, s->out, 1) : NULL;
    if (s->store == ESEG_S8_STORE_SUM) add_residual(t, &c.layer);
    eseg_s8_conv_row row = row_of(&c);
    row.pixels = s->pixels;
    row.taps = take_taps(t, &row, s->kernel, s->in_stride);
    row.channel_end = s->out;
    row.store = s->store;
    row.out_stride = (size_t)s->out * bytes_per_channel(s->store);
    row.residual_stride = s->out;
    row.residual = take_codes(t, s->pixels * row.residual_stride);
    row.out = take(t, s->pixels * row.out_stride + ESEG_SLACK);
    benched each = {.row = row};
    for (int i = 0; i < b->table_count; ++i) each.weights[b->tables[i]->isa] = pack_conv_for(t, &c, b->tables[i]);
    time_each(b, s->name, (double)s->pixels * s->out * s->in * s->kernel * s->kernel, "GMAC/s", run, &each);
}

void bench_s8_conv_row(bench *b) {
    const shape shapes[] = {
        {"stem 3x3/2 3>32 int16", 3, 2, 3, 3, 32, 1, ESEG_S8_STORE_CODES, 240, 0},
        {"expand 24>144 ring", 1, 1, 24, 24, 144, 0, ESEG_S8_STORE_RING, 120, 0},
        {"project 144>24 add", 1, 1, 144, 144, 24, 0, ESEG_S8_STORE_SUM, 120, 0},
        {"project 672>112", 1, 1, 672, 672, 112, 0, ESEG_S8_STORE_CODES, 30, 0},
        {"pointwise 64>64", 1, 1, 64, 64, 64, 0, ESEG_S8_STORE_CODES, 120, 0},
        {"dense 3x3 40>160", 3, 1, 40, 40, 160, 0, ESEG_S8_STORE_CODES, 60, 0},
        {"pointwise 64>64 slopes", 1, 1, 64, 64, 64, 0, ESEG_S8_STORE_CODES, 120, 1},
        {"classifier 64>11", 1, 1, 64, 64, 11, 0, ESEG_S8_STORE_LOGITS, 120, 0},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; ++i) bench_shape(b, &shapes[i]);
}
