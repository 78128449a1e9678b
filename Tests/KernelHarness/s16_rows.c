// Row kernels of the int16 arithmetic.

#include <math.h>
#include <string.h>

#include "s16.h"

int16_t *take_s16_codes(test_case *t, size_t count) {
    int16_t *codes = take(t, count * sizeof *codes + ESEG_SLACK);
    const int pattern = between(t, 0, 7);
    for (size_t i = 0; i < count && pattern < 3; ++i) codes[i] = (pattern == 2 ? codes[i] & 1 : pattern) ? INT16_MIN : INT16_MAX;
    return codes;
}

int16_t *take_s16_weights(test_case *t, size_t count, int taps) {
    const int room = (INT32_MAX - (1 << 24)) / 32768 / taps, most = room < 32639 ? room : 32639;
    int32_t *values = take(t, count * sizeof *values);
    int16_t *weights = take(t, count * sizeof *weights);
    fill_symmetric(t, most, values, count);
    for (size_t i = 0; i < count; ++i) weights[i] = (int16_t)values[i];
    return weights;
}

float *take_multipliers_of(test_case *t, int count, double most) {
    const int padded = eseg_blocks(count) * ESEG_LANES;
    float *values = take(t, padded * sizeof *values);
    for (int i = 0; i < padded; ++i) values[i] = i < count ? (float)uniform(t, -most, most) : 0;
    return values;
}

eseg_s16_scaling take_s16_scaling(test_case *t, int channels) {
    const int padded = eseg_blocks(channels) * ESEG_LANES;
    int32_t *bias = take(t, padded * sizeof *bias);
    fill_symmetric(t, 1 << 24, bias, padded);
    for (int c = channels; c < padded; ++c) bias[c] = 0;
    float *multiplier = take_multipliers_of(t, channels, exp2(uniform(t, -20, -2)));
    for (int c = 0; c < channels; ++c) multiplier[c] = fabsf(multiplier[c]);
    return (eseg_s16_scaling){bias, multiplier, take_slopes_or_null(t, channels)};
}

eseg_s16_output take_s16_output(test_case *t, int bytes) {
    const eseg_s16_curve curve = PICK(t, ESEG_S16_LINEAR, ESEG_S16_LINEAR, ESEG_S16_LINEAR, ESEG_S16_SILU, ESEG_S16_HARD_SWISH,
                                      ESEG_S16_SIGMOID, ESEG_S16_HARD_SIGMOID, ESEG_S16_GELU, ESEG_S16_GELU_TANH, ESEG_S16_ELU);
    const int bounded = curve == ESEG_S16_SIGMOID || curve == ESEG_S16_HARD_SIGMOID;  // by 1
    return (eseg_s16_output){.bytes = bytes,
                             .zero_point = bytes == 1 ? between(t, 0, 255) : 0,
                             .relu = !curve && one_in(t, 2),
                             .curve = curve,
                             .inverse = curve ? (float)exp2(bounded ? uniform(t, 0, 16) : uniform(t, -6, 1)) : 1};
}

const char *curve_name(eseg_s16_curve curve) {
    switch (curve) {
    case ESEG_S16_LINEAR: return "";
    case ESEG_S16_SILU: return ", silu";
    case ESEG_S16_HARD_SWISH: return ", hard swish";
    case ESEG_S16_SIGMOID: return ", sigmoid";
    case ESEG_S16_HARD_SIGMOID: return ", hard sigmoid";
    case ESEG_S16_GELU: return ", gelu";
    case ESEG_S16_GELU_TANH: return ", gelu by tanh";
    case ESEG_S16_ELU: return ", elu";
    }
    return ", unknown curve";
}

/// Values or codes of a row, by the reference and by what is checked.
typedef struct targets {
    eseg_s16_target expected, actual;
    outputs bytes;
    size_t stride;
    const char *name;
} targets;

