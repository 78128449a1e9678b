#include <string.h>

#include "../support/input_rows.h"
#include "../support/team.h"
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

/// An image's packed pixels are the caller's, and nothing may be read behind them: whole quads of channels would be.
static int reads_in_place(const eseg_s8_conv_op *op) {
    const eseg_axis *rows = &op->window.rows, *columns = &op->window.columns;
    return op->in.stride % 4 == 0 && rows->kernel == 1 && columns->kernel == 1 && rows->stride == 1 && columns->stride == 1 &&
           !rows->before && !columns->before && op->out.height == op->in.height && op->out.width == op->in.width;
}

static input_rows input_rows_of(const eseg_s8_conv_op *op, uint8_t *data) {
    const eseg_axis *columns = &op->window.columns;
    input_rows rows = {.data = data,
                       .count = eseg_axis_reach(&op->window.rows),
                       .left = columns->before,
                       .right = padding_behind(columns, op->out.width, op->in.width)};
    rows.stride = padded_row_stride(&op->in, rows.left, rows.right);
    rows.in_place = !rows.left && !rows.right && op->in.stride % 4 == 0;
    return rows;
}

size_t eseg_s8_conv_scratch_bytes(const eseg_s8_conv_op *op, int threads) {
    if (reads_in_place(op)) return 0;
    const input_rows rows = input_rows_of(op, NULL);
    return (size_t)threads * ((input_rows_bytes(&rows) + 63) & ~(size_t)63);
}

static uint8_t *row_at(const input_rows *rows, const eseg_s8_map *in, int y) {
    return input_row(rows, in->data, in->width * in->stride, in->height, y);
}

/// Loads the rows before `end` that are not there yet, from `first` on.
static void load_rows(input_rows *rows, const eseg_s8_conv_op *op, int first, int end) {
    const eseg_s8_map *in = &op->in;
    if (rows->next < first) rows->next = first;
    for (int y; (y = rows->next) < end; ++rows->next) {
        if (rows->in_place && y >= 0 && y < in->height) continue;
        const padded_rows row = {row_at(rows, in, y), rows->stride, rows->left, rows->right, y};
        eseg_s8_conv_pad_row(&row, in, op->padding, y);
    }
}

/// Where the taps of output row `y` begin.
static int take_taps(const eseg_s8_conv_op *op, input_rows *rows, int y, const uint8_t **taps) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    const int each = across->dilation > 1 ? across->kernel : 1, first = y * down->stride - down->before;
    load_rows(rows, op, first, first + rows->count);
    for (int k = 0; k < down->kernel; ++k) {
        const uint8_t *row = row_at(rows, &op->in, first + k * down->dilation);
        for (int i = 0; i < each; ++i) *taps++ = row + (size_t)i * across->dilation * op->in.stride;
    }
    return down->kernel * each;
}

static void conv_rows(const eseg_kernels *kernels, const eseg_s8_conv_op *op, share part, uint8_t *scratch) {
    input_rows rows = input_rows_of(op, scratch);
    rows.next = part.begin * op->window.rows.stride - op->window.rows.before;
    for (int y = part.begin; y < part.end; ++y) {
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

static void conv_pixels(const eseg_kernels *kernels, const eseg_s8_conv_op *op, share pixels) {
    if (pixels.end > pixels.begin)
        eseg_s8_conv_pointwise(kernels, &op->layer, op->in.data, op->in.stride, &op->residual, &op->out, op->as_logits, pixels.begin,
                               pixels.end - pixels.begin);
}

void eseg_s8_conv_run(const eseg_kernels *kernels, const eseg_s8_conv_op *op, int threads, void *scratch) {
    if (reads_in_place(op)) {
        WITH_TEAM(threads, conv_pixels(kernels, op, share_of(op->out.height * op->out.width, me)));
        return;
    }
    const size_t each = eseg_s8_conv_scratch_bytes(op, 1);
    WITH_TEAM(threads, conv_rows(kernels, op, share_of(op->out.height, me), (uint8_t *)scratch + me.index * each));
}
