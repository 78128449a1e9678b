// Int16 bilinear resizes, means and products of maps, with any number of threads, against naive arithmetic.

#include <math.h>

#include "s16_maps.h"

static eseg_bilinear_axis take_axis(test_case *t, int bits, int from, int to) {
    int32_t *lower = take(t, to * sizeof *lower), *upper = take(t, to * sizeof *upper), *weights = take(t, to * sizeof *weights);
    const int jumps = one_in(t, 4);
    for (int i = 0; i < to; ++i) {
        lower[i] = jumps ? between(t, 0, from - 1) : (int)((int64_t)i * from / to);
        upper[i] = lower[i] + (lower[i] + 1 < from && !one_in(t, 4));
        weights[i] = one_in(t, 4) ? PICK(t, 0, 1 << bits) : between(t, 0, 1 << bits);
    }
    return (eseg_bilinear_axis){lower, upper, weights};
}

static int64_t blended(const eseg_s16_bilinear_op *op, int y, int x, int c) {
    const eseg_bilinear_axis *rows = &op->rows, *columns = &op->columns;
    int64_t sum = 0;
    for (int k = 0; k < 4; ++k) {
        const int64_t down = k / 2 ? rows->weights[y] : (1 << op->bits) - rows->weights[y];
        const int64_t across = k % 2 ? columns->weights[x] : (1 << op->bits) - columns->weights[x];
        sum += down * across * s16_code(&op->in, k / 2 ? rows->upper[y] : rows->lower[y], k % 2 ? columns->upper[x] : columns->lower[x], c);
    }
    return sum;
}

void check_s16_bilinear_run(test_case *t) {
    const int height = take_wide_side(t), width = take_wide_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    eseg_s16_bilinear_op op = {.in = take_filled_s16_map(t, take_side(t), take_side(t), channels)};
    const int most = op.in.bytes == 1 ? 11 : 8;
    op.bits = one_in(t, 2) ? most : between(t, 0, most);
    op.rows = take_axis(t, op.bits, op.in.height, height);
    op.columns = take_axis(t, op.bits, op.in.width, width);
    op.multiplier = (float)exp2(uniform(t, -6, 4) - 2 * op.bits);
    op.output = take_s16_output(t, between(t, 1, 2));
    const s16_pair out = take_s16_pair(t, height, width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d×%d of %d bytes, %d bits%s, %d threads", op.in.height, op.in.width, channels, op.in.bytes,
             height, width, op.output.bytes, op.bits, curve_name(op.output.curve), threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c) values[c] = (float)blended(&op, y, x, c) * op.multiplier;
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_bilinear_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_bilinear_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

/// Whether a sample of a map's axis lies in a cell.
static int in_cell(int sample, int cell, int cells, int extent) {
    return (sample + 1) * cells > cell * extent && sample * cells < (cell + 1) * extent;
}

static float grid_mean(const eseg_s16_mean_op *op, int y, int x, int c) {
    int64_t sum = 0;
    int count = 0;
    for (int from_y = 0; from_y < op->in.height; ++from_y)
        for (int from_x = 0; from_x < op->in.width; ++from_x) {
            const int down = in_cell(from_y, y, op->out.height, op->in.height), across = in_cell(from_x, x, op->out.width, op->in.width);
            if (!down || !across) continue;
            sum += s16_code(&op->in, from_y, from_x, c);
            ++count;
        }
    return (float)sum * (op->multiplier / (float)count);
}

static float mean(const eseg_s16_mean_op *op, int y, int x, int c) {
    const eseg_axis *rows = &op->window.rows, *columns = &op->window.columns;
    int64_t sum = 0;
    int count = 0;
    for (int dy = 0; dy < rows->kernel; ++dy)
        for (int dx = 0; dx < columns->kernel; ++dx) {
            const int from_y = y * rows->stride - rows->before + dy * rows->dilation;
            const int from_x = x * columns->stride - columns->before + dx * columns->dilation;
            sum += s16_code(&op->in, from_y, from_x, c);
            count += op->counts_padding || (from_y >= 0 && from_y < op->in.height && from_x >= 0 && from_x < op->in.width);
        }
    return (float)sum * (op->multiplier / (float)(count ? count : 1));
}

void check_s16_mean_run(test_case *t) {
    const int threads = take_threads(t), grid = one_in(t, 3), many = grid && one_in(t, 8);
    // Of so many pixels an int32 does not hold the sum.
    const int channels = many ? between(t, 1, 4) : between(t, 1, 100), side = many ? between(t, 257, 290) : take_side(t);
    eseg_s16_mean_op op = {
        .in = take_filled_s16_map(t, side, many ? side : take_side(t), channels), .counts_padding = one_in(t, 2), .grid = grid};
    int height = between(t, 1, 9), width = between(t, 1, 9);
    if (many || (grid && one_in(t, 3))) height = width = 1;
    if (!grid) op.window = take_window(t, 7, op.in.height, op.in.width, &height, &width);
    op.multiplier = (float)exp2(uniform(t, -6, 4));
    op.output = take_s16_output(t, between(t, 1, 2));
    const s16_pair out = take_s16_pair(t, height, width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%s%s, %d×%d×%d of %d bytes to %d×%d of %d bytes%s, %d threads", grid ? "grid" : name_of_window(&op.window).text,
             op.counts_padding ? " counted" : "", op.in.height, op.in.width, channels, op.in.bytes, height, width, op.output.bytes,
             curve_name(op.output.curve), threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c) values[c] = grid ? grid_mean(&op, y, x, c) : mean(&op, y, x, c);
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_mean_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_mean_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

void check_s16_product_run(test_case *t) {
    const int height = take_wide_side(t), width = take_wide_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    const int pixel = one_in(t, 3), spread = one_in(t, 3);
    eseg_s16_product_op op = {.a = take_filled_s16_map(t, height, width, channels), .output = take_s16_output(t, between(t, 1, 2))};
    op.b = take_filled_s16_map(t, pixel ? 1 : height, pixel ? 1 : width, spread ? 1 : channels);
    op.multiplier = (float)exp2(uniform(t, -28, -8));
    const s16_pair out = take_s16_pair(t, height, width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes by %d×%d×%d of %d bytes to %d bytes%s, %d threads", height, width, channels, op.a.bytes, op.b.height,
             op.b.width, op.b.channels, op.b.bytes, op.output.bytes, curve_name(op.output.curve), threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c) {
                const int factor = s16_code(&op.b, pixel ? 0 : y, pixel ? 0 : x, spread ? 0 : c);
                values[c] = (float)((int64_t)s16_code(&op.a, y, x, c) * factor) * op.multiplier;
            }
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_product_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_product_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}