/// Codes are the first of those of a pixel, or all of them, and pixels lie apart, or values.
static targets take_targets(test_case *t, int pixels, int channels, const eseg_s16_scaling *scaling) {
    targets to = {.stride = channels * sizeof(float), .name = "values"};
    if (scaling->slope || one_in(t, 3)) {
        to.bytes = take_outputs(t, pixels * to.stride);
        to.expected.values = (float *)to.bytes.expected;
        to.actual.values = (float *)to.bytes.actual;
        return to;
    }
    eseg_s16_output *output = take(t, sizeof *output);
    const int bytes = between(t, 1, 2);
    *output = take_s16_output(t, bytes);
    output->curve = ESEG_S16_LINEAR;
    to.name = bytes == 1 ? "8-bit codes" : output->relu ? "16-bit codes from 0 on" : "16-bit codes";
    const int count = one_in(t, 2) ? channels : between(t, 1, channels);
    to.stride = (size_t)bytes * (count + between(t, 0, 20));
    to.bytes = take_outputs(t, pixels * to.stride);
    to.expected = (eseg_s16_target){.output = output, .codes = to.bytes.expected, .stride = to.stride, .count = count};
    to.actual = to.expected;
    to.actual.codes = to.bytes.actual;
    return to;
}

void check_s16_conv_row(test_case *t) {
    const int kernel = PICK(t, 1, 1, 3, 5), image = one_in(t, 5), in = image ? 3 : between(t, 1, kernel == 1 ? 150 : 30);
    const int in_stride = image ? 3 : eseg_channel_stride(in);
    const int out = between(t, 1, 100), pixels = between(t, 1, 40), step = between(t, 1, 2);
    eseg_s16_conv_row row = {.tap_count = kernel,
                             .pixel_stride = (size_t)step * in_stride,
                             .pixels = pixels,
                             .scaling = take_s16_scaling(t, out),
                             .channels = eseg_channel_stride(out)};
    const int16_t *taps[5], *weights = take_s16_weights(t, (size_t)out * kernel * kernel * in, kernel * kernel * in);
    for (int k = 0; k < kernel; ++k) taps[k] = take_s16_codes(t, (pixels - 1) * row.pixel_stride + kernel * in_stride);
    row.taps = taps;
    const targets to = take_targets(t, pixels, row.channels, &row.scaling);
    describe(t, "kernel %d, step %d, %d channels to %d, %d pixels, %s%s", kernel, step, in, out, pixels, to.name,
             row.scaling.slope ? ", slopes" : "");
    for (int k = 0; k < 2; ++k) {
        const eseg_kernels *kernels = k ? t->kernels : reference();
        row.tap_codes = eseg_s16_tap_codes(kernels, kernel, in_stride);
        int16_t *packed = take(t, eseg_s16_conv_packed_size(kernels, out, kernel, kernel, in_stride) * sizeof *packed + ESEG_SLACK);
        eseg_s16_conv_pack(kernels, weights, out, kernel, kernel, in, in_stride, packed);
        row.weights = packed;
        row.to = k ? to.actual : to.expected;
        kernels->s16.conv_row(&row);
    }
    expect_equal(t, &to.bytes, to.stride);
}

void check_s16_depthwise_row(test_case *t) {
    const int kernel = PICK(t, 3, 5), taps = kernel * kernel;
    const int channels = one_in(t, 8) ? 1 : between(t, 1, 120), pixels = one_in(t, 8) ? 1 : between(t, 1, 40);
    eseg_s16_depthwise_row row = {.kernel = kernel,
                                  .stride = between(t, 1, 2),
                                  .pixel_stride = eseg_channel_stride(channels),
                                  .pixels = pixels,
                                  .scaling = take_s16_scaling(t, channels),
                                  .channels = eseg_channel_stride(channels)};
    const int16_t *rows[11];
    for (int k = 0; k < kernel; ++k) rows[k] = take_s16_codes(t, ((pixels - 1) * row.stride + kernel) * row.pixel_stride);
    int16_t *packed = take(t, (size_t)taps * eseg_blocks(channels) * ESEG_LANES * sizeof *packed);
    eseg_s16_depthwise_pack(take_s16_weights(t, (size_t)channels * taps, taps), channels, taps, packed);
    row.rows = rows;
    row.weights = packed;
    const targets to = take_targets(t, pixels, row.channels, &row.scaling);
    describe(t, "kernel %d, stride %d, %d channels, %d pixels, %s%s", kernel, row.stride, channels, pixels, to.name,
             row.scaling.slope ? ", slopes" : "");
    row.to = to.expected;
    reference()->s16.depthwise_row(&row);
    row.to = to.actual;
    t->kernels->s16.depthwise_row(&row);
    expect_equal(t, &to.bytes, to.stride);
}

