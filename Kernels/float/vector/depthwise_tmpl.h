/// One output row: where it reads and what it writes.
typedef struct depthwise_row {
    const float *input;  ///< kernel row 0 of those inside the map, column 0
    ptrdiff_t row_step;
    const float *weights;  ///< of that kernel row
    int rows;
    float *output;
} depthwise_row;

INLINE vec slopes_at(const eseg_f32_depthwise_op *op, int c, int n) { return op->slopes ? v_load_n(op->slopes + c, n) : v_set(0); }

/// `n` channels from `c` on of one output whose taps inside.first..<inside.last alone lie inside the map.
INLINE void depthwise_vector(const eseg_f32_depthwise_op *op, const depthwise_row *row, int x, taps inside, int c, int n) {
    const ptrdiff_t channels = op->output.channels;
    const eseg_axis *across = &op->window.columns;
    const ptrdiff_t step = across->dilation * channels;
    const float *input = row->input + (ptrdiff_t)origin_of(across, x) * channels + c, *weights = row->weights + c;
    vec sum = v_load_n(op->bias + c, n);
    for (int ky = 0; ky < row->rows; ++ky, input += row->row_step, weights += across->kernel * channels)
        for (int kx = inside.first; kx < inside.last; ++kx)
            sum = v_fma(v_load_n(input + kx * step, n), v_load_n(weights + kx * channels, n), sum);
    v_store_n(row->output + x * channels + c, v_activate(sum, op->activation, slopes_at(op, c, n)), n);
}

/// Takes the operation by value, as the spans do: what is stored could else change it, and every vector would read it again.
INLINE void depthwise_vectors_of_pixel(const eseg_f32_depthwise_op op, const depthwise_row row, int x) {
    const eseg_axis *across = &op.window.columns;
    taps inside = taps_inside(origin_of(across, x), across->kernel, across->dilation, op.input.width);
    int channels = op.output.channels, c = 0;
    for (; c + LANES <= channels; c += LANES) depthwise_vector(&op, &row, x, inside, c, LANES);
    if (c < channels) depthwise_vector(&op, &row, x, inside, c, channels - c);
}

static void depthwise_pixel(const eseg_f32_depthwise_op *op, const depthwise_row *row, int x) { depthwise_vectors_of_pixel(*op, *row, x); }

/// The most input columns that a span's outputs see.
#define SPAN_COLUMNS 12

/// `n` channels from `c` on of a span of outputs whose taps all lie inside the map's columns. Offsets: of each column's pixel.
INLINE void depthwise_vectors(const eseg_f32_depthwise_op *op, const depthwise_row *row, const ptrdiff_t *offsets, int x, int c, int n,
                              const int kernel, const int stride, const bool curved) {
    const ptrdiff_t channels = op->output.channels;
    const int span = stride == 1 ? SPAN_1 : SPAN_2;
    vec sums[SPAN_1];
    for (int s = 0; s < span; ++s) sums[s] = v_load_n(op->bias + c, n);
    const float *input = row->input + (ptrdiff_t)(x * stride - kernel / 2) * channels + c;
    const float *weights = row->weights + c;
    for (int ky = 0; ky < row->rows; ++ky, input += row->row_step, weights += kernel * channels) {
        HIDE(input);
        HIDE(weights);
        vec w[5];
#pragma clang loop unroll(full)
        for (int kx = 0; kx < kernel; ++kx) w[kx] = v_load_n(weights + offsets[kx], n);
#pragma clang loop unroll(full)
        for (int column = 0; column < (span - 1) * stride + kernel; ++column) {
            vec value = v_load_n(input + offsets[column], n);
#pragma clang loop unroll(full)
            for (int s = 0; s < span; ++s) {
                const int kx = column - s * stride;
                if (kx >= 0 && kx < kernel) sums[s] = v_fma(value, w[kx], sums[s]);
            }
        }
    }
    const bounds limits = bounds_of(op->activation);
    const vec slopes = curved ? slopes_at(op, c, n) : v_set(0);
#pragma clang loop unroll(full)
    for (int s = 0; s < span; ++s) {
        vec y = curved ? v_curved(sums[s], op->activation, slopes) : v_min(v_max(sums[s], v_set(limits.low)), v_set(limits.high));
        v_store_n(row->output + x * channels + offsets[s] + c, y, n);
    }
}

