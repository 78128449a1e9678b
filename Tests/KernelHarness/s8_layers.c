#include "s8_layers.h"

#include <math.h>
#include <string.h>

/// Bias of up to 2^29 and multipliers that put typical sums of `count` products at 2^3 … 2^18 steps.
static eseg_s8_scaling take_scaling(test_case *t, int channels, int count, int most, int32_t **bias) {
    const int padded = eseg_blocks(channels) * ESEG_LANES, bias_bits = between(t, 0, 29);
    float *multiplier = take(t, padded * sizeof *multiplier);
    *bias = take(t, padded * sizeof **bias);
    fill_symmetric(t, 1 << bias_bits, *bias, padded);
    const double worst = 255.0 * most * count + exp2(bias_bits), typical = 85.0 * most * sqrt(count);
    const double steps = exp2(uniform(t, 3, 18));
    for (int c = 0; c < padded; ++c) multiplier[c] = (float)fmin(steps * uniform(t, 0.5, 2) / typical, 0x1p30 / worst);
    for (int c = channels; c < padded; ++c) (*bias)[c] = 0, multiplier[c] = 0;
    const float *slope = take_slopes_or_null(t, channels);
    return (eseg_s8_scaling){.bias = *bias,
                             .multiplier = multiplier,
                             .curve = slope ? NULL : take_curve_or_null(t),
                             .slope = slope,
                             .zero_point = one_in(t, 3) ? 0 : between(t, 0, 255)};
}

/// Takes all weights of some channels away.
static void switch_off(test_case *t, int32_t *weights, int channels, int each) {
    for (int i = between(t, -4, 3); i > 0; --i) memset(weights + (size_t)between(t, 0, channels - 1) * each, 0, each * sizeof *weights);
}

/// The packed bias, with the zero point's part.
static const int32_t *corrected(test_case *t, const int32_t *bias, int channels, const int32_t *weights, int each, int zero) {
    int32_t *sums = take(t, (size_t)eseg_blocks(channels) * ESEG_LANES * sizeof *sums);
    memset(sums, 0, (size_t)eseg_blocks(channels) * ESEG_LANES * sizeof *sums);
    for (int c = 0; c < channels; ++c) {
        int64_t sum = bias[c];
        for (int i = 0; i < each; ++i) sum -= (int64_t)zero * weights[(size_t)c * each + i];
        sums[c] = (int32_t)sum;
    }
    return sums;
}

/// Greatest weights: four products of 63 and any code fit into 16 bits, of 64 or more they may not.
static int take_most(test_case *t) { return PICK(t, 127, 127, 127, 90, 64, 63, 20); }

static int pixels_of_tap(const eseg_window *window) { return window->columns.dilation > 1 ? 1 : window->columns.kernel; }

random_conv take_window_conv(test_case *t, eseg_window window, int in, size_t in_stride, int out, int int16_weights) {
    const int each = window.rows.kernel * window.columns.kernel * in;
    const int most = int16_weights ? (int)fmin(32639, 0x1p30 / (255.0 * each)) : take_most(t);
    const size_t count = (size_t)out * each;
    random_conv c = {.in = in, .in_zero = between(t, 0, 255), .window = window, .in_stride = in_stride};
    c.weights = take(t, count * sizeof *c.weights);
    fill_symmetric(t, most, c.weights, count);
    switch_off(t, c.weights, out, each);
    c.layer =
        (eseg_s8_conv_layer){.int16_weights = int16_weights, .kernel = window.rows.kernel, .stride = window.rows.stride, .channels = out};
    c.layer.tap_quads = (int)(pixels_of_tap(&window) * in_stride + 3) / 4;
    c.layer.scaling = take_scaling(t, out, each, most, &c.bias);
    c.layer.scaling.bias = corrected(t, c.bias, out, c.weights, each, c.in_zero);
    void *narrow = take(t, count * (int16_weights ? 2 : 1));
    for (size_t i = 0; i < count; ++i)
        if (int16_weights) ((int16_t *)narrow)[i] = (int16_t)c.weights[i];
        else ((int8_t *)narrow)[i] = (int8_t)c.weights[i];
    c.narrow = narrow;
    c.layer.weights = pack_conv_for(t, &c, t->kernels);
    return c;
}