void check_s16_depthwise_taps_row(test_case *t) {
    const int tap_count = between(t, 1, one_in(t, 8) ? ESEG_MAX_TAPS : 25), channels = one_in(t, 8) ? 1 : between(t, 1, 120);
    eseg_s16_depthwise_taps_row row = {.tap_count = tap_count,
                                       .pixel_stride = (size_t)eseg_channel_stride(channels) * between(t, 1, 3),
                                       .pixels = one_in(t, 8) ? 1 : between(t, 1, 40),
                                       .scaling = take_s16_scaling(t, channels),
                                       .channels = eseg_channel_stride(channels)};
    const int16_t *taps[ESEG_MAX_TAPS];
    const int room = between(t, 0, 100);
    const int16_t *codes = take_s16_codes(t, (row.pixels - 1) * row.pixel_stride + row.channels + room);
    for (int k = 0; k < tap_count; ++k) taps[k] = codes + between(t, 0, room);
    int16_t *packed = take(t, (size_t)tap_count * eseg_blocks(channels) * ESEG_LANES * sizeof *packed + ESEG_SLACK);
    eseg_s16_depthwise_pack(take_s16_weights(t, (size_t)channels * tap_count, tap_count), channels, tap_count, packed);
    row.taps = taps;
    row.weights = packed;
    const targets to = take_targets(t, row.pixels, row.channels, &row.scaling);
    describe(t, "%d taps, %d channels %zu apart, %d pixels, %s%s", tap_count, channels, row.pixel_stride, row.pixels, to.name,
             row.scaling.slope ? ", slopes" : "");
    row.to = to.expected;
    reference()->s16.depthwise_taps_row(&row);
    row.to = to.actual;
    t->kernels->s16.depthwise_taps_row(&row);
    expect_equal(t, &to.bytes, to.stride);
}

void check_s16_add_row(test_case *t) {
    const int channels = eseg_channel_stride(between(t, 1, 150)), pixels = between(t, 1, 40), resampled = one_in(t, 2);
    int32_t *columns = take(t, pixels * sizeof *columns);
    for (int p = 0; p < pixels; ++p) columns[p] = between(t, 0, pixels - 1) * channels;
    eseg_s16_add_row row = {.codes = take_s16_codes(t, (size_t)pixels * channels),
                            .columns = resampled ? columns : NULL,
                            .multipliers = take_multipliers_of(t, channels, exp2(uniform(t, -8, 8))),
                            .adds = !one_in(t, 3),
                            .relu = one_in(t, 2),
                            .pixels = pixels,
                            .channels = channels};
    describe(t, "%d pixels of %d channels%s%s%s", pixels, channels, resampled ? ", resampled" : "", row.adds ? ", added" : "",
             row.relu ? ", relu" : "");
    const size_t count = (size_t)pixels * channels;
    const outputs o = take_outputs(t, count * sizeof(float));
    const float *before = take_multipliers_of(t, (int)count, 1e6);
    memcpy(o.expected, before, o.size);
    memcpy(o.actual, before, o.size);
    row.values = (float *)o.expected;
    reference()->s16.add_row(&row);
    row.values = (float *)o.actual;
    t->kernels->s16.add_row(&row);
    expect_equal(t, &o, channels * sizeof(float));
}

