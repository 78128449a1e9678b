// Int16 convolutions of any window, with any number of threads, against naive arithmetic.

#include "s16_maps.h"

#include <math.h>

static float convolved(const eseg_s16_conv_op *op, const int16_t *weights, int y, int x, int o) {
    const eseg_axis *rows = &op->layer.window.rows, *columns = &op->layer.window.columns;
    const int in = op->layer.depthwise ? 1 : op->in.channels;
    const int16_t *weight = weights + (size_t)o * rows->kernel * columns->kernel * in;
    int64_t sum = op->layer.scaling.bias[o];
    for (int dy = 0; dy < rows->kernel; ++dy)
        for (int dx = 0; dx < columns->kernel; ++dx)
            for (int i = 0; i < in; ++i) {
                const int from_y = y * rows->stride - rows->before + dy * rows->dilation;
                const int from_x = x * columns->stride - columns->before + dx * columns->dilation;
                const int inside = from_y >= 0 && from_y < op->in.height && from_x >= 0 && from_x < op->in.width;
                const int c = op->layer.depthwise ? o : i;
                sum += (int64_t)(inside ? s16_code(&op->in, from_y, from_x, c) : op->layer.padding[c]) * *weight++;
            }
    float value = (float)sum * op->layer.scaling.multiplier[o];
    if (op->layer.scaling.slope) {
        if (value < 0) value *= op->layer.scaling.slope[o];
        value = fminf(fmaxf(value, -ESEG_S16_STEEPEST), ESEG_S16_STEEPEST);
    }
    if (op->layer.residual_multiplier) {
        if (op->layer.relu_before_add && value < 0) value = 0;
        value += (float)s16_code(&op->residual, y, x, o) * op->layer.residual_multiplier[o];
    }
    return value;
}

/// Packed for the kernels under test; a dense tap is a pixel where columns are dilated, else a row.
static const int16_t *pack(test_case *t, const int16_t *weights, const eseg_s16_conv_layer *layer, const eseg_s16_map *in) {
    const int columns = layer->window.columns.kernel, pixels = layer->window.columns.dilation > 1 ? 1 : columns;
    const int all = layer->window.rows.kernel * columns, taps = all / pixels, stride = (int)in->stride;
    const size_t size = layer->depthwise ? (size_t)all * eseg_blocks(layer->channels) * ESEG_LANES
                                         : eseg_s16_conv_packed_size(t->kernels, layer->channels, taps, pixels, stride);
    int16_t *packed = take(t, size * sizeof *packed + ESEG_SLACK);
    if (layer->depthwise) eseg_s16_depthwise_pack(weights, layer->channels, all, packed);
    else eseg_s16_conv_pack(t->kernels, weights, layer->channels, taps, pixels, in->channels, stride, packed);
    return packed;
}

/// A convolution of `in` to `out` channels; 0: depthwise.
static eseg_s16_conv_op take_conv(test_case *t, const eseg_s16_map *in, eseg_window window, int out, const int16_t **weights) {
    const int depthwise = out == 0, channels = depthwise ? in->channels : out;
    const int taps = window.rows.kernel * window.columns.kernel * (depthwise ? 1 : in->channels);
    eseg_s16_conv_op op = {.in = *in, .layer = {.depthwise = depthwise, .window = window, .channels = channels}};
    op.layer.scaling = take_s16_scaling(t, channels);
    *weights = take_s16_weights(t, (size_t)channels * taps, taps);
    op.layer.weights = pack(t, *weights, &op.layer, in);
    int16_t *padding = take(t, in->stride * sizeof *padding);
    for (size_t i = 0; i < in->stride; ++i) padding[i] = (int16_t)(depthwise ? 0 : between(t, 0, 255));
    op.layer.padding = padding;
    return op;
}

/// A square of the kernels that are common, or any window.
static eseg_window take_conv_window(test_case *t, int depthwise, int height, int width, int *out_height, int *out_width) {
    if (one_in(t, 2)) return take_window(t, 7, height, width, out_height, out_width);
    const int kernel = depthwise ? PICK(t, 3, 3, 5, 5, 1, 7, 9, 11) : PICK(t, 1, 1, 3, 5), stride = between(t, 1, 2);
    *out_height = (height + stride - 1) / stride;
    *out_width = (width + stride - 1) / stride;
    return eseg_square_window(kernel, stride);
}

