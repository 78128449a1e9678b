#include "../support/exact_exp.h"
#include "eseg_channels.h"
#include "pieces.h"

typedef struct softmax_scratch {
    int16_t *codes;
    float *values;
} softmax_scratch;

static softmax_scratch take_scratch(scratch *s, const eseg_s16_softmax_op *op) {
    const size_t piece = piece_bytes(padded_channels(&op->out));
    softmax_scratch m = {.codes = op->in.bytes == 1 ? scratch_take(s, piece) : NULL};
    m.values = scratch_take(s, piece);
    return m;
}

size_t eseg_s16_softmax_scratch_bytes(const eseg_s16_softmax_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

/// Values of one pixel; 0 of what pads its channels.
static void softmax_pixel(const eseg_s16_softmax_op *op, const int16_t *restrict codes, float *restrict values) {
    const int channels = op->in.channels, padded = padded_channels(&op->out);
    int greatest = codes[0];
    for (int c = 1; c < channels; ++c) greatest = codes[c] > greatest ? codes[c] : greatest;
    for (int c = 0; c < channels; ++c) values[c] = exact_exp((float)(codes[c] - greatest) * op->step);
    float sum = 0;
    for (int c = 0; c < channels; ++c) sum += values[c];
    for (int c = 0; c < channels; ++c) values[c] = values[c] / sum * op->output.inverse;
    for (int c = channels; c < padded; ++c) values[c] = 0;
}

static void softmax_rows(const eseg_kernels *kernels, const eseg_s16_softmax_op *op, share rows, scratch s) {
    const int channels = padded_channels(&op->out), most = piece_pixels(channels);
    const softmax_scratch own = take_scratch(&s, op);
    for (int y = rows.begin; y < rows.end; ++y)
        for (int x = 0; x < op->out.width; x += most) {
            const int pixels = least(most, op->out.width - x);
            const int16_t *codes = piece_codes(kernels, &op->in, y, x, pixels, own.codes);
            for (int p = 0; p < pixels; ++p) softmax_pixel(op, codes + (size_t)p * op->in.stride, own.values + (size_t)p * channels);
            piece_store(kernels, own.values, &op->output, &op->out, y, x, pixels);
        }
}

void eseg_s16_softmax_run(const eseg_kernels *kernels, const eseg_s16_softmax_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_softmax_scratch_bytes(op, 1);
    WITH_TEAM(threads, softmax_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