void check_s16_store(test_case *t) {
    const size_t count = between(t, 1, 300);
    eseg_s16_output output = take_s16_output(t, between(t, 1, 2));
    if (output.bytes == 1 && one_in(t, 3)) {
        output.table = take(t, sizeof *output.table);
        output.curve = ESEG_S16_LINEAR;
    }
    float *values = take_multipliers_of(t, (int)count, exp2(uniform(t, 0, 28)));
    for (size_t i = 0; i < count; ++i)  // halves, where rounding is even
        if (one_in(t, 4)) values[i] = (float)between(t, -70000, 70000) + 0.5f;
    describe(t, "%zu values to %d bytes%s%s%s", count, output.bytes, curve_name(output.curve), output.relu ? ", relu" : "",
             output.table ? ", table" : "");
    const outputs o = take_outputs(t, count * output.bytes);
    reference()->s16.store(values, count, &output, o.expected);
    t->kernels->s16.store(values, count, &output, o.actual);
    expect_equal(t, &o, output.bytes);
}

void check_s16_widen(test_case *t) {
    const size_t count = between(t, 1, 300);
    const int zero = between(t, 0, 255);
    const uint8_t *codes = take_codes(t, count);
    describe(t, "%zu codes, zero point %d", count, zero);
    const outputs o = take_outputs(t, count * sizeof(int16_t));
    reference()->s16.widen(codes, count, zero, (int16_t *)o.expected);
    t->kernels->s16.widen(codes, count, zero, (int16_t *)o.actual);
    expect_equal(t, &o, sizeof(int16_t));
}

void check_s16_pool_row(test_case *t) {
    const int in_width = between(t, 1, one_in(t, 4) ? 3 : 100), out_width = (in_width + 1) / 2, channels = between(t, 1, 200);
    const int16_t *rows[3];
    for (int k = 0; k < 3; ++k) rows[k] = take_s16_codes(t, (size_t)in_width * channels);
    rows[PICK(t, 0, 2)] = rows[1];
    describe(t, "%d pixels of %d channels", in_width, channels);
    const outputs o = take_outputs(t, (size_t)out_width * channels * sizeof(int16_t));
    reference()->s16.pool_row(rows, in_width, out_width, channels, (int16_t *)o.expected);
    t->kernels->s16.pool_row(rows, in_width, out_width, channels, (int16_t *)o.actual);
    expect_equal(t, &o, channels * sizeof(int16_t));
}

void check_s16_mean_pixel(test_case *t) {
    const int count = between(t, 0, 40), channels = eseg_channel_stride(between(t, 1, 90));
    const size_t step = channels + 4 * between(t, 0, 20);
    int32_t *sums = take(t, (count ? count * step : (size_t)channels) * sizeof *sums + ESEG_SLACK);
    for (size_t i = 0; i < count * step; ++i) sums[i] = PICK(t, -50000000, 50000000, between(t, -50000000, 50000000));
    const float multiplier = (float)uniform(t, 0, 1);
    describe(t, "%d pixels %zu apart of %d channels", count, step, channels);
    const outputs o = take_outputs(t, channels * sizeof(float));
    reference()->s16.mean_pixel(sums, step, count, channels, multiplier, (float *)o.expected);
    t->kernels->s16.mean_pixel(sums, step, count, channels, multiplier, (float *)o.actual);
    expect_equal(t, &o, sizeof(float));
}

