// Elements in other places: slices, selected channels, and blocks of channels as pixels.

#include <string.h>

#include "harness.h"

/// A shuffle of two groups, a run, or any channels.
static void pick_channels(test_case *t, int channels, int count, int32_t *from) {
    const int kind = between(t, 0, 2), first = between(t, 0, channels - 1), half = (channels + 1) / 2;
    for (int c = 0; c < count; ++c) {
        const int any = between(t, 0, channels - 1), shuffled = c / 2 % half + c % 2 * (channels - half);
        from[c] = kind == 0 ? shuffled : kind == 1 ? (first + c) % channels : any;
    }
}

enum { MAX_PIECES = 128 };

void check_s8_shuffle_row(test_case *t) {
    const int channels = between(t, 1, 100), count = between(t, ESEG_SHUFFLE_BYTES, 100), stride = channels + between(t, 0, 4);
    int32_t *from = take(t, count * sizeof *from);
    pick_channels(t, channels, count, from);
    eseg_shuffle_piece *pieces = take(t, MAX_PIECES * sizeof *pieces);
    eseg_shuffle_row row = {.pixels = between(t, 1, 20), .in_stride = stride, .out_stride = count + between(t, 0, 4), .pieces = pieces};
    row.piece_count = eseg_select_pieces(from, count, 1, stride, pieces, MAX_PIECES);
    row.in = take_codes(t, row.pixels * stride + ESEG_SLACK);
    describe(t, "%d of %d bytes in %d pieces, %d pixels", count, stride, row.piece_count, row.pixels);
    const outputs o = take_outputs(t, row.pixels * row.out_stride);
    row.out = o.expected;
    reference()->s8.shuffle_row(&row);
    row.out = o.actual;
    t->kernels->s8.shuffle_row(&row);
    expect_equal(t, &o, row.out_stride);
}

void check_select_run(test_case *t) {
    const int channels = between(t, 1, 60), threads = take_threads(t);
    eseg_select_op op = {.element_bytes = PICK(t, 1, 2, 4), .pixels = between(t, 1, 200), .count = between(t, 1, 80)};
    op.in_stride = channels + between(t, 0, 4);
    op.out_stride = op.count + between(t, 0, 4);
    int32_t *from = take(t, op.count * sizeof *from);
    pick_channels(t, channels, op.count, from);
    const size_t bytes = op.element_bytes;
    const uint8_t *in = take(t, op.pixels * op.in_stride * bytes + ESEG_SLACK);
    const outputs out = take_outputs(t, op.pixels * op.out_stride * bytes);
    op.channels = from;
    eseg_shuffle_piece *pieces = take(t, MAX_PIECES * sizeof *pieces);
    op.pieces = pieces;
    op.piece_count = eseg_select_pieces(from, op.count, op.element_bytes, op.in_stride * bytes, pieces, between(t, 1, MAX_PIECES));
    op.in = in;
    op.out = out.actual;
    describe(t, "%d of %d channels of %zu bytes, %zu pixels, strides %zu and %zu, %d pieces, %d threads", op.count, channels, bytes,
             op.pixels, op.in_stride, op.out_stride, op.piece_count, threads);
    for (size_t p = 0; p < op.pixels; ++p)
        for (int c = 0; c < op.count; ++c)
            memcpy(out.expected + (p * op.out_stride + c) * bytes, in + (p * op.in_stride + from[c]) * bytes, bytes);
    eseg_select_run(t->kernels, &op, threads);
    expect_equal(t, &out, op.out_stride * bytes);
}

void check_depth_to_space_run(test_case *t) {
    const int threads = take_threads(t);
    eseg_depth_to_space_op op = {.element_bytes = PICK(t, 1, 2, 4), .height = take_side(t), .width = take_side(t)};
    op.block = between(t, 1, 4);
    op.channels = between(t, 1, 20);
    op.in_stride = op.block * op.block * op.channels + between(t, 0, 4);
    op.out_stride = op.channels + between(t, 0, 4);
    const size_t bytes = op.element_bytes, height = (size_t)op.height * op.block, width = (size_t)op.width * op.block;
    const uint8_t *in = take(t, op.height * op.width * op.in_stride * bytes);
    const outputs out = take_outputs(t, height * width * op.out_stride * bytes);
    op.in = in;
    op.out = out.actual;
    describe(t, "%d×%d, blocks of %d, %d channels of %zu bytes, strides %zu and %zu, %d threads", op.height, op.width, op.block,
             op.channels, bytes, op.in_stride, op.out_stride, threads);
    for (size_t y = 0; y < height; ++y)
        for (size_t x = 0; x < width; ++x)
            for (int c = 0; c < op.channels; ++c) {
                const size_t pixel = y / op.block * op.width + x / op.block, place = y % op.block * op.block + x % op.block;
                memcpy(out.expected + ((y * width + x) * op.out_stride + c) * bytes,
                       in + (pixel * op.in_stride + place * op.channels + c) * bytes, bytes);
            }
    eseg_depth_to_space_run(&op, threads);
    expect_equal(t, &out, op.out_stride * bytes);
}

void check_concat_copy(test_case *t) {
    const size_t in_stride = between(t, 1, 60), bytes = between(t, 1, (int)in_stride), out_stride = bytes + between(t, 0, 40);
    const size_t first = between(t, 0, (int)(out_stride - bytes)), pixels = between(t, 1, 200);
    const int threads = take_threads(t);
    const uint8_t *in = take_codes(t, pixels * in_stride);
    const outputs out = take_outputs(t, pixels * out_stride);
    describe(t, "%zu bytes of %zu to byte %zu of %zu, %zu pixels, %d threads", bytes, in_stride, first, out_stride, pixels, threads);
    for (size_t p = 0; p < pixels; ++p)
        for (size_t b = 0; b < bytes; ++b) out.expected[p * out_stride + first + b] = in[p * in_stride + b];
    const eseg_concat_slice slice = {in, in_stride, out.actual + first, out_stride, bytes, pixels};
    eseg_concat_copy(&slice, threads);
    expect_equal(t, &out, out_stride);
}
