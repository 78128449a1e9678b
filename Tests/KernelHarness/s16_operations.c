// Int16 operations that take each pixel by itself, or resample to the nearest, against naive arithmetic.

#include <math.h>

#include "s16_maps.h"

static int halved(int size, int stride) { return (size + stride - 1) / stride; }

static int pooled(const eseg_s16_map *map, int y, int x, int c) {
    int most = INT16_MIN;
    for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
            const int from_y = 2 * y + dy, from_x = 2 * x + dx;
            if (from_y < 0 || from_y >= map->height || from_x < 0 || from_x >= map->width) continue;
            if (s16_code(map, from_y, from_x, c) > most) most = s16_code(map, from_y, from_x, c);
        }
    return most;
}

static int32_t *take_nearest(test_case *t, int from, int to, int32_t step) {
    int32_t *table = take(t, to * sizeof *table);
    for (int i = 0; i < to; ++i) table[i] = (int32_t)((int64_t)i * from / to) * step;
    return table;
}

void check_s16_fusion_run(test_case *t) {
    const int height = take_wide_side(t), width = take_wide_side(t), channels = between(t, 1, 80), threads = take_threads(t);
    eseg_s16_fusion_op op = {.inputs = between(t, 1, 4), .output = take_s16_output(t, between(t, 1, 2))};
    const s16_pair out = take_s16_pair(t, height, width, channels, &op.output);
    op.out = out.actual;
    for (int i = 0; i < op.inputs; ++i) {
        const int pooled = op.pooled[i] = one_in(t, 3);
        const int h = pooled ? 2 * height - between(t, 0, 1) : between(t, 1, 2 * height);
        const int w = pooled ? 2 * width - between(t, 0, 1) : between(t, 1, 2 * width);
        op.maps[i] = take_s16_map(t, h, w, channels);
        op.rows[i] = take_nearest(t, h, height, 1);
        op.columns[i] = take_nearest(t, pooled ? width : w, width, (int32_t)op.maps[i].stride);
        op.multipliers[i] = take_multipliers_of(t, channels, exp2(uniform(t, -6, 4)));
    }
    describe(t, "%d inputs to %d×%d×%d of %d bytes, %d threads", op.inputs, height, width, channels, op.output.bytes, threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c)
                for (int i = 0; i < op.inputs; ++i) {
                    const eseg_s16_map *m = &op.maps[i];
                    const int d = op.pooled[i] ? pooled(m, y, x, c) : s16_code(m, y * m->height / height, x * m->width / width, c);
                    values[c] = i ? values[c] + (float)d * op.multipliers[i][c] : (float)d * op.multipliers[i][c];
                }
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_fusion_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_fusion_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

void check_s16_gate_run(test_case *t) {
    const int channels = between(t, 1, 100), threads = take_threads(t), squeezed = between(t, 1, 24);
    eseg_s16_gate_op op = {.in = take_s16_map(t, take_wide_side(t), take_wide_side(t), channels),
                           .output = take_s16_output(t, between(t, 1, 2))};
    op.gate = (eseg_gate_layer){.channels = channels,
                                .squeezed = squeezed,
                                .reduce_weights = take_multipliers_of(t, channels * squeezed, 1),
                                .reduce_bias = take_multipliers_of(t, squeezed, 1),
                                .expand_weights = take_multipliers_of(t, channels * squeezed, 1),
                                .expand_bias = take_multipliers_of(t, channels, 3),
                                .in_scale = (float)exp2(uniform(t, -15, -8)),
                                .out_scale = (float)exp2(uniform(t, -15, -8))};
    op.output.curve = ESEG_S16_LINEAR;
    op.output.relu = 0;
    const s16_pair out = take_s16_pair(t, op.in.height, op.in.width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d bytes, %d squeezed, %d threads", op.in.height, op.in.width, channels, op.in.bytes,
             op.output.bytes, squeezed, threads);
    int64_t sums[128] = {0};
    float factors[128] = {0}, inside[24];
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x)
            for (int c = 0; c < channels; ++c) sums[c] += s16_code(&op.in, y, x, c);
    eseg_gate_factors(&op.gate, sums, op.in.height * op.in.width, inside, factors);
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c) values[c] = (float)s16_code(&op.in, y, x, c) * factors[c];
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_gate_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_gate_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

void check_s16_pool_run(test_case *t) {
    const int height = take_wide_side(t), width = take_wide_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    eseg_s16_map in = take_s16_map(t, height, width, channels);
    in.data = take_s16_codes(t, (size_t)height * width * in.stride);
    in.bytes = 2;
    in.zero_point = 0;
    const eseg_s16_output output = {.bytes = 2};
    s16_pair out = take_s16_pair(t, halved(height, 2), halved(width, 2), channels, &output);
    if (out.actual.stride != in.stride) return;  // only logits are packed, and nothing pools into them
    describe(t, "%d×%d×%d, %d threads", height, width, channels, threads);
    for (int y = 0; y < out.actual.height; ++y)
        for (int x = 0; x < out.actual.width; ++x)
            for (size_t c = 0; c < in.stride; ++c)
                ((int16_t *)out.expected.data)[((size_t)y * out.actual.width + x) * in.stride + c] = (int16_t)pooled(&in, y, x, (int)c);
    eseg_s16_pool_run(t->kernels, &in, &out.actual, threads);
    expect_equal(t, &out.bytes, in.stride * 2);
}

void check_s16_concat_run(test_case *t) {
    const int channels = between(t, 1, 60), all = channels + between(t, 0, 40), threads = take_threads(t);
    eseg_s16_concat_op op = {.in = take_s16_map(t, take_wide_side(t), take_wide_side(t), channels),
                             .output = take_s16_output(t, between(t, 1, 2))};
    op.multipliers = take_multipliers_of(t, channels, 2);
    op.output.curve = ESEG_S16_LINEAR;
    op.output.relu = 0;
    op.first = between(t, 0, all - channels);
    const s16_pair out = take_s16_pair(t, op.in.height, op.in.width, all, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d bytes, channels %d.. of %d, %d threads", op.in.height, op.in.width, channels, op.in.bytes,
             op.output.bytes, op.first, all, threads);
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x) {
            const size_t at = ((size_t)y * op.in.width + x) * op.out.stride + op.first;
            float values[64] = {0};
            for (int c = 0; c < channels; ++c) values[c] = (float)s16_code(&op.in, y, x, c) * op.multipliers[c];
            reference()->s16.store(values, channels, &op.output, out.bytes.expected + at * op.out.bytes);
        }
    eseg_s16_concat_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_concat_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}
