#include <string.h>

#include "../support/scratch.h"
#include "../support/team.h"
#include "eseg_s8_ops.h"

/// Source position of each of `out` samples of an axis: floor, and the fraction in ESEG_S8_ARGMAX_ONE-ths, rounded half up.
static void positions(int in, int out, int align_corners, int32_t *floors, int32_t *fractions, int padded) {
    const int64_t unit = align_corners ? out > 1 ? out - 1 : 1 : out;
    for (int i = 0; i < padded; ++i) {
        const int64_t sample = i < out ? i : out - 1;
        int64_t at = align_corners ? 2 * sample * (in - 1) : (2 * sample + 1) * in - out;  // × 1 / (2 · unit)
        if (at < 0) at = 0;
        int64_t fixed = (at * ESEG_S8_ARGMAX_ONE + unit) / (2 * unit);
        floors[i] = (int32_t)(fixed / ESEG_S8_ARGMAX_ONE);
        fractions[i] = (int32_t)(fixed % ESEG_S8_ARGMAX_ONE);
        if (floors[i] >= in - 1) floors[i] = in - 1, fractions[i] = 0;
    }
}

typedef struct shared_tables {
    int32_t *columns, *weights, *rows, *row_weights;
} shared_tables;

typedef struct thread_rows {
    int16_t *planes[2];
    int32_t *blended;
} thread_rows;

static int padded16(int n) { return (n + 15) & ~15; }
static size_t plane_stride(int source_width) { return padded16(source_width) + 2 * ESEG_LANES; }

static shared_tables take_tables(scratch *s, int width, int height) {
    shared_tables t = {scratch_take(s, padded16(width) * sizeof(int32_t)), scratch_take(s, padded16(width) * sizeof(int32_t)),
                       scratch_take(s, height * sizeof(int32_t)), scratch_take(s, height * sizeof(int32_t))};
    return t;
}

static thread_rows take_rows(scratch *s, int classes, int source_width) {
    const size_t plane = plane_stride(source_width);
    thread_rows r = {{scratch_take(s, (classes * plane + ESEG_SLACK) * sizeof(int16_t)),
                      scratch_take(s, (classes * plane + ESEG_SLACK) * sizeof(int16_t))},
                     scratch_take(s, (2 * classes * plane + ESEG_SLACK) * sizeof(int32_t))};
    return r;
}

/// Whether logits have the image's own size.
static int is_plain(const eseg_s8_argmax_op *op) { return op->width == op->source_width && op->height == op->source_height; }

size_t eseg_s8_argmax_scratch_bytes(const eseg_s8_argmax_op *op, int threads) {
    scratch s = {NULL, 0};
    if (is_plain(op)) return 0;
    take_tables(&s, op->width, op->height);
    for (int t = 0; t < threads; ++t) take_rows(&s, op->classes, op->source_width);
    return s.used;
}

/// [width][classes] to [classes][plane].
static void transpose(const eseg_s8_argmax_op *op, int y, int16_t *planes) {
    const uint8_t *row = (const uint8_t *)op->logits + (size_t)y * op->source_width * op->stride;
    const size_t plane = plane_stride(op->source_width);
    for (int x = 0; x < op->source_width; ++x) {
        const int16_t *logits = (const int16_t *)(row + x * op->stride);
        for (int c = 0; c < op->classes; ++c) planes[c * plane + x] = logits[c];
    }
}

static void upsample_strip(const eseg_kernels *kernels, const eseg_s8_argmax_op *op, const shared_tables *tables, thread_rows rows,
                           share strip) {
    int held[2] = {-1, -1};
    for (int y = strip.begin; y < strip.end; ++y) {
        const int top = tables->rows[y], bottom = top + 1 < op->source_height ? top + 1 : top;
        for (int k = 0; k < 2; ++k) {
            const int wanted = k == 0 ? top : bottom;
            if (held[wanted & 1] == wanted) continue;
            transpose(op, wanted, rows.planes[wanted & 1]);
            held[wanted & 1] = wanted;
        }
        const eseg_s8_argmax_row row = {.top = rows.planes[top & 1],
                                        .bottom = rows.planes[bottom & 1],
                                        .plane_stride = plane_stride(op->source_width),
                                        .classes = op->classes,
                                        .source_width = op->source_width,
                                        .bottom_weight = tables->row_weights[y],
                                        .columns = tables->columns,
                                        .weights = tables->weights,
                                        .by_4 = !op->align_corners && op->width == 4 * (int64_t)op->source_width,
                                        .pixels = op->width,
                                        .scratch = rows.blended,
                                        .out = op->out + (size_t)y * op->width,
                                        .doubt = op->doubt ? op->doubt + (size_t)y * op->width : NULL,
                                        .doubt_scales = op->doubt_scales,
                                        .margins = op->margins ? op->margins + (size_t)y * op->width : NULL,
                                        .seconds = op->seconds ? op->seconds + (size_t)y * op->width : NULL};
        kernels->s8.argmax_row(&row);
    }
}

static void classify(const eseg_kernels *kernels, const eseg_s8_argmax_op *op, share rows) {
    const size_t stride = op->stride / sizeof *op->logits;
    for (int y = rows.begin; y < rows.end; ++y) {
        const size_t at = (size_t)y * op->width;
        const eseg_s8_class_row row = {.logits = op->logits + at * stride,
                                       .stride = stride,
                                       .pixels = op->width,
                                       .classes = op->classes,
                                       .out = op->out + at,
                                       .doubt = op->doubt ? op->doubt + at : NULL,
                                       .doubt_scales = op->doubt_scales,
                                       .margins = op->margins ? op->margins + at : NULL,
                                       .seconds = op->seconds ? op->seconds + at : NULL};
        kernels->s8.class_row(&row);
    }
}

void eseg_s8_argmax_run(const eseg_kernels *kernels, const eseg_s8_argmax_op *wanted, int threads, void *memory) {
    eseg_s8_argmax_op held = *wanted, *op = &held;
    if (op->doubt && op->classes == 1) {
        memset(op->doubt, 0, (size_t)op->height * op->width);
        op->doubt = NULL;
    }
    if (is_plain(op)) {
        WITH_TEAM(threads, classify(kernels, op, share_of(op->height, me)));
        return;
    }
    scratch s = {memory, 0};
    const shared_tables tables = take_tables(&s, op->width, op->height);
    positions(op->source_width, op->width, op->align_corners, tables.columns, tables.weights, padded16(op->width));
    positions(op->source_height, op->height, op->align_corners, tables.rows, tables.row_weights, op->height);
    scratch one = {NULL, 0};
    take_rows(&one, op->classes, op->source_width);
    WITH_TEAM(threads, {
        scratch mine = scratch_part(&s, me.index, one.used);
        upsample_strip(kernels, op, &tables, take_rows(&mine, op->classes, op->source_width), share_of(op->height, me));
    });
}
