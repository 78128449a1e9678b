#include "eseg_s8_ops.h"

void eseg_s8_pool_run(const eseg_kernels *kernels, const eseg_s8_map *in, const eseg_s8_map *out, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int y = 0; y < out->height; ++y) {
        const uint8_t *rows[3];
        for (int k = 0; k < 3; ++k) {
            int from = 2 * y - 1 + k;
            from = from < 0 ? 0 : from >= in->height ? in->height - 1 : from;
            rows[k] = in->data + (size_t)from * in->width * in->stride;
        }
        kernels->s8.pool_row(rows, in->width, in->stride, out->width, in->channels, out->data + (size_t)y * out->width * out->stride,
                             out->stride);
    }
}
