// Row kernels over channels in vectors of LANES int32 or float32 values. The file that includes this has set the target and defined
// LANES, BATCH, and:
//
//     ints, floats               vectors of int32 and float32 values
//     taps, factors              vectors of int16 codes and weights
//     i_load, i_codes            int32 values; int16 codes as int32 values
//     i_taps, i_factors          codes and weights
//     i_multiply_add             sum + codes · weights
//     f_load, f_load_n, f_store_n, f_set, f_of, f_min, f_max, and operators
//     f_scale                    adds the lowest bits of its second argument to the exponent of its first
//     curve, load_curve          a table
//     store_batch                rounds BATCH / LANES vectors of values to codes, those of 8 bits through a table unless NULL
//     put, bend_values, conv_row

#include "../gelu.h"
#include "../silu.h"

/// Pixels that share the codes of their kernels.
enum { DEPTHWISE_PIXELS = 4 };

/// What the tiles of a block of channels share.
typedef struct depthwise_lanes {
    target to;
    ints bias;
    floats multiplier;
    int channel;
} depthwise_lanes;

INLINE depthwise_lanes lanes_of(const eseg_s16_scaling *scaling, const eseg_s16_target *to, int channels, int c) {
    const depthwise_lanes lanes = {target_of(to, channels, c), i_load(scaling->bias + c), f_load(scaling->multiplier + c), c};
    return lanes;
}

INLINE void depthwise_tile(const eseg_s16_depthwise_row *row, const depthwise_lanes *lanes, const factors *w, int p, const int pixels,
                           const int kernel, const int stride) {
    ints sums[DEPTHWISE_PIXELS];
    for (int i = 0; i < pixels; ++i) sums[i] = lanes->bias;
#pragma clang loop unroll(full)
    for (int y = 0; y < kernel; ++y) {
        const int16_t *codes = row->rows[y] + p * stride * row->pixel_stride + lanes->channel;
#pragma clang loop unroll(full)
        for (int x = 0; x < kernel + (pixels - 1) * stride; ++x) {
            const taps column = i_taps(codes + x * row->pixel_stride);
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; ++i)
                if (x >= i * stride && x < i * stride + kernel) sums[i] = i_multiply_add(sums[i], column, w[y * kernel + x - i * stride]);
        }
    }
    for (int i = 0; i < pixels; ++i) put(&lanes->to, p + i, f_of(sums[i]) * lanes->multiplier);
}

INLINE void depthwise_channels(const eseg_s16_depthwise_row *row, const int kernel, const int stride) {
    const int padded = eseg_blocks(row->channels) * ESEG_LANES;
    for (int c = 0; c < row->channels; c += LANES) {
        const depthwise_lanes lanes = lanes_of(&row->scaling, &row->to, row->channels, c);
        factors w[25];
#pragma clang loop unroll(full)
        for (int t = 0; t < kernel * kernel; ++t) w[t] = i_factors(row->weights + t * padded + c);
        int p = 0;
        for (; p + DEPTHWISE_PIXELS <= row->pixels; p += DEPTHWISE_PIXELS)
            depthwise_tile(row, &lanes, w, p, DEPTHWISE_PIXELS, kernel, stride);
        for (; p < row->pixels; ++p) depthwise_tile(row, &lanes, w, p, 1, kernel, stride);
    }
}

void KERNEL(depthwise_row)(const eseg_s16_depthwise_row *row) {
    if (row->kernel == 3 && row->stride == 1) depthwise_channels(row, 3, 1);
    else if (row->kernel == 3) depthwise_channels(row, 3, 2);
    else if (row->stride == 1) depthwise_channels(row, 5, 1);
    else depthwise_channels(row, 5, 2);
    bend_values(row->to.values, row->pixels, row->channels, row->scaling.slope);
}

INLINE void depthwise_taps_tile(const eseg_s16_depthwise_taps_row *row, const depthwise_lanes *lanes, int p, const int pixels) {
    const int padded = eseg_blocks(row->channels) * ESEG_LANES;
    ints sums[DEPTHWISE_PIXELS];
    for (int i = 0; i < pixels; ++i) sums[i] = lanes->bias;
    for (int t = 0; t < row->tap_count; ++t) {
        const factors weights = i_factors(row->weights + (size_t)t * padded + lanes->channel);
        const int16_t *codes = row->taps[t] + p * row->pixel_stride + lanes->channel;
        for (int i = 0; i < pixels; ++i) sums[i] = i_multiply_add(sums[i], i_taps(codes + i * row->pixel_stride), weights);
    }
    for (int i = 0; i < pixels; ++i) put(&lanes->to, p + i, f_of(sums[i]) * lanes->multiplier);
}

