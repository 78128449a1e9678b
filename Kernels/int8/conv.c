#include <string.h>

#include "conv.h"

enum { MAX_KERNEL = 7 };

void eseg_s8_conv_pad_row(const padded_rows *rows, const eseg_s8_map *map, const uint8_t *padding, int y) {
    uint8_t *to = rows->data + (y - rows->first) * rows->row_stride;
    const size_t stride = map->stride;
    const int inside = y >= 0 && y < map->height;
    for (int x = 0; x < rows->margin; ++x) memcpy(to + x * stride, padding, stride);
    for (int x = 0; x < rows->right; ++x) memcpy(to + (rows->margin + map->width + x) * stride, padding, stride);
    if (inside) memcpy(to + rows->margin * stride, map->data + (size_t)y * map->width * stride, map->width * stride);
    else
        for (int x = 0; x < map->width; ++x) memcpy(to + (rows->margin + x) * stride, padding, stride);
}

eseg_s8_conv_row eseg_s8_conv_row_of(const eseg_s8_conv_layer *layer, int begin, int end) {
    return (eseg_s8_conv_row){.tap_count = layer->kernel,
                              .tap_quads = layer->tap_quads,
                              .weights = layer->weights,
                              .int16_weights = layer->int16_weights,
                              .scaling = layer->scaling,
                              .channel_begin = begin,
                              .channel_end = end,
                              .residual_multiplier = layer->residual_multiplier,
                              .residual_zero_point = layer->residual_zero_point,
                              .shift = layer->shift,
                              .relu_before_add = layer->relu_before_add};
}

void eseg_s8_conv_padded_row(const eseg_kernels *kernels, const eseg_s8_conv_layer *layer, const padded_rows *rows, size_t pixel_stride,
                             int y, eseg_s8_conv_row *row) {
    const uint8_t *taps[MAX_KERNEL];
    for (int k = 0; k < layer->kernel; ++k) taps[k] = rows->data + (y * layer->stride - rows->margin + k - rows->first) * rows->row_stride;
    row->taps = taps;
    row->pixel_stride = pixel_stride * layer->stride;
    kernels->s8.conv_row(row);
}

void eseg_s8_conv_pointwise(const eseg_kernels *kernels, const eseg_s8_conv_layer *layer, const uint8_t *in, size_t in_stride,
                            const eseg_s8_map *residual, const eseg_s8_map *out, int as_logits, int first, int pixels) {
    const uint8_t *tap = in + (size_t)first * in_stride;
    eseg_s8_conv_row row = eseg_s8_conv_row_of(layer, 0, layer->channels);
    row.taps = &tap;
    row.pixel_stride = in_stride;
    row.pixels = pixels;
    row.out = out->data + (size_t)first * out->stride;
    row.out_stride = out->stride;
    row.store = as_logits ? ESEG_S8_STORE_LOGITS : ESEG_S8_STORE_CODES;
    if (residual->data) {
        row.store = ESEG_S8_STORE_SUM;
        row.residual = residual->data + (size_t)first * residual->stride;
        row.residual_stride = residual->stride;
    }
    kernels->s8.conv_row(&row);
}

static int strip_rows(const eseg_s8_conv_op *op, int threads) {
    int rows = (op->out.height + 4 * threads - 1) / (4 * threads);
    return rows < 1 ? 1 : rows > 32 ? 32 : rows;
}

/// An image's packed pixels are the caller's, and nothing may be read behind them: whole quads of channels would be.
static int reads_in_place(const eseg_s8_conv_op *op) {
    const eseg_axis *rows = &op->window.rows, *columns = &op->window.columns;
    return op->in.stride % 4 == 0 && rows->kernel == 1 && columns->kernel == 1 && rows->stride == 1 && columns->stride == 1 &&
           !rows->before && !columns->before && op->out.height == op->in.height && op->out.width == op->in.width;
}

