#include "eseg_bilinear.h"

#include "pieces.h"

/// The rows of the input that an output row lies between, without zero point; row y lies in slot y mod 2.
typedef struct bilinear_scratch {
    int16_t *rows[2];
    int held[2];
    int32_t *blended;
    float *values;
} bilinear_scratch;

static bilinear_scratch take_scratch(scratch *s, const eseg_s16_bilinear_op *op) {
    const size_t count = op->in.width * op->in.stride;
    bilinear_scratch b = {.held = {-1, -1}};
    for (int k = 0; k < 2 && op->in.bytes == 1; ++k) b.rows[k] = scratch_take(s, row_bytes(&op->in));
    b.blended = scratch_take(s, count * sizeof(int32_t) + ESEG_SLACK);
    b.values = scratch_take(s, piece_bytes(padded_channels(&op->in)));
    return b;
}

size_t eseg_s16_bilinear_scratch_bytes(const eseg_s16_bilinear_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

static const int16_t *input_row(const eseg_kernels *kernels, const eseg_s16_bilinear_op *op, bilinear_scratch *b, int y) {
    if (op->in.bytes == 2) return piece_codes(kernels, &op->in, y, 0, op->in.width, NULL);
    if (b->held[y & 1] != y) piece_codes(kernels, &op->in, y, 0, op->in.width, b->rows[y & 1]);
    b->held[y & 1] = y;
    return b->rows[y & 1];
}

static void bilinear_row(const eseg_kernels *kernels, const eseg_s16_bilinear_op *op, bilinear_scratch *b, int y) {
    const int channels = padded_channels(&op->in), most = piece_pixels(channels), one = 1 << op->bits, weight = op->rows.weights[y];
    const int16_t *top = input_row(kernels, op, b, op->rows.lower[y]), *bottom = input_row(kernels, op, b, op->rows.upper[y]);
    kernels->s16.blend(top, bottom, one - weight, weight, op->in.width * op->in.stride, b->blended);
    for (int x = 0; x < op->out.width; x += most) {
        const int pixels = least(most, op->out.width - x);
        const eseg_s16_blend_row row = {.sums = b->blended,
                                        .pixel_stride = op->in.stride,
                                        .lower = op->columns.lower + x,
                                        .upper = op->columns.upper + x,
                                        .weights = op->columns.weights + x,
                                        .one = one,
                                        .multiplier = op->multiplier,
                                        .pixels = pixels,
                                        .channels = channels,
                                        .values = b->values};
        kernels->s16.blend_row(&row);
        piece_store(kernels, b->values, &op->output, &op->out, y, x, pixels);
    }
}

static void bilinear_rows(const eseg_kernels *kernels, const eseg_s16_bilinear_op *op, share rows, scratch s) {
    bilinear_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y) bilinear_row(kernels, op, &own, y);
}

void eseg_s16_bilinear_run(const eseg_kernels *kernels, const eseg_s16_bilinear_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_bilinear_scratch_bytes(op, 1);
    WITH_TEAM(threads, bilinear_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
