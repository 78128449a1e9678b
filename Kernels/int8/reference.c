// The scalar kernels: the specification of the int8 arithmetic, short and slow.

#include "kernels.h"

#include <math.h>

static int32_t clamp(int32_t value, int32_t low, int32_t high) { return value < low ? low : value > high ? high : value; }
static uint8_t sat8(int32_t value) { return (uint8_t)clamp(value, 0, 255); }
static int32_t sat16(int32_t value) { return clamp(value, INT16_MIN, INT16_MAX); }
static int32_t mulhrs(int32_t a, int32_t b) { return (a * b + (1 << 14)) >> 15; }

/// Round half to even, as the default IEEE rounding mode does.
static int32_t scale(int32_t accumulator, const eseg_s8_scaling *s, int channel) {
    float value = (float)accumulator * s->multiplier[channel];
    if (s->slope) {
        if (value < 0) value *= s->slope[channel];
        value = fminf(fmaxf(value, -ESEG_S8_STEEPEST), ESEG_S8_STEEPEST);
    }
    return (int32_t)lrintf(value);
}

/// The output code of the int16 code `t` on an activation curve.
uint8_t eseg_s8_curve_code(const eseg_s8_curve *curve, int32_t t, int32_t zero_point) {
    int32_t a = t < 0 ? (t == INT16_MIN ? INT16_MAX : -t) : t;
    int32_t y = sat16(mulhrs(t > 0 ? t : 0, curve->gain) + curve->base[a >> 9]);
    y = sat16(y + mulhrs((a & 511) << 6, curve->slope[a >> 9]));
    return sat8(zero_point + (sat16(y + 32) >> 6));
}

/// The code of a value that has been scaled to the output's steps, or to the curve's input steps.
static uint8_t code(int32_t value, const eseg_s8_curve *curve, int32_t zero_point) {
    return curve ? eseg_s8_curve_code(curve, sat16(value), zero_point) : sat8(zero_point + value);
}

static int32_t dot(const eseg_s8_conv_row *row, int pixel, int channel) {
    const size_t plane = (size_t)row->tap_count * row->tap_quads * ESEG_LANES * 4;
    const int8_t *high = row->weights + (size_t)(channel / ESEG_LANES) * plane * (row->int16_weights ? 2 : 1) + channel % ESEG_LANES * 4;
    uint32_t sum = 0;
    for (int tap = 0; tap < row->tap_count; ++tap)
        for (int i = 0; i < row->tap_quads * 4; ++i) {
            size_t at = (size_t)(tap * row->tap_quads + i / 4) * ESEG_LANES * 4 + i % 4;
            int32_t weight = row->int16_weights ? 256 * high[at] + high[at + plane] : high[at];
            sum += (uint32_t)(row->taps[tap][pixel * row->pixel_stride + i] * weight);
        }
    return (int32_t)(sum + (uint32_t)row->scaling.bias[channel]);
}

void eseg_s8_conv_row_scalar(const eseg_s8_conv_row *row) {
    const eseg_s8_scaling *s = &row->scaling;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = row->channel_begin; c < row->channel_end; ++c) {
            int k = c - row->channel_begin;
            uint8_t *out = (uint8_t *)row->out + p * row->out_stride;
            int32_t v = scale(dot(row, p, c), s, c);
            switch (row->store) {
            case ESEG_S8_STORE_CODES: out[k] = code(v, s->curve, s->zero_point); break;
            case ESEG_S8_STORE_RING: out[4 * k] = code(v, s->curve, s->zero_point); break;
            case ESEG_S8_STORE_LOGITS: ((int16_t *)out)[k] = (int16_t)sat16(v); break;
            case ESEG_S8_STORE_SUM:
                if (row->relu_before_add && v < 0) v = 0;
                v += (row->residual[p * row->residual_stride + k] - row->residual_zero_point) * row->residual_multiplier;
                out[k] = sat8(s->zero_point + ((v + (1 << (row->shift - 1))) >> row->shift));
            }
        }
}

