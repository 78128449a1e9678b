#include "s8_naive.h"

#include <math.h>
#include <string.h>

static uint8_t *pixel(const eseg_s8_map *m, int y, int x) { return m->data + ((size_t)y * m->width + x) * m->stride; }

static int inside(const eseg_s8_map *m, int y, int x) { return y >= 0 && y < m->height && x >= 0 && x < m->width; }

static int64_t limited(int64_t value, int64_t low, int64_t high) { return value < low ? low : value > high ? high : value; }

static int64_t sat16(int64_t value) { return limited(value, -32768, 32767); }

static int64_t rounded_shift(int64_t value, int shift) { return (value + ((int64_t)1 << (shift - 1))) >> shift; }

uint8_t naive_code(int64_t value, const eseg_s8_curve *curve, int zero_point) {
    if (!curve) return (uint8_t)limited(zero_point + value, 0, 255);
    const int64_t t = sat16(value), a = limited(t < 0 ? -t : t, 0, 32767), i = a / 512, f = a % 512 * 64;
    int64_t y = sat16(rounded_shift(t > 0 ? t * curve->gain : 0, 15) + curve->base[i]);
    y = sat16(y + rounded_shift(f * curve->slope[i], 15));
    return (uint8_t)limited(zero_point + (sat16(y + 32) >> 6), 0, 255);
}

static int64_t scaled(int64_t accumulator, const eseg_s8_scaling *scaling, int channel) {
    float value = (float)accumulator * scaling->multiplier[channel];
    if (scaling->slope && value < 0) value *= scaling->slope[channel];
    return value > 0x1p30f ? 1 << 30 : value < -0x1p30f ? -(1 << 30) : llrintf(value);
}

static int64_t conv_sum(const random_conv *c, const eseg_s8_map *in, const uint8_t *padding, int y, int x, int o) {
    const eseg_axis *rows = &c->window.rows, *columns = &c->window.columns;
    const int32_t *weights = c->weights + (size_t)o * rows->kernel * columns->kernel * c->in;
    int64_t sum = c->bias[o];
    for (int ky = 0; ky < rows->kernel; ++ky)
        for (int kx = 0; kx < columns->kernel; ++kx) {
            const int iy = y * rows->stride - rows->before + ky * rows->dilation;
            const int ix = x * columns->stride - columns->before + kx * columns->dilation;
            const uint8_t *codes = inside(in, iy, ix) ? pixel(in, iy, ix) : padding;
            for (int i = 0; i < c->in; ++i) sum += (int64_t)(codes[i] - c->in_zero) * *weights++;
        }
    return sum;
}

void naive_conv(const random_conv *c, const eseg_s8_map *in, const uint8_t *padding, const eseg_s8_map *residual, const eseg_s8_map *out,
                int as_logits) {
    const eseg_s8_conv_layer *l = &c->layer;
    for (int y = 0; y < out->height; ++y)
        for (int x = 0; x < out->width; ++x)
            for (int o = 0; o < out->channels; ++o) {
                int64_t v = scaled(conv_sum(c, in, padding, y, x, o), &l->scaling, o);
                uint8_t *to = pixel(out, y, x);
                if (as_logits) {
                    const int16_t logit = (int16_t)sat16(v);
                    memcpy(to + 2 * o, &logit, 2);
                } else if (residual->data) {
                    if (l->relu_before_add && v < 0) v = 0;
                    v += (int64_t)(pixel(residual, y, x)[o] - l->residual_zero_point) * l->residual_multiplier;
                    to[o] = naive_code(rounded_shift(v, l->shift), NULL, l->scaling.zero_point);
                } else {
                    to[o] = naive_code(v, l->scaling.curve, l->scaling.zero_point);
                }
            }
}

static int64_t depthwise_sum(const random_depthwise *d, int down, int across, const eseg_s8_map *in, int y, int x, int c) {
    const int k = d->layer.kernel, s = d->layer.stride;
    int64_t sum = d->bias[c];
    for (int ky = 0; ky < k; ++ky)
        for (int kx = 0; kx < k; ++kx) {
            const int iy = y * s + (ky - k / 2) * down, ix = x * s + (kx - k / 2) * across;
            const int code = inside(in, iy, ix) ? pixel(in, iy, ix)[c] : d->layer.padding;
            sum += (int64_t)(code - d->layer.padding) * d->weights[((size_t)c * k + ky) * k + kx];
        }
    return sum;
}

void naive_depthwise(const random_depthwise *d, int down, int across, const eseg_s8_map *in, const eseg_s8_map *out) {
    const eseg_s8_scaling *scaling = &d->layer.scaling;
    for (int y = 0; y < out->height; ++y)
        for (int x = 0; x < out->width; ++x)
            for (int c = 0; c < out->channels; ++c) {
                const int64_t v = scaled(depthwise_sum(d, down, across, in, y, x, c), scaling, c);
                pixel(out, y, x)[c] = naive_code(v, scaling->curve, scaling->zero_point);
            }
}

