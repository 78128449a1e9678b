// Maximum pools of any window and element, and the maximum of channels, against naive arithmetic.

#include <float.h>
#include <string.h>

#include "eseg_channels.h"
#include "harness.h"

static int sample(const eseg_axis *axis, int i, int k) { return i * axis->stride - axis->before + k * axis->dilation; }

/// Whether each of `count` placements of a window has a sample inside the map.
static int overlaps(const eseg_axis *axis, int count, int extent) {
    for (int i = 0; i < count; ++i) {
        int inside = 0;
        for (int k = 0; k < axis->kernel; ++k) inside += sample(axis, i, k) >= 0 && sample(axis, i, k) < extent;
        if (!inside) return 0;
    }
    return 1;
}

static double element(const eseg_max_pool_op *op, size_t at) {
    switch (op->element) {
    case ESEG_ELEMENT_U8: return ((const uint8_t *)op->in)[at];
    case ESEG_ELEMENT_S16: return ((const int16_t *)op->in)[at];
    case ESEG_ELEMENT_F32: return ((const float *)op->in)[at];
    }
    return 0;
}

/// Where the greatest element under a window lies.
static size_t greatest(const eseg_max_pool_op *op, int y, int x, int c) {
    size_t best = 0;
    double most = -DBL_MAX;
    for (int ky = 0; ky < op->window.rows.kernel; ++ky)
        for (int kx = 0; kx < op->window.columns.kernel; ++kx) {
            const int from_y = sample(&op->window.rows, y, ky), from_x = sample(&op->window.columns, x, kx);
            if (from_y < 0 || from_y >= op->in_height || from_x < 0 || from_x >= op->in_width) continue;
            const size_t at = ((size_t)from_y * op->in_width + from_x) * op->stride + c;
            if (element(op, at) <= most) continue;
            most = element(op, at);
            best = at;
        }
    return best;
}

void check_channel_max_run(test_case *t) {
    const int threads = take_threads(t);
    eseg_channel_max_op op = {.element = (eseg_element)between(t, ESEG_ELEMENT_U8, ESEG_ELEMENT_F32), .channels = between(t, 1, 70)};
    op.pixels = (size_t)between(t, 1, 300);
    op.in_stride = op.channels + between(t, 0, 3);
    op.out_stride = between(t, 1, 4);
    const size_t bytes = op.element == ESEG_ELEMENT_U8 ? 1 : op.element == ESEG_ELEMENT_S16 ? 2 : 4, count = op.pixels * op.in_stride;
    uint8_t *in = take(t, count * bytes);
    if (op.element == ESEG_ELEMENT_F32)
        for (size_t i = 0; i < count; ++i) ((float *)in)[i] = (float)uniform(t, -100, one_in(t, 2) ? 100 : -50);
    op.in = in;
    const outputs out = take_outputs(t, op.pixels * op.out_stride * bytes);
    op.out = out.actual;
    describe(t, "%zu pixels of %d channels of %zu bytes, %d threads", op.pixels, op.channels, bytes, threads);
    const eseg_max_pool_op elements = {.element = op.element, .in = in};
    for (size_t p = 0; p < op.pixels; ++p) {
        size_t most = p * op.in_stride;
        for (int c = 1; c < op.channels; ++c)
            if (element(&elements, p * op.in_stride + c) > element(&elements, most)) most = p * op.in_stride + c;
        memcpy(out.expected + p * op.out_stride * bytes, in + most * bytes, bytes);
    }
    eseg_channel_max_run(&op, threads);
    expect_equal(t, &out, op.out_stride * bytes);
}

void check_max_pool_run(test_case *t) {
    const int threads = take_threads(t);
    eseg_max_pool_op op = {.element = (eseg_element)between(t, ESEG_ELEMENT_U8, ESEG_ELEMENT_F32), .stride = between(t, 1, 70)};
    op.in_height = take_side(t);
    op.in_width = take_side(t);
    do op.window = take_window(t, 7, op.in_height, op.in_width, &op.height, &op.width);
    while (!overlaps(&op.window.rows, op.height, op.in_height) || !overlaps(&op.window.columns, op.width, op.in_width));
    const size_t bytes = op.element == ESEG_ELEMENT_U8 ? 1 : op.element == ESEG_ELEMENT_S16 ? 2 : 4;
    const size_t in_count = (size_t)op.in_height * op.in_width * op.stride, pixel = op.stride * bytes;
    uint8_t *in = take(t, in_count * bytes);
    if (op.element == ESEG_ELEMENT_F32)
        for (size_t i = 0; i < in_count; ++i) ((float *)in)[i] = (float)uniform(t, -100, one_in(t, 2) ? 100 : -50);
    op.in = in;
    const outputs out = take_outputs(t, op.height * op.width * pixel);
    op.out = out.actual;
    describe(t, "%s, %d×%d×%d of %zu bytes to %d×%d, %d threads", name_of_window(&op.window).text, op.in_height, op.in_width, op.stride,
             bytes, op.height, op.width, threads);
    for (int y = 0; y < op.height; ++y)
        for (int x = 0; x < op.width; ++x)
            for (int c = 0; c < op.stride; ++c)
                memcpy(out.expected + (y * op.width + x) * pixel + c * bytes, in + greatest(&op, y, x, c) * bytes, bytes);
    eseg_max_pool_run(&op, threads, take_aligned(t, eseg_max_pool_scratch_bytes(&op, threads)));
    expect_equal(t, &out, pixel);
}
