// A depthwise convolution by itself: each thread slides over a ring of its own, as a block's first half does.
//
// A window of dilation n reads every n-th row and column: such pixels are a map of their own, a lattice, over which the window slides without
// gaps; a map of n lattices an axis. Rows are shared out in the lattices' order.

#include "../support/team.h"
#include "front.h"

/// Samples of an axis that lie `dilation` apart, from sample `first` on.
static int lattice_count(int extent, int dilation, int first) { return (extent - first + dilation - 1) / dilation; }

static int lattices(int extent, int dilation) { return extent < dilation ? extent : dilation; }

/// The convolution over the lattice of `row` and `column`.
static eseg_s8_block_op lattice(const eseg_s8_depthwise_op *op, int row, int column) {
    eseg_s8_block_op block = {.front = ESEG_S8_FRONT_COPY, .in = op->in, .depthwise = op->layer, .out = op->out};
    block.in.data += ((size_t)row * op->in.width + column) * op->in.stride;
    block.in.stride *= op->column_dilation;
    block.in.height = block.front_height = lattice_count(op->in.height, op->row_dilation, row);
    block.in.width = block.front_width = lattice_count(op->in.width, op->column_dilation, column);
    block.out.data += ((size_t)row * op->out.width + column) * op->out.stride;
    block.out.stride *= op->column_dilation;
    block.out.height = lattice_count(op->out.height, op->row_dilation, row);
    block.out.width = lattice_count(op->out.width, op->column_dilation, column);
    return block;
}

/// For the widest lattice, the first one.
static front_scratch take_scratch(scratch *s, const eseg_s8_depthwise_op *op, int chunk) {
    const eseg_s8_block_op widest = lattice(op, 0, 0);
    front_scratch f = {.rows = eseg_s8_ring_of(op->layer.kernel, widest.in.width, chunk),
                       .in_row_stride = op->row_dilation * op->in.width * op->in.stride};
    f.rows.data = scratch_take(s, eseg_s8_ring_bytes(&f.rows));
    return f;
}

static int chunk_of(const eseg_s8_depthwise_op *op) {
    const eseg_s8_block_op widest = lattice(op, 0, 0);
    return eseg_s8_front_chunk(&widest);
}

size_t eseg_s8_depthwise_scratch_bytes(const eseg_s8_depthwise_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op, chunk_of(op));
    return s.used * threads;
}

static void lattice_rows(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, const eseg_s8_block_op *block, front_scratch *f,
                         int chunk, share rows) {
    const size_t row_stride = op->row_dilation * op->out.width * op->out.stride;
    for (int begin = 0; begin < op->layer.channels; begin += chunk) {
        const int end = begin + chunk < op->layer.channels ? begin + chunk : op->layer.channels;
        const front_codes out = {block->out.data + rows.begin * row_stride + begin, block->out.stride, row_stride};
        eseg_s8_front_depthwise(kernels, block, f, rows.begin, rows.end, begin, end, &out);
    }
}

/// The part of `rows` that is in a lattice whose rows are `first` and those behind it.
static share rows_within(share rows, int first, int count) {
    const int begin = rows.begin - first, end = rows.end - first;
    return (share){begin > 0 ? begin : 0, end < count ? end : count};
}

static void depthwise_rows(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, share rows, scratch s) {
    const int chunk = chunk_of(op);
    front_scratch f = take_scratch(&s, op, chunk);
    if (rows.begin == rows.end) return;
    uint8_t *codes = f.rows.data;
    for (int column = 0, width = 0; column < lattices(op->in.width, op->column_dilation); ++column)
        for (int row = 0, first = 0; row < lattices(op->in.height, op->row_dilation); ++row) {
            const eseg_s8_block_op block = lattice(op, row, column);
            if (block.in.width != width) {
                width = block.in.width;
                f.rows = eseg_s8_ring_of(op->layer.kernel, width, chunk);
                f.rows.data = codes;
                eseg_s8_ring_pad_columns(kernels, &f.rows, op->layer.padding);
            }
            const share here = rows_within(rows, first, block.out.height);
            if (here.begin < here.end) lattice_rows(kernels, op, &block, &f, chunk, here);
            first += block.out.height;
        }
}

void eseg_s8_depthwise_run(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s8_depthwise_scratch_bytes(op, 1);
    WITH_TEAM(threads, depthwise_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
