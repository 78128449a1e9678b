// The scalar kernels: the specification of the int16 arithmetic, short and slow.

#include "kernels.h"

#include <math.h>

#include "eseg_s8.h"

#include "gelu.h"
#include "silu.h"

static int32_t clamp(int32_t value, int32_t low, int32_t high) { return value < low ? low : value > high ? high : value; }
static uint8_t sat8(int32_t value) { return (uint8_t)clamp(value, 0, 255); }
static int16_t sat16(int32_t value) { return (int16_t)clamp(value, INT16_MIN, INT16_MAX); }

static float scale(int32_t sum, const eseg_s16_scaling *s, int channel) {
    float value = (float)sum * s->multiplier[channel];
    if (s->slope) {
        if (value < 0) value *= s->slope[channel];
        value = fminf(fmaxf(value, -ESEG_S16_STEEPEST), ESEG_S16_STEEPEST);
    }
    return value;
}

/// A value of channel `c` of pixel `p`.
static void put(const eseg_s16_target *to, int channels, int p, int c, float value) {
    if (to->values) to->values[(size_t)p * channels + c] = value;
    else if (c < to->count) eseg_s16_store_scalar(&value, 1, to->output, to->codes + p * to->stride + c * to->output->bytes);
}

void eseg_s16_conv_row_scalar(const eseg_s16_conv_row *row) {
    const int taps = row->tap_count * row->tap_codes;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            const int16_t *block = row->weights + (size_t)(c / ESEG_LANES) * taps * ESEG_LANES;
            int32_t sum = row->scaling.bias[c];
            for (int k = 0; k < taps; ++k)
                sum += row->taps[k / row->tap_codes][p * row->pixel_stride + k % row->tap_codes] *
                       block[(k / 2 * ESEG_LANES + c % ESEG_LANES) * 2 + k % 2];
            put(&row->to, row->channels, p, c, scale(sum, &row->scaling, c));
        }
}

void eseg_s16_depthwise_row_scalar(const eseg_s16_depthwise_row *row) {
    const int padded = eseg_blocks(row->channels) * ESEG_LANES;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            int32_t sum = row->scaling.bias[c];
            for (int y = 0; y < row->kernel; ++y)
                for (int x = 0; x < row->kernel; ++x)
                    sum += row->rows[y][(p * row->stride + x) * row->pixel_stride + c] * row->weights[(y * row->kernel + x) * padded + c];
            put(&row->to, row->channels, p, c, scale(sum, &row->scaling, c));
        }
}

void eseg_s16_depthwise_taps_row_scalar(const eseg_s16_depthwise_taps_row *row) {
    const int padded = eseg_blocks(row->channels) * ESEG_LANES;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            int32_t sum = row->scaling.bias[c];
            for (int t = 0; t < row->tap_count; ++t) sum += row->taps[t][p * row->pixel_stride + c] * row->weights[(size_t)t * padded + c];
            put(&row->to, row->channels, p, c, scale(sum, &row->scaling, c));
        }
}

void eseg_s16_add_row_scalar(const eseg_s16_add_row *row) {
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            float *value = row->values + (size_t)p * row->channels + c;
            const int16_t code = row->codes[(row->columns ? (size_t)row->columns[p] : (size_t)p * row->channels) + c];
            const float part = (float)code * row->multipliers[c];
            if (!row->adds) *value = part;
            else *value = (row->relu && *value < 0 ? 0 : *value) + part;
        }
}

static float curved(float x, eseg_s16_curve curve) {
    if (curve == ESEG_S16_SILU) return x / exact_sigmoid_divisor(x);
    if (curve == ESEG_S16_SIGMOID) return 1.0f / exact_sigmoid_divisor(x);
    if (curve == ESEG_S16_GELU || curve == ESEG_S16_GELU_TANH) return exact_gelu(x, curve == ESEG_S16_GELU_TANH);
    if (curve == ESEG_S16_ELU) return exact_elu(x);
    const float above = x + 3.0f, factor = above < 0.0f ? 0.0f : above > 6.0f ? 6.0f : above;
    return curve == ESEG_S16_HARD_SWISH ? x * factor / 6.0f : factor / 6.0f;
}

void eseg_s16_store_scalar(const float *values, size_t count, const eseg_s16_output *output, void *out) {
    for (size_t i = 0; i < count; ++i) {
        const float value = output->curve ? curved(values[i], output->curve) * output->inverse : values[i];
        const int32_t v = (int32_t)lrintf(value);  // half to even, as the default rounding mode does
        if (output->table) ((uint8_t *)out)[i] = eseg_s8_curve_code(output->table, sat16(v), output->zero_point);
        else if (output->bytes == 1) ((uint8_t *)out)[i] = sat8(output->zero_point + v);
        else ((int16_t *)out)[i] = output->relu && v < 0 ? 0 : sat16(v);
    }
}

void eseg_s16_widen_scalar(const uint8_t *codes, size_t count, int32_t zero_point, int16_t *out) {
    for (size_t i = 0; i < count; ++i) out[i] = (int16_t)(codes[i] - zero_point);
}

void eseg_s16_pool_row_scalar(const int16_t *const rows[3], int in_width, int out_width, int channels, int16_t *out) {
    for (int p = 0; p < out_width; ++p)
        for (int c = 0; c < channels; ++c) {
            int16_t max = INT16_MIN;
            for (int y = 0; y < 3; ++y)
                for (int x = 2 * p - 1; x <= 2 * p + 1; ++x)
                    if (x >= 0 && x < in_width && rows[y][(size_t)x * channels + c] > max) max = rows[y][(size_t)x * channels + c];
            out[(size_t)p * channels + c] = max;
        }
}

void eseg_s16_mean_pixel_scalar(const int32_t *sums, size_t step, int count, int channels, float multiplier, float *values) {
    for (int c = 0; c < channels; ++c) {
        int32_t sum = 0;
        for (int k = 0; k < count; ++k) sum += sums[k * step + c];
        values[c] = (float)sum * multiplier;
    }
}

void eseg_s16_product_row_scalar(const eseg_s16_product_row *row) {
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            const int32_t product = row->a[p * row->a_stride + c] * row->b[p * row->b_stride + (row->spread ? 0 : c)];
            row->values[(size_t)p * row->channels + c] = (float)product * row->multiplier;
        }
}

void eseg_s16_sum_row_scalar(const int16_t *codes, int pixels, int channels, int32_t *sums) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; ++c) sums[c] += codes[(size_t)p * channels + c];
}

void eseg_s16_blend_scalar(const int16_t *top, const int16_t *bottom, int32_t top_weight, int32_t bottom_weight, size_t count,
                           int32_t *sums) {
    for (size_t i = 0; i < count; ++i) sums[i] = top[i] * top_weight + bottom[i] * bottom_weight;
}

void eseg_s16_blend_row_scalar(const eseg_s16_blend_row *row) {
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            const int32_t lower = row->sums[row->lower[p] * row->pixel_stride + c],
                          upper = row->sums[row->upper[p] * row->pixel_stride + c];
            const int32_t sum = lower * (row->one - row->weights[p]) + upper * row->weights[p];
            row->values[(size_t)p * row->channels + c] = (float)sum * row->multiplier;
        }
}
