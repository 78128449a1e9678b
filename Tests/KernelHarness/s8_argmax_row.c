#include <math.h>
#include <string.h>

#include "s8_layers.h"

eseg_s8_doubt_scales take_doubt_scales(test_case *t) {
    float *best = take(t, 256 * sizeof *best), *second = take(t, 256 * sizeof *second);
    const float scale = ldexpf(1, -between(t, 0, 30));
    for (int c = 0; c < 256; ++c) best[c] = scale * (float)between(t, 1, 999) * 0.01f, second[c] = (float)between(t, 1, 999) * 0.01f;
    return (eseg_s8_doubt_scales){best, second};
}

static eseg_s8_argmax_row take_row(test_case *t, int classes, int source_width, int pixels) {
    const int padded = (pixels + ESEG_LANES - 1) / ESEG_LANES * ESEG_LANES;
    const size_t plane = (size_t)source_width + ESEG_LANES;
    int32_t *columns = take(t, padded * sizeof *columns), *weights = take(t, padded * sizeof *weights);
    for (int i = 0; i < padded; ++i) {
        columns[i] = (int32_t)((int64_t)(i < pixels ? i : pixels - 1) * source_width / pixels);
        weights[i] = PICK(t, 0, 127, between(t, 0, 127));
    }
    return (eseg_s8_argmax_row){.top = take(t, classes * plane * sizeof(int16_t)),
                                .bottom = take(t, classes * plane * sizeof(int16_t)),
                                .plane_stride = plane,
                                .classes = classes,
                                .source_width = source_width,
                                .bottom_weight = between(t, 0, 127),
                                .columns = columns,
                                .weights = weights,
                                .pixels = pixels,
                                .doubt_scales = take_doubt_scales(t),
                                .scratch = take(t, 2 * classes * plane * sizeof(int32_t))};
}

/// Half-pixel centers at four times the width.
static void make_by_4(eseg_s8_argmax_row *row) {
    int32_t *columns = (int32_t *)row->columns, *weights = (int32_t *)row->weights;
    const int last = row->source_width - 1;
    row->by_4 = 1;
    for (int i = 0; i < row->pixels; ++i) {
        const int column = (i - 2) / 4, inside = i >= 2 && column < last;
        columns[i] = i < 2 ? 0 : column;
        weights[i] = inside ? 16 + 32 * ((i - 2) % 4) : 0;
    }
}

/// Logits of which many are equal, or as far apart as can be.
static void make_hard(test_case *t, const int16_t *logits, size_t count) {
    int16_t *values = (int16_t *)logits;
    const int pattern = between(t, 0, 3);
    for (size_t i = 0; i < count; ++i)
        if (pattern == 1) values[i] = (int16_t)between(t, -1, 1);
        else if (pattern == 2) values[i] = (int16_t)PICK(t, INT16_MIN, INT16_MAX);
        else if (pattern == 3) values[i] = INT16_MIN;
}

void check_s8_argmax_row(test_case *t) {
    const int source_width = between(t, 1, one_in(t, 2) ? 40 : 9), classes = between(t, 1, one_in(t, 10) ? 256 : 24);
    const int by_4 = one_in(t, 2);
    const int pixels = by_4 ? 4 * source_width : between(t, source_width, one_in(t, 4) ? 16 * source_width + 40 : 5 * source_width);
    eseg_s8_argmax_row row = take_row(t, classes, source_width, pixels);
    if (by_4) make_by_4(&row);
    make_hard(t, row.top, classes * row.plane_stride);
    make_hard(t, row.bottom, classes * row.plane_stride);
    describe(t, "%d classes, %d columns to %d pixels, bottom weight %d%s", classes, source_width, pixels, row.bottom_weight,
             by_4 ? ", by 4" : "");
    const outputs o = take_outputs(t, pixels), d = take_outputs(t, pixels);
    const int with_doubt = classes > 1 && one_in(t, 2);
    row.out = o.expected;
    if (with_doubt) row.doubt = d.expected;
    reference()->s8.argmax_row(&row);
    row.out = o.actual;
    if (with_doubt) row.doubt = d.actual;
    t->kernels->s8.argmax_row(&row);
    expect_equal(t, &o, 1);
    if (with_doubt) expect_equal(t, &d, 1);
}

void check_s8_class_row(test_case *t) {
    const int classes = between(t, 1, one_in(t, 10) ? 256 : 24), pixels = between(t, 1, 40);
    const size_t stride = (size_t)classes + between(t, 0, 3), count = pixels * stride;
    const int16_t *logits = take(t, count * sizeof *logits + ESEG_SLACK);
    make_hard(t, logits, count);
    describe(t, "%d classes, %d pixels of %zu logits", classes, pixels, stride);
    const outputs o = take_outputs(t, pixels), d = take_outputs(t, pixels);
    const int with_doubt = classes > 1 && one_in(t, 2);
    eseg_s8_class_row row = {.logits = logits,
                             .stride = stride,
                             .pixels = pixels,
                             .classes = classes,
                             .out = o.expected,
                             .doubt = with_doubt ? d.expected : NULL,
                             .doubt_scales = take_doubt_scales(t)};
    reference()->s8.class_row(&row);
    row.out = o.actual;
    if (with_doubt) row.doubt = d.actual;
    t->kernels->s8.class_row(&row);
    expect_equal(t, &o, 1);
    if (with_doubt) expect_equal(t, &d, 1);
}

static void run(const eseg_kernels *kernels, void *row) { kernels->s8.argmax_row(row); }

void bench_s8_argmax_row(bench *b) {
    eseg_s8_argmax_row row = take_row(&b->memory, 11, 120, 480);
    make_by_4(&row);
    row.out = take(&b->memory, row.pixels);
    time_each(b, "11 classes 120>480", 480.0 * 11 * 4, "GMAC/s", run, &row);
    row.doubt = take(&b->memory, row.pixels);
    time_each(b, "11 classes 120>480, doubt", 480.0 * 11 * 4, "GMAC/s", run, &row);
}

static void run_classes(const eseg_kernels *kernels, void *row) { kernels->s8.class_row(row); }

void bench_s8_class_row(bench *b) {
    const int16_t *logits = take(&b->memory, 480 * 12 * sizeof(int16_t) + ESEG_SLACK);
    eseg_s8_class_row row = {.logits = logits,
                             .stride = 12,
                             .pixels = 480,
                             .classes = 11,
                             .out = take(&b->memory, 480),
                             .doubt_scales = take_doubt_scales(&b->memory)};
    time_each(b, "11 classes 480", 480.0 * 11, "G/s", run_classes, &row);
    row.doubt = take(&b->memory, 480);
    time_each(b, "11 classes 480, doubt", 480.0 * 11, "G/s", run_classes, &row);
}