void eseg_s8_depthwise_row_scalar(const eseg_s8_depthwise_row *row) {
    const int groups = (row->kernel + 3) / 4, slots = groups * 4;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            int32_t sum = row->scaling.bias[c];
            for (int y = 0; y < row->kernel; ++y)
                for (int x = 0; x < row->kernel; ++x) {
                    int slot = (row->first_slot + y) % slots;
                    size_t at = slot / 4 * row->group_stride + (p * row->stride + x) * row->pixel_stride + c * 4 + slot % 4;
                    sum += row->ring[at] *
                           row->weights[(((c / ESEG_LANES * row->kernel + x) * groups + y / 4) * ESEG_LANES + c % ESEG_LANES) * 4 + y % 4];
                }
            row->out[p * row->out_stride + c] = code(scale(sum, &row->scaling, c), row->scaling.curve, row->scaling.zero_point);
        }
}

void eseg_s8_affine_row_scalar(const eseg_s8_affine_row *row) {
    const eseg_s8_scaling *s = &row->scaling;
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            const int32_t sum = s->bias[c] + row->in[p * row->in_stride + c] * row->weights[c];
            row->out[p * row->out_stride + c] = code(scale(sum, s, c), s->curve, s->zero_point);
        }
}

void eseg_s8_fusion_row_scalar(const eseg_s8_fusion_row *row) {
    for (int p = 0; p < row->pixels; ++p)
        for (int c = 0; c < row->channels; ++c) {
            int32_t sum = (row->bias ? row->bias[c] : 0) + (row->coarse ? row->coarse[row->coarse_columns[p] + c] : 0);
            for (int i = 0; i < row->inputs; ++i) sum += row->rows[i][row->columns[i][p] + c] * row->multipliers[i][c];
            if (row->accumulators) row->accumulators[p * row->accumulator_stride + c] = sum;
            else row->out[p * row->out_stride + (row->packed ? 1 : 4) * c] = code(sum >> row->shift, row->curve, row->zero_point);
        }
}

void eseg_s8_copy_row_scalar(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; ++c) out[p * out_stride + 4 * c] = in[p * in_stride + c];
}

void eseg_s8_pool_row_scalar(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                             size_t out_stride) {
    for (int p = 0; p < out_width; ++p)
        for (int c = 0; c < channels; ++c) {
            uint8_t max = 0;
            for (int y = 0; y < 3; ++y)
                for (int x = 2 * p - 1; x <= 2 * p + 1; ++x)
                    if (x >= 0 && x < in_width && rows[y][x * in_stride + c] > max) max = rows[y][x * in_stride + c];
            out[p * out_stride + c] = max;
        }
}

void eseg_s8_sum_row_scalar(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; ++c) sums[c] += in[p * in_stride + c];
}

void eseg_s8_gate_row_scalar(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero,
                             int32_t out_zero) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; ++c) {
            uint8_t *q = codes + p * stride + c;
            *q = sat8(out_zero + mulhrs((*q - in_zero) * 4, gates[c]));
        }
}

uint8_t eseg_s8_doubt(int32_t margin, float best_scale, float second_scale) {
    return (uint8_t)(255 - (int32_t)lrintf(fminf((float)margin * best_scale * second_scale, 255)));
}

/// The classes with the greatest two values of those seen so far, the lowest on ties.
typedef struct best_two {
    int32_t most, next;
    int best, second;
} best_two;

static const best_two none_yet = {INT32_MIN, INT32_MIN, 0, 0};

static void see(best_two *t, int class, int32_t value) {
    if (value > t->most) *t = (best_two){value, t->most, class, t->best};
    else if (value > t->next) t->next = value, t->second = class;
}

