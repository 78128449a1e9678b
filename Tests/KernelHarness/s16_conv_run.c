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

void check_s16_conv_run(test_case *t) {
    const int depthwise = one_in(t, 2), image = one_in(t, 5), threads = take_threads(t);
    eseg_s16_map in = take_s16_map(t, take_wide_side(t), take_wide_side(t), image ? 3 : between(t, 1, depthwise ? 60 : 30));
    if (image) in.stride = 3;
    int height, width;
    const eseg_window window = take_conv_window(t, depthwise, in.height, in.width, &height, &width);
    const int16_t *weights;
    eseg_s16_conv_op op = take_conv(t, &in, window, depthwise ? 0 : between(t, 1, 70), &weights);
    op.output = take_s16_output(t, between(t, 1, 2));
    if (op.output.bytes == 1 && one_in(t, 3)) {
        op.output.table = take(t, sizeof *op.output.table);
        op.output.curve = ESEG_S16_LINEAR;
    }
    const s16_pair out = take_s16_pair(t, height, width, op.layer.channels, &op.output);
    op.out = out.actual;
    if (out.actual.stride % 4 == 0 && one_in(t, 3)) {
        op.residual = take_s16_map(t, height, width, op.layer.channels);
        op.layer.residual_multiplier = take_multipliers_of(t, op.layer.channels, 2);
        op.layer.relu_before_add = one_in(t, 2);
    }
    describe(t, "%s, %s, %d×%d×%d of %d bytes to %d×%d×%d of %d bytes%s%s%s, %d threads", depthwise ? "depthwise" : "dense",
             name_of_window(&window).text, in.height, in.width, in.channels, in.bytes, height, width, op.layer.channels, op.output.bytes,
             curve_name(op.output.curve), op.output.table ? ", table" : "", op.layer.residual_multiplier ? ", residual" : "", threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0};
            for (int o = 0; o < op.layer.channels; ++o) values[o] = convolved(&op, weights, y, x, o);
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_conv_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_conv_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}
