#include "eseg_s8_ops.h"

void eseg_s8_affine_run(const eseg_kernels *kernels, const eseg_s8_affine_op *op, int threads) {
    const int64_t pixels = (int64_t)op->out.height * op->out.width;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int t = 0; t < threads; ++t) {
        const size_t first = pixels * t / threads, end = pixels * (t + 1) / threads;
        const eseg_s8_affine_row row = {.in = op->in.data + first * op->in.stride,
                                        .in_stride = op->in.stride,
                                        .pixels = (int)(end - first),
                                        .channels = op->out.channels,
                                        .weights = op->weights,
                                        .scaling = op->scaling,
                                        .out = op->out.data + first * op->out.stride,
                                        .out_stride = op->out.stride};
        if (end > first) kernels->s8.affine_row(&row);
    }
}