static uint8_t pooled(const eseg_s8_map *in, int y, int x, int c) {
    uint8_t most = 0;
    for (int iy = 2 * y - 1; iy <= 2 * y + 1; ++iy)
        for (int ix = 2 * x - 1; ix <= 2 * x + 1; ++ix)
            if (inside(in, iy, ix) && pixel(in, iy, ix)[c] > most) most = pixel(in, iy, ix)[c];
    return most;
}

void naive_pool(const eseg_s8_map *in, const eseg_s8_map *out) {
    for (int y = 0; y < out->height; ++y)
        for (int x = 0; x < out->width; ++x)
            for (int c = 0; c < out->channels; ++c) pixel(out, y, x)[c] = pooled(in, y, x, c);
}

void naive_fusion(const random_fusion *fusion, const eseg_s8_map *out) {
    const eseg_s8_fusion_op *f = &fusion->fusion;
    for (int y = 0; y < f->height; ++y)
        for (int x = 0; x < f->width; ++x)
            for (int c = 0; c < f->channels; ++c) {
                int64_t sum = 0;
                for (int i = 0, ry = y, rx = x, height = f->height, width = f->width; i < f->inputs; ++i) {
                    const eseg_s8_map *m = &f->maps[i];
                    const int sy = ry * m->height / height, sx = rx * m->width / width;
                    const int code = f->pooled[i] ? pooled(m, y, x, c) : pixel(m, sy, sx)[c];
                    sum += (int64_t)(code - fusion->zero_points[i]) * f->multipliers[i][c];
                    if (f->chained) ry = sy, rx = sx, height = m->height, width = m->width;
                }
                pixel(out, y, x)[c] = naive_code(rounded_shift(sum, f->shift), f->curve, f->zero_point);
            }
}

void naive_gate(test_case *t, const eseg_gate_layer *gate, const eseg_s8_map *map) {
    const int pixels = map->height * map->width;
    int64_t *sums = take(t, gate->channels * sizeof *sums);
    float *squeezed = take(t, gate->squeezed * sizeof *squeezed);
    int16_t *gates = take(t, gate->channels * sizeof *gates);
    for (int c = 0; c < gate->channels; ++c) {
        sums[c] = 0;
        for (int p = 0; p < pixels; ++p) sums[c] += map->data[p * map->stride + c];
    }
    eseg_gate_values(gate, sums, pixels, squeezed, gates);
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < gate->channels; ++c) {
            uint8_t *q = map->data + p * map->stride + c;
            *q = naive_code(rounded_shift((int64_t)(*q - gate->in_zero_point) * 4 * gates[c], 15), NULL, gate->out_zero_point);
        }
}

/// Position of sample `i` of `out` on an axis of `in` samples in 1/128, rounded half up.
static int64_t position(int i, int in, int out, int align_corners) {
    const double exact = !align_corners ? (i + 0.5) * in / out - 0.5 : out > 1 ? (double)i * (in - 1) / (out - 1) : 0;
    const int64_t nearest = (int64_t)floor(exact * 128 + 0.5 + 1e-9);
    return limited(nearest, 0, 128 * (int64_t)(in - 1));
}

/// A class's logit at a position, times 128².
static int64_t blended(const eseg_s8_argmax_op *op, int64_t y, int64_t x, int class) {
    int64_t value = 0;
    for (int k = 0; k < 4; ++k) {
        const int64_t wy = k / 2 ? y % 128 : 128 - y % 128, wx = k % 2 ? x % 128 : 128 - x % 128;
        const int64_t sy = limited(y / 128 + k / 2, 0, op->source_height - 1), sx = limited(x / 128 + k % 2, 0, op->source_width - 1);
        int16_t logit;
        memcpy(&logit, (const uint8_t *)op->logits + ((size_t)sy * op->source_width + sx) * op->stride + 2 * class, 2);
        value += wy * wx * logit;
    }
    return value;
}

/// What `margin` comes to: in steps of the classes' factors, rounded to even as single-precision numbers are, down from 255.
static uint8_t naive_doubt(int64_t margin, float best, float second) {
    const float scaled = (float)margin * best, steps = scaled * second;
    return steps >= 255 ? 0 : (uint8_t)(255 - (int)rintf(steps));
}

void naive_argmax(const eseg_s8_argmax_op *op, uint8_t *out, uint8_t *doubt) {
    for (int y = 0; y < op->height; ++y)
        for (int x = 0; x < op->width; ++x) {
            const int64_t py = position(y, op->source_height, op->height, op->align_corners);
            const int64_t px = position(x, op->source_width, op->width, op->align_corners);
            const size_t at = (size_t)y * op->width + x;
            int64_t values[256];
            int best = 0, second = -1;
            for (int c = 0; c < op->classes; ++c) values[c] = blended(op, py, px, c);
            for (int c = 1; c < op->classes; ++c)
                if (values[c] > values[best]) best = c;
            for (int c = 0; c < op->classes; ++c)
                if (c != best && (second < 0 || values[c] > values[second])) second = c;
            const eseg_s8_doubt_scales *s = &op->doubt_scales;
            out[at] = (uint8_t)best;
            doubt[at] = second < 0 ? 0 : naive_doubt(values[best] - values[second], s->best[best], s->second[second]);
        }
}