random_conv take_conv(test_case *t, int kernel, int stride, int in, size_t in_stride, int out, int int16_weights) {
    return take_window_conv(t, eseg_square_window(kernel, stride), in, in_stride, out, int16_weights);
}

const int8_t *pack_conv_for(test_case *t, const random_conv *c, const eseg_kernels *kernels) {
    const eseg_s8_conv_layer *l = &c->layer;
    const int pixels = pixels_of_tap(&c->window), taps = c->window.rows.kernel * c->window.columns.kernel / pixels;
    int8_t *packed = take(t, eseg_s8_conv_packed_size(kernels, l->channels, taps, l->tap_quads, l->int16_weights) + ESEG_SLACK);
    eseg_s8_conv_pack(kernels, c->narrow, l->int16_weights, l->channels, taps, pixels, c->in, (int)c->in_stride, &l->scaling, packed);
    return packed;
}

void add_residual(test_case *t, eseg_s8_conv_layer *layer) {
    layer->scaling.curve = NULL;
    layer->residual_multiplier = (int16_t)(one_in(t, 4) ? 32767 : between(t, 1, 32767));
    layer->residual_zero_point = between(t, 0, 255);
    layer->shift = between(t, 1, 14);
    layer->relu_before_add = one_in(t, 2);
}

random_depthwise take_depthwise(test_case *t, int kernel, int stride, int channels) {
    const int each = kernel * kernel, most = take_most(t);
    const size_t count = (size_t)channels * each;
    random_depthwise d = {.weights = take(t, count * sizeof(int32_t))};
    fill_symmetric(t, most, d.weights, count);
    switch_off(t, d.weights, channels, each);
    d.layer = (eseg_s8_depthwise_layer){.kernel = kernel, .stride = stride, .channels = channels, .padding = between(t, 0, 255)};
    d.layer.scaling = take_scaling(t, channels, each, most, &d.bias);
    d.layer.scaling.bias = corrected(t, d.bias, channels, d.weights, each, d.layer.padding);
    int8_t *narrow = take(t, count);
    for (size_t i = 0; i < count; ++i) narrow[i] = (int8_t)d.weights[i];
    d.narrow = narrow;
    d.layer.weights = pack_depthwise_for(t, &d, t->kernels);
    return d;
}

const int8_t *pack_depthwise_for(test_case *t, const random_depthwise *d, const eseg_kernels *kernels) {
    int8_t *packed = take(t, eseg_s8_depthwise_packed_size(kernels, d->layer.channels, d->layer.kernel) + ESEG_SLACK);
    eseg_s8_depthwise_pack(kernels, d->narrow, d->layer.channels, d->layer.kernel, &d->layer.scaling, packed);
    return packed;
}

static int32_t *take_nearest(test_case *t, int from, int to, int32_t step) {
    int32_t *table = take(t, to * sizeof *table);
    for (int i = 0; i < to; ++i) table[i] = (int32_t)((int64_t)i * from / to) * step;
    return table;
}

/// A fusion of no maps yet.
static random_fusion take_empty_fusion(test_case *t, int inputs, int height, int width, int channels, int32_t **bias) {
    random_fusion f = {.fusion = {.inputs = inputs,
                                  .height = height,
                                  .width = width,
                                  .channels = channels,
                                  .shift = one_in(t, 2) ? between(t, 14, 15) : between(t, 1, 24),
                                  .curve = take_curve_or_null(t),
                                  .zero_point = between(t, 0, 255)}};
    const int padded = eseg_blocks(channels) * ESEG_LANES;
    *bias = take(t, padded * sizeof **bias);
    for (int c = 0; c < padded; ++c) (*bias)[c] = 1 << (f.fusion.shift - 1);
    f.fusion.bias = *bias;
    return f;
}

