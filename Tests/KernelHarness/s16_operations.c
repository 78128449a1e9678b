// Int16 operations on maps, with any number of threads, against naive arithmetic.

#include <math.h>
#include <string.h>

#include "s16.h"

static int halved(int size, int stride) { return (size + stride - 1) / stride; }

static int take_threads(test_case *t) { return PICK(t, 1, 2, 3, 7); }

/// Tiny, small, or of several pieces of a row.
static int take_side(test_case *t) { return one_in(t, 3) ? between(t, 1, 3) : between(t, 1, one_in(t, 8) ? 90 : 20); }

static eseg_s16_map take_map(test_case *t, int height, int width, int channels) {
    const int bytes = between(t, 1, 2), stride = eseg_channel_stride(channels);
    const size_t count = (size_t)height * width * stride;
    void *data = bytes == 1 ? (void *)take_codes(t, count) : take_s16_codes(t, count);
    return (eseg_s16_map){data, bytes, height, width, channels, stride, bytes == 1 ? between(t, 0, 255) : 0};
}

/// Two maps to be written; one is logits without gaps between pixels where `packed`.
typedef struct map_pair {
    outputs bytes;
    eseg_s16_map expected, actual;
} map_pair;

static map_pair take_output_map(test_case *t, int height, int width, int channels, const eseg_s16_output *output) {
    const int packed = output->bytes == 2 && one_in(t, 4), stride = packed ? channels : eseg_channel_stride(channels);
    map_pair m = {.bytes = take_outputs(t, (size_t)height * width * stride * output->bytes)};
    m.expected = m.actual = (eseg_s16_map){NULL, output->bytes, height, width, channels, stride, output->zero_point};
    m.expected.data = m.bytes.expected;
    m.actual.data = m.bytes.actual;
    return m;
}

/// Without zero point; 0 outside the map.
static int code(const eseg_s16_map *map, int y, int x, int c) {
    if (y < 0 || y >= map->height || x < 0 || x >= map->width) return 0;
    const size_t at = ((size_t)y * map->width + x) * map->stride + c;
    return map->bytes == 1 ? ((uint8_t *)map->data)[at] - map->zero_point : ((int16_t *)map->data)[at];
}

/// Stores a pixel's values; channels that only fill the stride up have value 0.
static void put(const eseg_s16_map *map, int y, int x, const float *values, const eseg_s16_output *output) {
    reference()->s16.store(values, map->stride, output, (uint8_t *)map->data + ((size_t)y * map->width + x) * map->stride * map->bytes);
}

static int pooled(const eseg_s16_map *map, int y, int x, int c) {
    int most = INT16_MIN;
    for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
            const int from_y = 2 * y + dy, from_x = 2 * x + dx;
            if (from_y < 0 || from_y >= map->height || from_x < 0 || from_x >= map->width) continue;
            if (code(map, from_y, from_x, c) > most) most = code(map, from_y, from_x, c);
        }
    return most;
}

static float convolved(const eseg_s16_conv_op *op, const int16_t *weights, int y, int x, int o) {
    const int k = op->layer.kernel, in = op->layer.depthwise ? 1 : op->in.channels;
    int64_t sum = op->layer.scaling.bias[o];
    for (int dy = 0; dy < k; ++dy)
        for (int dx = 0; dx < k; ++dx)
            for (int i = 0; i < in; ++i) {
                const int from_y = y * op->layer.stride + dy - k / 2, from_x = x * op->layer.stride + dx - k / 2;
                const int inside = from_y >= 0 && from_y < op->in.height && from_x >= 0 && from_x < op->in.width;
                const int c = op->layer.depthwise ? o : i, d = inside ? code(&op->in, from_y, from_x, c) : op->layer.padding[c];
                sum += (int64_t)d * weights[((o * k + dy) * k + dx) * in + i];
            }
    float value = (float)sum * op->layer.scaling.multiplier[o];
    if (op->layer.residual_multiplier) {
        if (op->layer.relu_before_add && value < 0) value = 0;
        value += (float)code(&op->residual, y, x, o) * op->layer.residual_multiplier[o];
    }
    return value;
}

/// A convolution of `in`, its weights packed for the kernels under test.
static eseg_s16_conv_op take_conv(test_case *t, const eseg_s16_map *in, int kernel, int stride, int out, const int16_t **weights) {
    const int depthwise = out == 0, channels = depthwise ? in->channels : out, taps = kernel * kernel * (depthwise ? 1 : in->channels);
    eseg_s16_conv_op op = {.in = *in, .layer = {.depthwise = depthwise, .kernel = kernel, .stride = stride, .channels = channels}};
    op.layer.scaling = take_s16_scaling(t, channels);
    *weights = take_s16_weights(t, (size_t)channels * taps, taps);
    const size_t size = depthwise ? (size_t)taps * eseg_blocks(channels) * ESEG_LANES
                                  : eseg_s16_conv_packed_size(t->kernels, channels, kernel, (int)in->stride);
    int16_t *packed = take(t, size * sizeof *packed + ESEG_SLACK), *padding = take(t, in->stride * sizeof *padding);
    if (depthwise) eseg_s16_depthwise_pack(*weights, channels, kernel, packed);
    else eseg_s16_conv_pack(t->kernels, *weights, channels, kernel, in->channels, (int)in->stride, packed);
    op.layer.weights = packed;
    for (size_t i = 0; i < in->stride; ++i) padding[i] = (int16_t)between(t, 0, 255);
    op.layer.padding = padding;
    return op;
}

