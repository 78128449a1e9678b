/// Outputs of one row that share their loaded inputs.
#define SPAN 4

/// One output row: where it reads and what it writes.
typedef struct depthwise_row {
    const float *input;  ///< kernel row 0 of those inside the map, column 0
    ptrdiff_t row_step;
    const float *weights;  ///< of that kernel row
    int rows;
    float *output;
} depthwise_row;

/// One output whose taps first..<last alone lie inside the map.
static void depthwise_pixel(const eseg_f32_depthwise *op, const depthwise_row *row, int x) {
    int channels = op->output.channels, origin = x * op->stride - op->kernel / 2;
    taps inside = taps_inside(origin, op->kernel, op->input.width);
    for (int c = 0; c < channels; c += LANES) {
        int n = channels - c;
        vec sum = v_load_n(op->bias + c, n);
        for (int ky = 0; ky < row->rows; ++ky)
            for (int kx = inside.first; kx < inside.last; ++kx) {
                const float *input = row->input + ky * row->row_step + (ptrdiff_t)(origin + kx) * channels + c;
                const float *weights = row->weights + (ptrdiff_t)(ky * op->kernel + kx) * channels + c;
                sum = v_fma(v_load_n(input, n), v_load_n(weights, n), sum);
            }
        v_store_n(row->output + (ptrdiff_t)x * channels + c, v_activate(sum, op->activation), n);
    }
}

/// `n` channels from `c` on of SPAN outputs whose taps all lie inside the map's columns.
INLINE void depthwise_vectors(const eseg_f32_depthwise *op, const depthwise_row *row, int x, int c, int n, const int kernel,
                              const int stride, const bool silu) {
    const ptrdiff_t channels = op->output.channels;
    vec sums[SPAN];
    for (int s = 0; s < SPAN; ++s) sums[s] = v_load_n(op->bias + c, n);
    const float *input = row->input + (ptrdiff_t)(x * stride - kernel / 2) * channels + c;
    const float *weights = row->weights + c;
    for (int ky = 0; ky < row->rows; ++ky, input += row->row_step, weights += kernel * channels) {
        vec w[5];
#pragma clang loop unroll(full)
        for (int kx = 0; kx < kernel; ++kx) w[kx] = v_load_n(weights + kx * channels, n);
#pragma clang loop unroll(full)
        for (int column = 0; column < (SPAN - 1) * stride + kernel; ++column) {
            vec value = v_load_n(input + column * channels, n);
#pragma clang loop unroll(full)
            for (int s = 0; s < SPAN; ++s) {
                const int kx = column - s * stride;
                if (kx >= 0 && kx < kernel) sums[s] = v_fma(value, w[kx], sums[s]);
            }
        }
    }
    const bounds limits = bounds_of(op->activation);
    for (int s = 0; s < SPAN; ++s) {
        vec y = silu ? v_silu(sums[s]) : v_min(v_max(sums[s], v_set(limits.low)), v_set(limits.high));
        v_store_n(row->output + (x + s) * channels + c, y, n);
    }
}

INLINE void depthwise_span(const eseg_f32_depthwise *op, const depthwise_row *row, int x, const int kernel, const int stride,
                           const bool silu) {
    int channels = op->output.channels, c = 0;
    for (; c + LANES <= channels; c += LANES) depthwise_vectors(op, row, x, c, LANES, kernel, stride, silu);
    if (c < channels) depthwise_vectors(op, row, x, c, channels - c, kernel, stride, silu);
}

typedef void (*span_function)(const eseg_f32_depthwise *, const depthwise_row *, int x);

#define SPAN_FUNCTIONS(kernel, stride)                                                                                      \
    static void clamped_##kernel##_##stride(const eseg_f32_depthwise *op, const depthwise_row *row, int x) {                \
        depthwise_span(op, row, x, kernel, stride, false);                                                                  \
    }                                                                                                                       \
    static void silu_##kernel##_##stride(const eseg_f32_depthwise *op, const depthwise_row *row, int x) {                   \
        depthwise_span(op, row, x, kernel, stride, true);                                                                   \
    }
SPAN_FUNCTIONS(3, 1)
SPAN_FUNCTIONS(3, 2)
SPAN_FUNCTIONS(5, 1)
SPAN_FUNCTIONS(5, 2)
#undef SPAN_FUNCTIONS

static span_function span_function_for(const eseg_f32_depthwise *op) {
    static const span_function functions[2][2][2] = {
        {{clamped_3_1, silu_3_1}, {clamped_3_2, silu_3_2}},
        {{clamped_5_1, silu_5_1}, {clamped_5_2, silu_5_2}},
    };
    bool known = (op->kernel == 3 || op->kernel == 5) && (op->stride == 1 || op->stride == 2);
    return known ? functions[op->kernel == 5][op->stride - 1][op->activation == ESEG_F32_SILU] : NULL;
}

static void depthwise(const eseg_f32_depthwise *op, const float *input, float *output, int first, int last) {
    int width = op->output.width, pad = op->kernel / 2;
    ptrdiff_t row_size = (ptrdiff_t)op->input.width * op->input.channels;
    span_function span = span_function_for(op);
    int left = least(divide_up(pad, op->stride), width);
    int right = (op->input.width - op->kernel + pad) / op->stride + 1;
    if (!span || op->input.width + pad < op->kernel || right - left < SPAN) left = right = width;
    for (int y = first; y < last; ++y) {
        int top = y * op->stride - pad;
        taps rows = taps_inside(top, op->kernel, op->input.height);
        depthwise_row row = {
            .input = input + (top + rows.first) * row_size,
            .row_step = row_size,
            .weights = op->weights + (ptrdiff_t)rows.first * op->kernel * op->output.channels,
            .rows = rows.last - rows.first,
            .output = output + (ptrdiff_t)y * width * op->output.channels,
        };
        for (int x = 0; x < left; ++x) depthwise_pixel(op, &row, x);
        for (int x = left; x < right; x += SPAN) span(op, &row, least(x, right - SPAN));
        for (int x = right; x < width; ++x) depthwise_pixel(op, &row, x);
    }
}
