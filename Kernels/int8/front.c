#include "front.h"

enum { RING_BYTES = 32 << 10, MAX_CHUNK = RING_MAX_CHANNELS };

int eseg_s8_front_chunk(const eseg_s8_block_op *block) {
    if (block->front == ESEG_S8_FRONT_DENSE) return MAX_CHUNK;
    const int least = block->front == ESEG_S8_FRONT_EXPAND ? 2 * ESEG_LANES : ESEG_LANES;
    const eseg_s8_depthwise_layer *d = &block->depthwise;
    int chunk = MAX_CHUNK;
    while (chunk > least) {
        ring r = eseg_s8_ring_of(d->kernel, block->front_width, chunk);
        if (eseg_s8_ring_bytes(&r) <= RING_BYTES) break;
        chunk /= 2;
    }
    return chunk;
}

int eseg_s8_front_is_padded(const eseg_s8_block_op *b) {
    const int in_place = b->conv.kernel == 1 && b->conv.stride == 1 && b->in.stride % 4 == 0;
    return b->front == ESEG_S8_FRONT_DENSE || (b->front == ESEG_S8_FRONT_EXPAND && !in_place);
}

/// Rows of the convolution's output that rows of the expanded map read.
static int front_rows(const eseg_s8_block_op *b, int rows) {
    return b->front == ESEG_S8_FRONT_DENSE ? rows : (rows - 1) * b->depthwise.stride + b->depthwise.kernel;
}

int eseg_s8_front_padded_rows(const eseg_s8_block_op *b, int rows) { return (front_rows(b, rows) - 1) * b->conv.stride + b->conv.kernel; }

void eseg_s8_front_pad(const eseg_s8_block_op *b, front_scratch *scratch, int row_begin, int row_end) {
    if (!eseg_s8_front_is_padded(b)) return;
    const int first = b->front == ESEG_S8_FRONT_DENSE ? row_begin : row_begin * b->depthwise.stride - b->depthwise.kernel / 2;
    scratch->padded.first = first * b->conv.stride - scratch->padded.margin;
    for (int i = 0; i < eseg_s8_front_padded_rows(b, row_end - row_begin); ++i)
        eseg_s8_conv_pad_row(&scratch->padded, &b->in, b->padding, scratch->padded.first + i);
}

static void produce(const eseg_kernels *kernels, const eseg_s8_block_op *block, front_scratch *scratch, int y, int begin, int end) {
    const eseg_s8_map *in = &block->in;
    uint8_t *out = eseg_s8_ring_row(&scratch->rows, y);
    const size_t out_stride = scratch->rows.pixel_stride;
    if (block->front == ESEG_S8_FRONT_FUSION) {
        eseg_s8_fusion_row_into(kernels, &block->fusion, &scratch->fusion, y, begin, end, 0, out, out_stride);
        return;
    }
    if (block->front == ESEG_S8_FRONT_COPY) {
        const uint8_t *from = in->data + (size_t)y * scratch->in_row_stride + begin;
        kernels->s8.copy_row(from, in->stride, in->width, end - begin, out, out_stride);
        return;
    }
    const uint8_t *from = in->data + (size_t)y * in->width * in->stride;
    eseg_s8_conv_row row = eseg_s8_conv_row_of(&block->conv, begin, end);
    row.pixels = block->front_width;
    row.store = ESEG_S8_STORE_RING;
    row.out = out;
    row.out_stride = out_stride;
    if (eseg_s8_front_is_padded(block)) {
        eseg_s8_conv_padded_row(kernels, &block->conv, &scratch->padded, in->stride, y, &row);
        return;
    }
    row.taps = &from;
    row.pixel_stride = in->stride;
    kernels->s8.conv_row(&row);
}

void eseg_s8_front_depthwise(const eseg_kernels *kernels, const eseg_s8_block_op *block, front_scratch *scratch, int row_begin, int row_end,
                             int begin, int end, const front_codes *out) {
    const eseg_s8_depthwise_layer *d = &block->depthwise;
    const ring *r = &scratch->rows;
    const size_t block_bytes = eseg_s8_depthwise_packed_size(kernels, ESEG_LANES, d->kernel);
    eseg_s8_depthwise_row row = {.ring = r->data,
                                 .pixel_stride = r->pixel_stride,
                                 .group_stride = r->group_stride,
                                 .kernel = d->kernel,
                                 .stride = d->stride,
                                 .pixels = block->out.width,
                                 .channels = end - begin,
                                 .weights = d->weights + begin / ESEG_LANES * block_bytes,
                                 .scaling = d->scaling,
                                 .out_stride = out->stride};
    row.scaling.bias += begin;
    row.scaling.multiplier += begin;
    if (row.scaling.slope) row.scaling.slope += begin;
    if (!scratch->goes_on) scratch->next = row_begin * d->stride - r->margin;
    for (int y = row_begin; y < row_end; ++y) {
        const int first = y * d->stride - r->margin;
        if (scratch->next < first) scratch->next = first;
        for (int *next = &scratch->next; *next < first + d->kernel; ++*next)
            if (*next >= 0 && *next < block->front_height) produce(kernels, block, scratch, *next, begin, end);
            else eseg_s8_ring_fill_row(kernels, r, *next, d->padding);
        row.first_slot = eseg_s8_ring_slot(r, first);
        row.out = out->first + (size_t)(y - row_begin) * out->row_stride;
        kernels->s8.depthwise_row(&row);
        if (scratch->sums) eseg_s8_add_channel_sums(kernels, row.out, out->stride, row.pixels, row.channels, scratch->sums + begin);
    }
}

void eseg_s8_front_dense(const eseg_kernels *kernels, const eseg_s8_block_op *block, front_scratch *scratch, int row_begin, int row_end,
                         int begin, int end, const front_codes *out) {
    for (int y = row_begin; y < row_end; ++y) {
        eseg_s8_conv_row row = eseg_s8_conv_row_of(&block->conv, begin, end);
        row.pixels = block->out.width;
        row.store = ESEG_S8_STORE_CODES;
        row.out = out->first + (size_t)(y - row_begin) * out->row_stride;
        row.out_stride = out->stride;
        eseg_s8_conv_padded_row(kernels, &block->conv, &scratch->padded, block->in.stride, y, &row);
        if (scratch->sums) eseg_s8_add_channel_sums(kernels, row.out, out->stride, row.pixels, end - begin, scratch->sums + begin);
    }
}
