#include "../support/team.h"
#include "eseg_s8_ops.h"

static void affine_pixels(const eseg_kernels *kernels, const eseg_s8_affine_op *op, wide_share pixels) {
    const eseg_s8_affine_row row = {.in = op->in.data + pixels.begin * op->in.stride,
                                    .in_stride = op->in.stride,
                                    .pixels = (int)(pixels.end - pixels.begin),
                                    .channels = op->out.channels,
                                    .weights = op->weights,
                                    .scaling = op->scaling,
                                    .out = op->out.data + pixels.begin * op->out.stride,
                                    .out_stride = op->out.stride};
    if (row.pixels > 0) kernels->s8.affine_row(&row);
}

void eseg_s8_affine_run(const eseg_kernels *kernels, const eseg_s8_affine_op *op, int threads) {
    WITH_TEAM(threads, affine_pixels(kernels, op, wide_share_of((int64_t)op->out.height * op->out.width, me)));
}
