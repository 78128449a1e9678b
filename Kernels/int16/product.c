#include "eseg_pool.h"

#include "pieces.h"

typedef struct product_scratch {
    int16_t *a, *b;
    float *values;
} product_scratch;

/// Codes of a piece's pixels, which may be further apart in the map than in the output's.
static int16_t *take_codes(scratch *s, const eseg_s16_map *map, int pixels) {
    return map->bytes == 1 ? scratch_take(s, (size_t)pixels * map->stride * sizeof(int16_t) + ESEG_SLACK) : NULL;
}

static product_scratch take_scratch(scratch *s, const eseg_s16_product_op *op) {
    const int channels = padded_channels(&op->out), pixels = piece_pixels(channels);
    product_scratch p = {.a = take_codes(s, &op->a, pixels)};
    p.b = take_codes(s, &op->b, pixels);
    p.values = scratch_take(s, piece_bytes(channels));
    return p;
}

size_t eseg_s16_product_scratch_bytes(const eseg_s16_product_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

static void product_piece(const eseg_kernels *kernels, const eseg_s16_product_op *op, const product_scratch *s, int y, int x, int pixels) {
    const int pixel = op->b.height == 1 && op->b.width == 1;
    const eseg_s16_product_row row = {.a = piece_codes(kernels, &op->a, y, x, pixels, s->a),
                                      .b = pixel ? piece_codes(kernels, &op->b, 0, 0, 1, s->b)
                                                 : piece_codes(kernels, &op->b, y, x, pixels, s->b),
                                      .a_stride = op->a.stride,
                                      .b_stride = pixel ? 0 : op->b.stride,
                                      .spread = op->b.channels == 1 && op->out.channels > 1,
                                      .multiplier = op->multiplier,
                                      .pixels = pixels,
                                      .channels = padded_channels(&op->out),
                                      .values = s->values};
    kernels->s16.product_row(&row);
    piece_store(kernels, s->values, &op->output, &op->out, y, x, pixels);
}

static void product_rows(const eseg_kernels *kernels, const eseg_s16_product_op *op, share rows, scratch s) {
    const int most = piece_pixels(padded_channels(&op->out));
    const product_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y)
        for (int x = 0; x < op->out.width; x += most) product_piece(kernels, op, &own, y, x, least(most, op->out.width - x));
}

void eseg_s16_product_run(const eseg_kernels *kernels, const eseg_s16_product_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_product_scratch_bytes(op, 1);
    WITH_TEAM(threads, product_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