void KERNEL(depthwise_taps_row)(const eseg_s16_depthwise_taps_row *row) {
    for (int c = 0; c < row->channels; c += LANES) {
        const depthwise_lanes lanes = lanes_of(&row->scaling, &row->to, row->channels, c);
        int p = 0;
        for (; p + DEPTHWISE_PIXELS <= row->pixels; p += DEPTHWISE_PIXELS) depthwise_taps_tile(row, &lanes, p, DEPTHWISE_PIXELS);
        for (; p < row->pixels; ++p) depthwise_taps_tile(row, &lanes, p, 1);
    }
    bend_values(row->to.values, row->pixels, row->channels, row->scaling.slope);
}

INLINE floats added(floats before, floats part, const int adds, const int relu) {
    if (!adds) return part;
    return (relu ? f_max(before, f_set(0)) : before) + part;
}

INLINE void add_pixels(const eseg_s16_add_row *row, const int adds, const int relu) {
    for (int p = 0; p < row->pixels; ++p) {
        const int16_t *codes = row->codes + (row->columns ? (size_t)row->columns[p] : (size_t)p * row->channels);
        float *values = row->values + (size_t)p * row->channels;
        for (int c = 0; c < row->channels; c += LANES) {
            const floats part = f_of(i_codes(codes + c)) * f_load(row->multipliers + c);
            const int rest = row->channels - c;
            f_store_n(values + c, added(adds ? f_load_n(values + c, rest) : part, part, adds, relu), rest);
        }
    }
}

void KERNEL(add_row)(const eseg_s16_add_row *row) {
    if (!row->adds) add_pixels(row, 0, 0);
    else if (row->relu) add_pixels(row, 1, 1);
    else add_pixels(row, 1, 0);
}

/// exact_sigmoid_divisor, operation by operation.
INLINE floats f_sigmoid_divisor(floats x) {
    const floats t = f_min(f_max(x * f_set(-SILU_LOG2E), f_set(-SILU_MOST)), f_set(SILU_MOST));
    const floats m = t + f_set(SILU_MAGIC), f = t - (m - f_set(SILU_MAGIC));
    const floats p = (((f_set(SILU_P4) * f + f_set(SILU_P3)) * f + f_set(SILU_P2)) * f + f_set(SILU_P1)) * f + f_set(SILU_P0);
    return f_set(1.0f) + f_scale(p, m);
}

/// exact_gelu, operation by operation.
INLINE floats f_gelu(floats x, const int by_tanh) {
    const floats s = f_min(x * x, f_set(GELU_MOST));
    if (by_tanh) return x / f_sigmoid_divisor(x * (f_set(GELU_TANH_P1) * s + f_set(GELU_TANH_P0)));
    const floats high = ((f_set(GELU_P6) * s + f_set(GELU_P5)) * s + f_set(GELU_P4)) * s + f_set(GELU_P3);
    return x / f_sigmoid_divisor(x * (((high * s + f_set(GELU_P2)) * s + f_set(GELU_P1)) * s + f_set(GELU_P0)));
}

/// exact_elu, operation by operation.
INLINE floats f_elu(floats x) { return f_max(x, f_set(0)) + (f_sigmoid_divisor(f_set(0) - f_min(x, f_set(0))) - f_set(2.0f)); }

INLINE floats f_curved(floats x, const eseg_s16_curve curve) {
    if (curve == ESEG_S16_SILU) return x / f_sigmoid_divisor(x);
    if (curve == ESEG_S16_SIGMOID) return f_set(1.0f) / f_sigmoid_divisor(x);
    if (curve == ESEG_S16_GELU || curve == ESEG_S16_GELU_TANH) return f_gelu(x, curve == ESEG_S16_GELU_TANH);
    if (curve == ESEG_S16_ELU) return f_elu(x);
    const floats factor = f_min(f_max(x + f_set(3.0f), f_set(0)), f_set(6.0f));
    return (curve == ESEG_S16_HARD_SWISH ? x * factor : factor) / f_set(6.0f);
}

INLINE void round_batch(const float *values, const eseg_s16_output *output, const eseg_s16_curve kind, const curve *table, void *out) {
    floats v[BATCH / LANES];
    for (int k = 0; k < BATCH / LANES; ++k) {
        v[k] = f_load(values + k * LANES);
        if (kind) v[k] = f_curved(v[k], kind) * f_set(output->inverse);
    }
    store_batch(v, output, table, out);
}

/// The last values pass through a whole batch aside.
INLINE void store_values(const float *values, size_t count, const eseg_s16_output *output, const eseg_s16_curve kind, const curve *table,
                         void *out) {
    const size_t bytes = output->bytes;
    size_t i = 0;
    for (; i + BATCH <= count; i += BATCH) round_batch(values + i, output, kind, table, (uint8_t *)out + i * bytes);
    if (i == count) return;
    float rest[BATCH] = {0};
    uint8_t codes[2 * BATCH];
    memcpy(rest, values + i, (count - i) * sizeof *rest);
    round_batch(rest, output, kind, table, codes);
    memcpy((uint8_t *)out + i * bytes, codes, (count - i) * bytes);
}