static void take_multipliers(test_case *t, random_fusion *f, int input, int32_t *bias) {
    const int channels = f->fusion.channels, padded = eseg_blocks(channels) * ESEG_LANES;
    int32_t *multipliers = take(t, padded * sizeof *multipliers);
    fill_symmetric(t, one_in(t, 2) ? 32767 : 1 << between(t, 0, 14), multipliers, padded);
    f->zero_points[input] = between(t, 0, 255);
    for (int c = channels; c < padded; ++c) multipliers[c] = 0;
    for (int c = 0; c < channels; ++c) bias[c] -= f->zero_points[input] * multipliers[c];
    f->fusion.multipliers[input] = multipliers;
}

random_fusion take_fusion(test_case *t, int height, int width, int channels, int most_inputs) {
    int32_t *bias;
    random_fusion f = take_empty_fusion(t, between(t, 1, most_inputs), height, width, channels, &bias);
    for (int i = 0; i < f.fusion.inputs; ++i) {
        const int pooled = f.fusion.pooled[i] = one_in(t, 3);
        const int h = pooled ? 2 * height - between(t, 0, 1) : between(t, 1, 2 * height);
        const int w = pooled ? 2 * width - between(t, 0, 1) : between(t, 1, 2 * width);
        f.fusion.maps[i] = take_map(t, h, w, channels, 0);
        f.fusion.rows[i] = take_nearest(t, h, height, 1);
        f.fusion.columns[i] = take_nearest(t, pooled ? width : w, width, (int32_t)f.fusion.maps[i].stride);
        take_multipliers(t, &f, i, bias);
    }
    return f;
}

random_fusion take_chain(test_case *t, int height, int width, int channels) {
    int32_t *bias;
    random_fusion f = take_empty_fusion(t, between(t, 1, 5), height, width, channels, &bias);
    f.fusion.chained = 1;
    for (int i = 0, h = height, w = width; i < f.fusion.inputs; ++i) {
        const int from_height = h, from_width = w;
        if (i > 0) h = between(t, 1, h), w = between(t, 1, w);
        f.fusion.maps[i] = take_map(t, h, w, channels, 0);
        f.fusion.rows[i] = take_nearest(t, h, from_height, 1);
        f.fusion.columns[i] = take_nearest(t, w, from_width, (int32_t)f.fusion.maps[i].stride);
        take_multipliers(t, &f, i, bias);
    }
    return f;
}

static float *take_floats(test_case *t, int count, double most) {
    float *values = take(t, count * sizeof *values);
    for (int i = 0; i < count; ++i) values[i] = (float)uniform(t, -most, most);
    return values;
}

eseg_gate_layer take_gate(test_case *t, int channels) {
    const int squeezed = between(t, 1, 24);
    return (eseg_gate_layer){.channels = channels,
                             .squeezed = squeezed,
                             .reduce_weights = take_floats(t, channels * squeezed, 1),
                             .reduce_bias = take_floats(t, squeezed, 1),
                             .expand_weights = take_floats(t, channels * squeezed, 1),
                             .expand_bias = take_floats(t, channels, 3),
                             .in_scale = (float)exp2(uniform(t, -8, 0)),
                             .out_scale = (float)exp2(uniform(t, -8, 0)),
                             .in_zero_point = between(t, 0, 255),
                             .out_zero_point = between(t, 0, 255)};
}

eseg_s8_map take_map(test_case *t, int height, int width, int channels, size_t stride) {
    if (stride == 0) stride = (size_t)eseg_channel_stride(channels);
    return (eseg_s8_map){take_codes(t, height * width * stride), height, width, channels, stride};
}

uint8_t *take_padding(test_case *t, size_t stride, int code) {
    uint8_t *padding = take(t, stride + ESEG_SLACK);
    memset(padding, code, stride);
    return padding;
}

int32_t *take_int16s(test_case *t, int count) {
    int32_t *values = take(t, count * sizeof *values);
    for (int i = 0; i < count; ++i) values[i] = one_in(t, 4) ? PICK(t, INT16_MIN, INT16_MAX, 0, -1) : between(t, INT16_MIN, INT16_MAX);
    return values;
}