void check_s16_product_row(test_case *t) {
    const int pixels = between(t, 1, 20), channels = eseg_channel_stride(between(t, 1, 90));
    eseg_s16_product_row row = {
        .a_stride = channels + 4 * between(t, 0, 3), .spread = one_in(t, 3), .pixels = pixels, .channels = channels};
    row.b_stride = one_in(t, 3) ? 0 : row.spread ? 4 : channels + 4 * between(t, 0, 3);
    row.multiplier = (float)uniform(t, 0, 1);
    row.a = take_s16_codes(t, pixels * row.a_stride);
    row.b = take_s16_codes(t, pixels * row.b_stride + channels);
    describe(t, "%d pixels of %d channels, strides %zu and %zu%s", pixels, channels, row.a_stride, row.b_stride,
             row.spread ? ", spread" : "");
    const outputs o = take_outputs(t, (size_t)pixels * channels * sizeof(float));
    row.values = (float *)o.expected;
    reference()->s16.product_row(&row);
    row.values = (float *)o.actual;
    t->kernels->s16.product_row(&row);
    expect_equal(t, &o, channels * sizeof(float));
}

void check_s16_sum_row(test_case *t) {
    const int pixels = one_in(t, 20) ? 65535 : between(t, 1, 300), channels = between(t, 1, pixels > 300 ? 3 : 200);
    const int16_t *codes = take_s16_codes(t, (size_t)pixels * channels);
    describe(t, "%d pixels, %d channels", pixels, channels);
    const outputs o = take_outputs(t, channels * sizeof(int32_t));
    memset(o.expected, 0, o.size);
    memset(o.actual, 0, o.size);
    reference()->s16.sum_row(codes, pixels, channels, (int32_t *)o.expected);
    t->kernels->s16.sum_row(codes, pixels, channels, (int32_t *)o.actual);
    expect_equal(t, &o, sizeof(int32_t));
}

/// Weights of an axis add up to this much over any int16 codes.
enum { WEIGHTS = 1 << 8 };

void check_s16_blend(test_case *t) {
    const size_t count = between(t, 1, 300);
    const int weight = one_in(t, 4) ? PICK(t, 0, WEIGHTS) : between(t, 0, WEIGHTS);
    const int16_t *top = take_s16_codes(t, count), *bottom = one_in(t, 4) ? top : take_s16_codes(t, count);
    describe(t, "%zu codes, weight %d", count, weight);
    const outputs o = take_outputs(t, count * sizeof(int32_t));
    reference()->s16.blend(top, bottom, WEIGHTS - weight, weight, count, (int32_t *)o.expected);
    t->kernels->s16.blend(top, bottom, WEIGHTS - weight, weight, count, (int32_t *)o.actual);
    expect_equal(t, &o, sizeof(int32_t));
}

void check_s16_blend_row(test_case *t) {
    const int bits = between(t, 0, 11), one = 1 << bits, columns = between(t, 1, 40), pixels = between(t, 1, 40);
    const int channels = eseg_channel_stride(between(t, 1, 150)), stride = channels + 4 * between(t, 0, 2);
    int32_t *sums = take(t, (size_t)columns * stride * sizeof *sums + ESEG_SLACK);
    fill_symmetric(t, INT32_MAX / one, sums, (size_t)columns * stride);
    int32_t *lower = take(t, pixels * sizeof *lower), *upper = take(t, pixels * sizeof *upper),
            *weights = take(t, pixels * sizeof *weights);
    for (int p = 0; p < pixels; ++p) {
        lower[p] = between(t, 0, columns - 1);
        upper[p] = one_in(t, 4) ? lower[p] : between(t, 0, columns - 1);
        weights[p] = one_in(t, 4) ? PICK(t, 0, one) : between(t, 0, one);
    }
    eseg_s16_blend_row row = {.sums = sums,
                              .pixel_stride = stride,
                              .lower = lower,
                              .upper = upper,
                              .weights = weights,
                              .one = one,
                              .multiplier = (float)uniform(t, -1, 1),
                              .pixels = pixels,
                              .channels = channels};
    describe(t, "%d pixels of %d channels between %d columns, %d bits", pixels, channels, columns, bits);
    const outputs o = take_outputs(t, (size_t)pixels * channels * sizeof(float));
    row.values = (float *)o.expected;
    reference()->s16.blend_row(&row);
    row.values = (float *)o.actual;
    t->kernels->s16.blend_row(&row);
    expect_equal(t, &o, channels * sizeof(float));
}