void KERNEL(store)(const float *values, size_t count, const eseg_s16_output *output, void *out) {
    if (output->table) {
        const curve table = load_curve(output->table);
        store_values(values, count, output, ESEG_S16_LINEAR, &table, out);
        return;
    }
    switch (output->curve) {
    case ESEG_S16_LINEAR: return store_values(values, count, output, ESEG_S16_LINEAR, NULL, out);
    case ESEG_S16_SILU: return store_values(values, count, output, ESEG_S16_SILU, NULL, out);
    case ESEG_S16_HARD_SWISH: return store_values(values, count, output, ESEG_S16_HARD_SWISH, NULL, out);
    case ESEG_S16_SIGMOID: return store_values(values, count, output, ESEG_S16_SIGMOID, NULL, out);
    case ESEG_S16_HARD_SIGMOID: return store_values(values, count, output, ESEG_S16_HARD_SIGMOID, NULL, out);
    case ESEG_S16_GELU: return store_values(values, count, output, ESEG_S16_GELU, NULL, out);
    case ESEG_S16_GELU_TANH: return store_values(values, count, output, ESEG_S16_GELU_TANH, NULL, out);
    case ESEG_S16_ELU: return store_values(values, count, output, ESEG_S16_ELU, NULL, out);
    }
}

/// x86's vectors of integers are of 64 bits each where operators are concerned.
typedef int32_t int32_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));
INLINE ints i_add(ints a, ints b) { return (ints)((int32_lanes)a + (int32_lanes)b); }

void KERNEL(mean_pixel)(const int32_t *sums, size_t step, int count, int channels, float multiplier, float *values) {
    for (int c = 0; c < channels; c += LANES) {
        ints sum = i_load(sums + c);
        for (int k = 1; k < count; ++k) sum = i_add(sum, i_load(sums + k * step + c));
        f_store_n(values + c, count ? f_of(sum) * f_set(multiplier) : f_set(0), channels - c);
    }
}

// Plain loops that compilers turn into vectors of the target.

void KERNEL(widen)(const uint8_t *restrict codes, size_t count, int32_t zero_point, int16_t *restrict out) {
    const int16_t zero = (int16_t)zero_point;
    for (size_t i = 0; i < count; ++i) out[i] = (int16_t)(codes[i] - zero);
}

INLINE int16_t greater(int16_t a, int16_t b) { return a > b ? a : b; }

void KERNEL(pool_row)(const int16_t *const rows[3], int in_width, int out_width, int channels, int16_t *restrict out) {
    for (int p = 0; p < out_width; ++p, out += channels) {
        const int center = 2 * p, left = center > 0 ? center - 1 : 0, right = center + 1 < in_width ? center + 1 : center;
        const int16_t *const top = rows[0], *const middle = rows[1], *const bottom = rows[2];
        const size_t at[3] = {(size_t)left * channels, (size_t)center * channels, (size_t)right * channels};
        for (int c = 0; c < channels; ++c) out[c] = greater(greater(top[at[0] + c], top[at[1] + c]), top[at[2] + c]);
        for (int c = 0; c < channels; ++c)
            out[c] = greater(out[c], greater(greater(middle[at[0] + c], middle[at[1] + c]), middle[at[2] + c]));
        for (int c = 0; c < channels; ++c)
            out[c] = greater(out[c], greater(greater(bottom[at[0] + c], bottom[at[1] + c]), bottom[at[2] + c]));
    }
}

void KERNEL(sum_row)(const int16_t *restrict codes, int pixels, int channels, int32_t *restrict sums) {
    if (pixels == 1) {
        for (int c = 0; c < channels; ++c) sums[c] += codes[c];
        return;
    }
    int first = 0;
    for (; first + LANES <= channels; first += LANES) {
        ints sum = i_load(sums + first);
        for (int p = 0; p < pixels; ++p) sum = i_add(sum, i_codes(codes + (size_t)p * channels + first));
        memcpy(sums + first, &sum, sizeof sum);
    }
    for (int p = 0; p < pixels; ++p)
        for (int c = first; c < channels; ++c) sums[c] += codes[(size_t)p * channels + c];
}

void KERNEL(product_row)(const eseg_s16_product_row *row) {
    const int16_t *a = row->a, *b = row->b;
    float *restrict values = row->values;
    const float multiplier = row->multiplier;
    for (int p = 0; p < row->pixels; ++p, a += row->a_stride, b += row->b_stride, values += row->channels)
        if (row->spread)
            for (int c = 0; c < row->channels; ++c) values[c] = (float)(a[c] * *b) * multiplier;
        else
            for (int c = 0; c < row->channels; ++c) values[c] = (float)(a[c] * b[c]) * multiplier;
}