void check_s16_conv_run(test_case *t) {
    const int depthwise = one_in(t, 2), image = !depthwise && one_in(t, 4), kernel = depthwise ? PICK(t, 3, 5) : PICK(t, 1, 1, 3, 5);
    const int threads = take_threads(t);
    eseg_s16_map in = take_map(t, take_side(t), take_side(t), image ? 3 : between(t, 1, 60));
    if (image) in.stride = 3;
    const int16_t *weights;
    eseg_s16_conv_op op = take_conv(t, &in, kernel, between(t, 1, 2), depthwise ? 0 : between(t, 1, 70), &weights);
    const int height = halved(in.height, op.layer.stride), width = halved(in.width, op.layer.stride);
    op.output = take_s16_output(t, between(t, 1, 2));
    const map_pair out = take_output_map(t, height, width, op.layer.channels, &op.output);
    op.out = out.actual;
    if (out.actual.stride % 4 == 0 && one_in(t, 3)) {
        op.residual = take_map(t, height, width, op.layer.channels);
        op.layer.residual_multiplier = take_multipliers_of(t, op.layer.channels, 2);
        op.layer.relu_before_add = one_in(t, 2);
    }
    describe(t, "%s, kernel %d, stride %d, %d×%d×%d of %d bytes to %d channels of %d bytes%s, %d threads",
             depthwise ? "depthwise" : "dense", kernel, op.layer.stride, in.height, in.width, in.channels, in.bytes, op.layer.channels,
             op.output.bytes, op.layer.residual_multiplier ? ", residual" : "", threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int o = 0; o < op.layer.channels; ++o) values[o] = convolved(&op, weights, y, x, o);
            put(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_conv_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_conv_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

static int32_t *take_nearest(test_case *t, int from, int to, int32_t step) {
    int32_t *table = take(t, to * sizeof *table);
    for (int i = 0; i < to; ++i) table[i] = (int32_t)((int64_t)i * from / to) * step;
    return table;
}

void check_s16_fusion_run(test_case *t) {
    const int height = take_side(t), width = take_side(t), channels = between(t, 1, 80), threads = take_threads(t);
    eseg_s16_fusion_op op = {.inputs = between(t, 1, 4), .output = take_s16_output(t, between(t, 1, 2))};
    const map_pair out = take_output_map(t, height, width, channels, &op.output);
    op.out = out.actual;
    for (int i = 0; i < op.inputs; ++i) {
        const int pooled = op.pooled[i] = one_in(t, 3);
        const int h = pooled ? 2 * height - between(t, 0, 1) : between(t, 1, 2 * height);
        const int w = pooled ? 2 * width - between(t, 0, 1) : between(t, 1, 2 * width);
        op.maps[i] = take_map(t, h, w, channels);
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
                    const int d = op.pooled[i] ? pooled(m, y, x, c) : code(m, y * m->height / height, x * m->width / width, c);
                    values[c] = i ? values[c] + (float)d * op.multipliers[i][c] : (float)d * op.multipliers[i][c];
                }
            put(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_fusion_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_fusion_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

void check_s16_gate_run(test_case *t) {
    const int channels = between(t, 1, 100), threads = take_threads(t), squeezed = between(t, 1, 24);
    eseg_s16_gate_op op = {.in = take_map(t, take_side(t), take_side(t), channels), .output = take_s16_output(t, between(t, 1, 2))};
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
    const map_pair out = take_output_map(t, op.in.height, op.in.width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d bytes, %d squeezed, %d threads", op.in.height, op.in.width, channels, op.in.bytes,
             op.output.bytes, squeezed, threads);
    int64_t sums[128] = {0};
    float factors[128] = {0}, inside[24];
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x)
            for (int c = 0; c < channels; ++c) sums[c] += code(&op.in, y, x, c);
    eseg_gate_factors(&op.gate, sums, op.in.height * op.in.width, inside, factors);
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x) {
            float values[128] = {0};
            for (int c = 0; c < channels; ++c) values[c] = (float)code(&op.in, y, x, c) * factors[c];
            put(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_gate_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_gate_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}

void check_s16_pool_run(test_case *t) {
    const int height = take_side(t), width = take_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    eseg_s16_map in = take_map(t, height, width, channels);
    in.data = take_s16_codes(t, (size_t)height * width * in.stride);
    in.bytes = 2;
    in.zero_point = 0;
    const eseg_s16_output output = {.bytes = 2};
    map_pair out = take_output_map(t, halved(height, 2), halved(width, 2), channels, &output);
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
    eseg_s16_concat_op op = {.in = take_map(t, take_side(t), take_side(t), channels), .output = take_s16_output(t, between(t, 1, 2))};
    op.multipliers = take_multipliers_of(t, channels, 2);
    op.output.curve = ESEG_S16_LINEAR;
    op.output.relu = 0;
    op.first = between(t, 0, all - channels);
    const map_pair out = take_output_map(t, op.in.height, op.in.width, all, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d bytes, channels %d.. of %d, %d threads", op.in.height, op.in.width, channels, op.in.bytes,
             op.output.bytes, op.first, all, threads);
    for (int y = 0; y < op.in.height; ++y)
        for (int x = 0; x < op.in.width; ++x) {
            const size_t at = ((size_t)y * op.in.width + x) * op.out.stride + op.first;
            float values[64] = {0};
            for (int c = 0; c < channels; ++c) values[c] = (float)code(&op.in, y, x, c) * op.multipliers[c];
            reference()->s16.store(values, channels, &op.output, out.bytes.expected + at * op.out.bytes);
        }
    eseg_s16_concat_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_concat_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
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
