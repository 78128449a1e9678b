#include "../support/team.h"
#include "eseg_s8_ops.h"

static void pool_rows(const eseg_kernels *kernels, const eseg_s8_map *in, const eseg_s8_map *out, share part) {
    for (int y = part.begin; y < part.end; ++y) {
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

void eseg_s8_pool_run(const eseg_kernels *kernels, const eseg_s8_map *in, const eseg_s8_map *out, int threads) {
    WITH_TEAM(threads, pool_rows(kernels, in, out, share_of(out->height, me)));
}