INLINE void depthwise_span(const eseg_f32_depthwise_op op, const depthwise_row row, int x, const int kernel, const int stride,
                           const bool curved) {
    ptrdiff_t offsets[SPAN_COLUMNS];
#pragma clang loop unroll(full)
    for (int column = 0; column < SPAN_COLUMNS; ++column) {
        offsets[column] = column * (ptrdiff_t)op.output.channels;
        HIDE(offsets[column]);
    }
    int channels = op.output.channels, c = 0;
    for (; c + LANES <= channels; c += LANES) depthwise_vectors(&op, &row, offsets, x, c, LANES, kernel, stride, curved);
    if (c < channels) depthwise_vectors(&op, &row, offsets, x, c, channels - c, kernel, stride, curved);
}

typedef void (*span_function)(const eseg_f32_depthwise_op *, const depthwise_row *, int x);

#define SPAN_FUNCTIONS(kernel, stride)                                                                          \
    static void clamped_##kernel##_##stride(const eseg_f32_depthwise_op *op, const depthwise_row *row, int x) { \
        depthwise_span(*op, *row, x, kernel, stride, false);                                                    \
    }                                                                                                           \
    static void curved_##kernel##_##stride(const eseg_f32_depthwise_op *op, const depthwise_row *row, int x) {  \
        depthwise_span(*op, *row, x, kernel, stride, true);                                                     \
    }
SPAN_FUNCTIONS(3, 1)
SPAN_FUNCTIONS(3, 2)
SPAN_FUNCTIONS(5, 1)
SPAN_FUNCTIONS(5, 2)
#undef SPAN_FUNCTIONS

static span_function span_function_for(const eseg_f32_depthwise_op *op) {
    static const span_function functions[2][2][2] = {
        {{clamped_3_1, curved_3_1}, {clamped_3_2, curved_3_2}},
        {{clamped_5_1, curved_5_1}, {clamped_5_2, curved_5_2}},
    };
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    const bool square = down->kernel == across->kernel && down->dilation == 1 && across->dilation == 1;
    bool known = square && (across->kernel == 3 || across->kernel == 5) && across->before == across->kernel / 2 && across->stride <= 2;
    return known ? functions[across->kernel == 5][across->stride - 1][is_curved(op->activation)] : NULL;
}

void KERNEL(depthwise_rows)(const eseg_f32_depthwise_op *op, const float *input, float *output, int first, int last) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    int width = op->output.width, pad = across->before;
    ptrdiff_t row_size = (ptrdiff_t)op->input.width * op->input.channels;
    span_function span = span_function_for(op);
    const int span_width = across->stride == 1 ? SPAN_1 : SPAN_2;
    int left = least(divide_up(pad, across->stride), width);
    int right = least((op->input.width - across->kernel + pad) / across->stride + 1, width);
    if (!span || op->input.width + pad < across->kernel || right - left < span_width) left = right = width;
    for (int y = first; y < last; ++y) {
        int top = origin_of(down, y);
        taps rows = taps_inside(top, down->kernel, down->dilation, op->input.height);
        depthwise_row row = {
            .input = input + (top + rows.first * down->dilation) * row_size,
            .row_step = row_size * down->dilation,
            .weights = op->weights + (ptrdiff_t)rows.first * across->kernel * op->output.channels,
            .rows = rows.last - rows.first,
            .output = output + (ptrdiff_t)y * width * op->output.channels,
        };
        for (int x = 0; x < left; ++x) depthwise_pixel(op, &row, x);
        for (int x = left; x < right; x += span_width) span(op, &row, least(x, right - span_width));
        for (int x = right; x < width; ++x) depthwise_pixel(op, &row, x);
    }
}