/// Pixels of padding behind a map's row.
static int right_margin(const eseg_s8_conv_op *op) {
    const int right = eseg_axis_span(&op->window.columns, op->out.width) - op->window.columns.before - op->in.width;
    return right > 0 ? right : 0;
}

static size_t strip_row_stride(const eseg_s8_conv_op *op) {
    return padded_row_stride(&op->in, op->window.columns.before, right_margin(op));
}

size_t eseg_s8_conv_scratch_bytes(const eseg_s8_conv_op *op, int threads) {
    if (reads_in_place(op)) return 0;
    const int rows = eseg_axis_span(&op->window.rows, strip_rows(op, threads));
    return (size_t)threads * ((rows * strip_row_stride(op) + 63) & ~(size_t)63);
}

/// Where the taps of output row `y` begin in the padded rows.
static int take_taps(const eseg_s8_conv_op *op, const padded_rows *rows, int y, const uint8_t **taps) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    const int each = across->dilation > 1 ? across->kernel : 1;
    for (int k = 0; k < down->kernel; ++k) {
        const uint8_t *row = rows->data + (y * down->stride - down->before + k * down->dilation - rows->first) * rows->row_stride;
        for (int i = 0; i < each; ++i) *taps++ = row + (size_t)i * across->dilation * op->in.stride;
    }
    return down->kernel * each;
}

static void conv_strip(const eseg_kernels *kernels, const eseg_s8_conv_op *op, int begin, int end, uint8_t *scratch) {
    const eseg_axis *down = &op->window.rows;
    padded_rows rows = {scratch, strip_row_stride(op), op->window.columns.before, right_margin(op), begin * down->stride - down->before};
    const int count = eseg_axis_span(down, end - begin);
    for (int i = 0; i < count; ++i) eseg_s8_conv_pad_row(&rows, &op->in, op->padding, rows.first + i);
    for (int y = begin; y < end; ++y) {
        const uint8_t *taps[ESEG_MAX_TAPS];
        eseg_s8_conv_row row = eseg_s8_conv_row_of(&op->layer, 0, op->layer.channels);
        row.tap_count = take_taps(op, &rows, y, taps);
        row.taps = taps;
        row.pixel_stride = op->in.stride * op->window.columns.stride;
        row.pixels = op->out.width;
        row.out = op->out.data + (size_t)y * op->out.width * op->out.stride;
        row.out_stride = op->out.stride;
        row.store = op->as_logits ? ESEG_S8_STORE_LOGITS : ESEG_S8_STORE_CODES;
        if (op->residual.data) {
            row.store = ESEG_S8_STORE_SUM;
            row.residual = op->residual.data + (size_t)y * op->out.width * op->residual.stride;
            row.residual_stride = op->residual.stride;
        }
        kernels->s8.conv_row(&row);
    }
}

void eseg_s8_conv_run(const eseg_kernels *kernels, const eseg_s8_conv_op *op, int threads, void *scratch) {
    if (reads_in_place(op)) {
        const int pixels = op->out.height * op->out.width;
#pragma omp parallel for num_threads(threads) schedule(static)
        for (int t = 0; t < threads; ++t) {
            int first = (int)((int64_t)pixels * t / threads), end = (int)((int64_t)pixels * (t + 1) / threads);
            if (end > first)
                eseg_s8_conv_pointwise(kernels, &op->layer, op->in.data, op->in.stride, &op->residual, &op->out, op->as_logits, first,
                                       end - first);
        }
        return;
    }
    const int rows = strip_rows(op, threads), strips = (op->out.height + rows - 1) / rows;
    const size_t each = eseg_s8_conv_scratch_bytes(op, threads) / threads;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int t = 0; t < threads; ++t)
        for (int s = t; s < strips; s += threads) {
            int end = (s + 1) * rows;
            conv_strip(kernels, op, s * rows, end < op->out.height ? end : op->out.height, (uint8_t *)scratch + t * each);
        }
}
