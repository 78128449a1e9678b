#include "eseg_concat.h"

#include "pieces.h"

typedef struct slice_scratch {
    int16_t *widened;
    float *values;
} slice_scratch;

static slice_scratch take_scratch(scratch *s, const eseg_s16_concat_op *op) {
    const size_t piece = piece_bytes(padded_channels(&op->in));
    slice_scratch c = {0};
    if (op->in.bytes == 1) c.widened = scratch_take(s, piece);
    c.values = scratch_take(s, piece);
    return c;
}

size_t eseg_s16_concat_scratch_bytes(const eseg_s16_concat_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

static void concat_row(const eseg_kernels *kernels, const eseg_s16_concat_op *op, const slice_scratch *s, int y) {
    const int channels = padded_channels(&op->in), most = piece_pixels(channels);
    const size_t pixel = op->out.stride * op->out.bytes;
    uint8_t *out = (uint8_t *)op->out.data + (size_t)y * op->out.width * pixel + (size_t)op->first * op->out.bytes;
    for (int x = 0; x < op->in.width; x += most) {
        const int pixels = least(most, op->in.width - x);
        const eseg_s16_add_row row = {.codes = piece_codes(kernels, &op->in, y, x, pixels, s->widened),
                                      .multipliers = op->multipliers,
                                      .pixels = pixels,
                                      .channels = channels,
                                      .values = s->values};
        kernels->s16.add_row(&row);
        pixels_store(kernels, s->values, &op->output, pixels, channels, op->in.channels, out + x * pixel, pixel);
    }
}

static void concat_rows(const eseg_kernels *kernels, const eseg_s16_concat_op *op, share rows, scratch s) {
    const slice_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y) concat_row(kernels, op, &own, y);
}

void eseg_s16_concat_run(const eseg_kernels *kernels, const eseg_s16_concat_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_concat_scratch_bytes(op, 1);
    WITH_TEAM(threads, concat_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