/// Stores what is wanted of pixel `p`; `one` is what stands for 1 in the values.
static void store_choice(const eseg_s8_class_row *row, int p, const best_two *t, int32_t one) {
    row->out[p] = (uint8_t)t->best;
    if (!row->doubt && !row->margins) return;
    const int32_t margin = (t->most - t->next) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE / one);
    if (row->doubt) row->doubt[p] = eseg_s8_doubt(margin, row->doubt_scales.best[t->best], row->doubt_scales.second[t->second]);
    if (row->margins) row->margins[p] = margin, row->seconds[p] = (uint8_t)t->second;
}

/// Where a row's results go.
static eseg_s8_class_row results_of(const eseg_s8_argmax_row *row) {
    return (eseg_s8_class_row){
        .out = row->out, .doubt = row->doubt, .doubt_scales = row->doubt_scales, .margins = row->margins, .seconds = row->seconds};
}

void eseg_s8_argmax_row_scalar(const eseg_s8_argmax_row *row) {
    const int one = ESEG_S8_ARGMAX_ONE, w = row->bottom_weight;
    const eseg_s8_class_row results = results_of(row);
    for (int p = 0; p < row->pixels; ++p) {
        int left = row->columns[p], right = left + 1 < row->source_width ? left + 1 : left;
        best_two two = none_yet;
        for (int c = 0; c < row->classes; ++c) {
            const int16_t *top = row->top + c * row->plane_stride, *bottom = row->bottom + c * row->plane_stride;
            int32_t a = (one - w) * top[left] + w * bottom[left], b = (one - w) * top[right] + w * bottom[right];
            see(&two, c, (one - row->weights[p]) * a + row->weights[p] * b);
        }
        store_choice(&results, p, &two, one * one);
    }
}

/// The two pixels from `at` on, which lie on a column.
static void choose_end(const eseg_s8_argmax_row *row, int column, int at) {
    const int16_t *top = row->top + column, *bottom = row->bottom + column;
    const eseg_s8_class_row results = results_of(row);
    best_two two = none_yet;
    for (int c = 0; c < row->classes; ++c, top += row->plane_stride, bottom += row->plane_stride)
        see(&two, c, (ESEG_S8_ARGMAX_ONE - row->bottom_weight) * *top + row->bottom_weight * *bottom);
    for (int p = at; p < at + 2; ++p) store_choice(&results, p, &two, ESEG_S8_ARGMAX_ONE);
}

void eseg_s8_argmax_ends(const eseg_s8_argmax_row *row) {
    choose_end(row, 0, 0);
    choose_end(row, row->source_width - 1, 4 * row->source_width - 2);
}

void eseg_s8_class_row_scalar(const eseg_s8_class_row *row) {
    for (int p = 0; p < row->pixels; ++p) {
        best_two two = none_yet;
        for (int c = 0; c < row->classes; ++c) see(&two, c, row->logits[p * row->stride + c]);
        store_choice(row, p, &two, 1);
    }
}

void eseg_s8_shuffle_row_scalar(const eseg_shuffle_row *row) {
    for (int p = 0; p < row->pixels; ++p)
        for (int k = 0; k < row->piece_count; ++k) {
            const eseg_shuffle_piece *piece = &row->pieces[k];
            const int follows = k > 0 && piece[-1].to == piece->to;
            uint8_t *out = row->out + p * row->out_stride + piece->to;
            for (int b = 0; b < ESEG_SHUFFLE_BYTES; ++b) {
                const uint8_t at = piece->bytes[b], byte = at & 0x80 ? 0 : row->in[p * row->in_stride + piece->from + at];
                out[b] = follows ? out[b] | byte : byte;
            }
        }
}

int64_t eseg_s8_peak_scalar(int64_t rounds) {
    static volatile int32_t sink;
    int32_t sums[8];
    for (int k = 0; k < 8; ++k) sums[k] = sink;
    for (int64_t i = 0; i < rounds; ++i)
        for (int k = 0; k < 8; ++k) sums[k] = (int32_t)((uint32_t)sums[k] * 3u + (uint32_t)k);
    for (int k = 0; k < 8; ++k) sink = sums[k];
    return rounds * 8;
}
