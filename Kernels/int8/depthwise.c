// A depthwise convolution by itself: each thread slides over a ring of its own, as a block's first half does.

#include "../support/team.h"
#include "front.h"

static eseg_s8_block_op block_of(const eseg_s8_depthwise_op *op) {
    return (eseg_s8_block_op){.front = ESEG_S8_FRONT_COPY,
                              .in = op->in,
                              .depthwise = op->layer,
                              .out = op->out,
                              .front_height = op->in.height,
                              .front_width = op->in.width};
}

static front_scratch take_scratch(scratch *s, const eseg_s8_block_op *block, int chunk) {
    front_scratch f = {.rows = eseg_s8_ring_of(block->depthwise.kernel, block->in.width, chunk)};
    f.rows.data = scratch_take(s, eseg_s8_ring_bytes(&f.rows));
    return f;
}

size_t eseg_s8_depthwise_scratch_bytes(const eseg_s8_depthwise_op *op, int threads) {
    const eseg_s8_block_op block = block_of(op);
    scratch s = {NULL, 0};
    take_scratch(&s, &block, eseg_s8_front_chunk(&block));
    return s.used * threads;
}

static void depthwise_rows(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, share rows, scratch s) {
    const eseg_s8_block_op block = block_of(op);
    const int chunk = eseg_s8_front_chunk(&block), channels = op->layer.channels;
    front_scratch f = take_scratch(&s, &block, chunk);
    if (rows.begin == rows.end) return;
    eseg_s8_ring_pad_columns(kernels, &f.rows, op->layer.padding);
    for (int begin = 0; begin < channels; begin += chunk) {
        const int end = begin + chunk < channels ? begin + chunk : channels;
        uint8_t *out = op->out.data + rows.begin * op->out.width * op->out.stride + begin;
        eseg_s8_front_depthwise(kernels, &block, &f, rows.begin, rows.end, begin, end, out, op->out.stride);
    }
}

void eseg_s8_depthwise_run(const eseg_kernels *kernels, const eseg_s8_depthwise_op *op, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s8_depthwise_scratch_bytes(op, 1);
    WITH_TEAM(threads, depthwise_rows(kernels, op, share_of(op->out.height, me), scratch_part(&all, me.index, each)));
}
