#include <math.h>
#include <string.h>

#include "common.h"
#include "kernels.h"

static float activate(float x, eseg_f32_activation activation, float slope) {
    switch (activation) {
    case ESEG_F32_PRELU: return x < 0 ? x * slope : x;
    case ESEG_F32_RELU: return x > 0 ? x : 0;
    case ESEG_F32_RELU6: return x > 0 ? (x < 6 ? x : 6) : 0;
    case ESEG_F32_SILU: return x / (1 + expf(-x));
    case ESEG_F32_HARD_SWISH: return x * fminf(fmaxf(x + 3, 0), 6) / 6;
    case ESEG_F32_SIGMOID: return 1 / (1 + expf(-x));
    case ESEG_F32_GELU: return x * (0.5f * erfcf(x * -0.707106781f));
    case ESEG_F32_GELU_TANH: return x / (1 + expf(x * (-0.0713548163f * x * x - 1.59576912f)));
    case ESEG_F32_ELU: return x > 0 ? x : expm1f(x);
    case ESEG_F32_HARD_SIGMOID: return fminf(fmaxf(x + 3, 0), 6) / 6;
    default: return x;
    }
}

/// Adds one tap's `channels` inputs times their weights to a panel of sums.
static void accumulate(float sums[PANEL], const float *pixel, const float *weights, int channels) {
    for (int i = 0; i < channels; ++i)
        for (int c = 0; c < PANEL; ++c) sums[c] += pixel[i] * weights[(size_t)i * PANEL + c];
}

void eseg_f32_conv_rows_scalar(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, int first, int last,
                               float *scratch) {
    (void)scratch;
    const eseg_axis *rows = &op->window.rows, *columns = &op->window.columns;
    int in = op->input.channels, out = op->output.channels, taps = rows->kernel * columns->kernel;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < op->output.width; ++x)
            for (int panel = 0; panel < out; panel += PANEL) {
                const float *weights = op->weights + (size_t)panel * taps * in;
                float sums[PANEL];
                memcpy(sums, op->bias + panel, sizeof sums);
                for (int ky = 0; ky < rows->kernel; ++ky)
                    for (int kx = 0; kx < columns->kernel; ++kx) {
                        int iy = origin_of(rows, y) + ky * rows->dilation, ix = origin_of(columns, x) + kx * columns->dilation;
                        if (iy < 0 || iy >= op->input.height || ix < 0 || ix >= op->input.width) continue;
                        const float *pixel = input + ((size_t)iy * op->input.width + ix) * in;
                        accumulate(sums, pixel, weights + (size_t)(ky * columns->kernel + kx) * in * PANEL, in);
                    }
                size_t at = ((size_t)y * op->output.width + x) * out + panel;
                for (int c = 0; c < least(PANEL, out - panel); ++c) {
                    const float value = activate(sums[c], op->activation, op->slopes ? op->slopes[panel + c] : 0);
                    output[at + c] = residual ? activate(value + residual[at + c], op->sum_activation, 0) : value;
                }
            }
}

void eseg_f32_depthwise_rows_scalar(const eseg_f32_depthwise_op *op, const float *input, float *output, int first, int last) {
    const eseg_axis *rows = &op->window.rows, *columns = &op->window.columns;
    int channels = op->output.channels;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < op->output.width; ++x)
            for (int c = 0; c < channels; ++c) {
                float sum = op->bias[c];
                for (int ky = 0; ky < rows->kernel; ++ky)
                    for (int kx = 0; kx < columns->kernel; ++kx) {
                        int iy = origin_of(rows, y) + ky * rows->dilation, ix = origin_of(columns, x) + kx * columns->dilation;
                        if (iy < 0 || iy >= op->input.height || ix < 0 || ix >= op->input.width) continue;
                        sum += input[((size_t)iy * op->input.width + ix) * channels + c] *
                               op->weights[(size_t)(ky * columns->kernel + kx) * channels + c];
                    }
                output[((size_t)y * op->output.width + x) * channels + c] = activate(sum, op->activation, op->slopes ? op->slopes[c] : 0);
            }
}

static float pooled(const float *data, int height, int width, int channels, int y, int x, int c) {
    float most = -INFINITY;
    for (int iy = greatest(2 * y - 1, 0); iy < least(2 * y + 2, height); ++iy)
        for (int ix = greatest(2 * x - 1, 0); ix < least(2 * x + 2, width); ++ix)
            most = fmaxf(most, data[((size_t)iy * width + ix) * channels + c]);
    return most;
}

void eseg_f32_pool_rows_scalar(eseg_f32_shape shape, const float *input, float *output, int first, int last) {
    int width = divide_up(shape.width, 2);
    for (int y = first; y < last; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < shape.channels; ++c)
                output[((size_t)y * width + x) * shape.channels + c] = pooled(input, shape.height, shape.width, shape.channels, y, x, c);
}

