// Elements in other places: slices, selected channels, and blocks of channels as pixels.

#include <string.h>

#include "harness.h"

void check_select_run(test_case *t) {
    const int channels = between(t, 1, 60), threads = take_threads(t);
    eseg_select_op op = {.element_bytes = PICK(t, 1, 2, 4), .pixels = between(t, 1, 200), .count = between(t, 1, 80)};
    op.in_stride = channels + between(t, 0, 4);
    op.out_stride = op.count + between(t, 0, 4);
    int32_t *from = take(t, op.count * sizeof *from);
    for (int c = 0; c < op.count; ++c) from[c] = between(t, 0, channels - 1);
    const size_t bytes = op.element_bytes;
    const uint8_t *in = take(t, op.pixels * op.in_stride * bytes);
    const outputs out = take_outputs(t, op.pixels * op.out_stride * bytes);
    op.channels = from;
    op.in = in;
    op.out = out.actual;
    describe(t, "%d of %d channels of %zu bytes, %zu pixels, strides %zu and %zu, %d threads", op.count, channels, bytes, op.pixels,
             op.in_stride, op.out_stride, threads);
    for (size_t p = 0; p < op.pixels; ++p)
        for (int c = 0; c < op.count; ++c)
            memcpy(out.expected + (p * op.out_stride + c) * bytes, in + (p * op.in_stride + from[c]) * bytes, bytes);
    eseg_select_run(&op, threads);
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