/// A convolution of `in` to at most 70 channels, and its weights.
typedef struct random_conv16 {
    eseg_s16_conv_op op;
    const int16_t *weights;
    window_name window;
} random_conv16;

static random_conv16 take_any_conv(test_case *t, const eseg_s16_map *in, int depthwise, int bytes) {
    random_conv16 c;
    int height, width;
    const eseg_window window = take_conv_window(t, depthwise, in->height, in->width, &height, &width);
    c.window = name_of_window(&window);
    c.op = take_conv(t, in, window, depthwise ? 0 : between(t, 1, 70), &c.weights);
    c.op.output = take_s16_output(t, bytes);
    c.op.out = (eseg_s16_map){.height = height, .width = width, .channels = c.op.layer.channels, .bytes = bytes};
    if (bytes == 1 && one_in(t, 3)) {
        c.op.output.table = take(t, sizeof *c.op.output.table);
        c.op.output.curve = ESEG_S16_LINEAR;
    }
    return c;
}

static void add_residual16(test_case *t, eseg_s16_conv_op *op) {
    op->residual = take_s16_map(t, op->out.height, op->out.width, op->layer.channels);
    op->layer.residual_multiplier = take_multipliers_of(t, op->layer.channels, 2);
    op->layer.relu_before_add = one_in(t, 2);
}

static void naive_conv16(const random_conv16 *c, const eseg_s16_map *out) {
    for (int y = 0; y < out->height; ++y)
        for (int x = 0; x < out->width; ++x) {
            float values[128] = {0};
            for (int o = 0; o < c->op.layer.channels; ++o) values[o] = convolved(&c->op, c->weights, y, x, o);
            put_values(out, y, x, values, &c->op.output);
        }
}

/// The map that a convolution of a chain would write, if it wrote one.
static eseg_s16_map take_between(test_case *t, const eseg_s16_conv_op *op) {
    eseg_s16_map map = op->out;
    map.stride = eseg_channel_stride(map.channels);
    map.data = take(t, (size_t)map.height * map.width * map.stride * sizeof(int16_t) + ESEG_SLACK);
    return map;
}

void check_s16_conv_run(test_case *t) {
    const int image = one_in(t, 5), threads = take_threads(t);
    eseg_s16_conv_chain chain = {.count = one_in(t, 2) ? 1 : between(t, 2, ESEG_S16_CHAIN)};
    int depthwise = one_in(t, 2);
    eseg_s16_map in = take_s16_map(t, take_wide_side(t), take_wide_side(t), image ? 3 : between(t, 1, depthwise ? 60 : 30));
    if (image) in.stride = 3;
    s16_pair out;
    for (int k = 0; k < chain.count; ++k, depthwise = one_in(t, 2)) {
        const int is_last = k == chain.count - 1;
        random_conv16 c = take_any_conv(t, &in, depthwise, is_last ? between(t, 1, 2) : 2);
        if (is_last) out = take_s16_pair(t, c.op.out.height, c.op.out.width, c.op.layer.channels, &c.op.output);
        const eseg_s16_map expected = is_last ? out.expected : take_between(t, &c.op);
        if ((!is_last || out.actual.stride % 4 == 0) && one_in(t, 3)) add_residual16(t, &c.op);
        describe(t, "%d of %d: %s, %s, %d×%d×%d of %d bytes to %d×%d×%d of %d bytes%s%s%s, %d threads", k + 1, chain.count,
                 depthwise ? "depthwise" : "dense", c.window.text, in.height, in.width, in.channels, in.bytes, expected.height,
                 expected.width, expected.channels, c.op.output.bytes, curve_name(c.op.output.curve), c.op.output.table ? ", table" : "",
                 c.op.layer.residual_multiplier ? ", residual" : "", threads);
        naive_conv16(&c, &expected);
        c.op.out = is_last ? out.actual : expected;
        if (!is_last) c.op.out.data = NULL;
        if (k > 0) c.op.in.data = NULL;
        chain.ops[k] = c.op;
        in = expected;
    }
    eseg_s16_conv_run(t->kernels, &chain, threads, take_aligned(t, eseg_s16_conv_scratch_bytes(&chain, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}