static float resampled(const eseg_f32_fusion_input *input, eseg_f32_shape output, int y, int x, int c) {
    if (input->resampling == ESEG_F32_DOWN) return pooled(input->data, input->height, input->width, output.channels, y, x, c);
    if (input->resampling == ESEG_F32_UP) {
        y = nearest_at(y, input->height, output.height).source;
        x = nearest_at(x, input->width, output.width).source;
    }
    return input->data[((size_t)y * input->width + x) * output.channels + c];
}

void eseg_f32_fusion_rows_scalar(const eseg_f32_fusion_op *op, float *output, int first, int last) {
    eseg_f32_shape shape = op->output;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < shape.channels; ++c) {
                float sum = 0;
                for (int i = 0; i < op->count; ++i) sum += op->inputs[i].weights[c] * resampled(&op->inputs[i], shape, y, x, c);
                output[((size_t)y * shape.width + x) * shape.channels + c] = activate(sum, op->activation, 0);
            }
}

void eseg_f32_pyramid_rows_scalar(const eseg_f32_pyramid_op *op, float *output, int first, int last) {
    int width = op->levels[0].width, channels = op->channels;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < channels; ++c) {
                float sum = 0;
                for (int i = 0, ly = y, lx = x; i < op->count; ++i) {
                    const eseg_f32_pyramid_level *level = &op->levels[i];
                    if (i > 0) {
                        ly = nearest_at(ly, level->height, level[-1].height).source;
                        lx = nearest_at(lx, level->width, level[-1].width).source;
                    }
                    sum += op->weights[(size_t)i * channels + c] * level->data[((size_t)ly * level->width + lx) * channels + c];
                }
                output[((size_t)y * width + x) * channels + c] = sum;
            }
}

void eseg_f32_sum_rows_scalar(eseg_f32_shape shape, const float *input, float *sums, int first, int last) {
    memset(sums, 0, sizeof(float) * (size_t)shape.channels);
    for (size_t i = (size_t)first * shape.width; i < (size_t)last * shape.width; ++i)
        for (int c = 0; c < shape.channels; ++c) sums[c] += input[i * shape.channels + c];
}

void eseg_f32_gate_values_scalar(const eseg_f32_gate_op *op, const float *means, float *squeezed, float *gates) {
    int channels = op->shape.channels;
    for (int s = 0; s < op->squeezed; ++s) {
        float sum = op->reduce_bias[s];
        for (int c = 0; c < channels; ++c) sum += op->reduce_weights[(size_t)s * channels + c] * means[c];
        squeezed[s] = activate(sum, ESEG_F32_SILU, 0);
    }
    for (int c = 0; c < channels; ++c) {
        float sum = op->expand_bias[c];
        for (int s = 0; s < op->squeezed; ++s) sum += op->expand_weights[(size_t)s * channels + c] * squeezed[s];
        gates[c] = 1 / (1 + expf(-sum));
    }
}

void eseg_f32_gate_rows_scalar(eseg_f32_shape shape, const float *input, const float *gates, float *output, int first, int last) {
    for (size_t i = (size_t)first * shape.width; i < (size_t)last * shape.width; ++i)
        for (int c = 0; c < shape.channels; ++c) output[i * shape.channels + c] = input[i * shape.channels + c] * gates[c];
}

void eseg_f32_normalize_scalar(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *output) {
    for (size_t i = 0; i < pixels; ++i)
        for (int c = 0; c < 3; ++c) output[3 * i + c] = (float)rgb[3 * i + c] * scale[c] + offset[c];
}

void eseg_f32_argmax_rows_scalar(const eseg_f32_argmax_op *op, const float *logits, uint8_t *classes, int first, int last, float *scratch) {
    (void)scratch;
    int count = op->logits.channels;
    for (int y = first; y < last; ++y) {
        lerp down = lerp_at(y, op->logits.height, op->height, op->align_corners);
        const float *top = logits + (size_t)down.low * op->logits.width * count;
        const float *bottom = logits + (size_t)down.high * op->logits.width * count;
        for (int x = 0; x < op->width; ++x) {
            lerp across = lerp_at(x, op->logits.width, op->width, op->align_corners);
            size_t left = (size_t)across.low * count, right = (size_t)across.high * count;
            float best = -INFINITY;
            int chosen = 0;
            for (int c = 0; c < count; ++c) {
                float above = top[left + c] + across.fraction * (top[right + c] - top[left + c]);
                float below = bottom[left + c] + across.fraction * (bottom[right + c] - bottom[left + c]);
                float value = above + down.fraction * (below - above);
                if (value > best) {
                    best = value;
                    chosen = c;
                }
            }
            classes[(size_t)y * op->width + x] = (uint8_t)chosen;
        }
    }
}
