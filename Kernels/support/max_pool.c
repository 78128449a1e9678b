#include "eseg_pool.h"

#include <string.h>

/// The samples of a window that lie inside the map.
typedef struct inside {
    int first, last;
} inside;

static inside samples(const eseg_axis *axis, int sample, int extent) {
    const int origin = sample * axis->stride - axis->before;
    int first = 0, last = axis->kernel;
    while (first < last && origin + first * axis->dilation < 0) ++first;
    while (last > first && origin + (last - 1) * axis->dilation >= extent) --last;
    return (inside){first, last};
}

#define POOL(TYPE, NAME)                                                                                                            \
    static void NAME(const eseg_max_pool_op *op, int y) {                                                                           \
        const eseg_axis *down = &op->window.rows, *across = &op->window.columns;                                                    \
        const int stride = op->stride, top = y * down->stride - down->before;                                                       \
        const inside rows = samples(down, y, op->in_height);                                                                        \
        TYPE *restrict to = (TYPE *)op->out + (size_t)y * op->width * stride;                                                       \
        for (int x = 0; x < op->width; ++x, to += stride) {                                                                         \
            const inside columns = samples(across, x, op->in_width);                                                                \
            const int left = x * across->stride - across->before;                                                                   \
            for (int ky = rows.first; ky < rows.last; ++ky)                                                                         \
                for (int kx = columns.first; kx < columns.last; ++kx) {                                                             \
                    const size_t at = ((size_t)(top + ky * down->dilation) * op->in_width + left + kx * across->dilation) * stride; \
                    const TYPE *restrict from = (const TYPE *)op->in + at;                                                          \
                    if (ky == rows.first && kx == columns.first) memcpy(to, from, stride * sizeof *to);                             \
                    else                                                                                                            \
                        for (int c = 0; c < stride; ++c) to[c] = from[c] > to[c] ? from[c] : to[c];                                 \
                }                                                                                                                   \
        }                                                                                                                           \
    }
POOL(uint8_t, pool_u8)
POOL(int16_t, pool_s16)
POOL(float, pool_f32)

void eseg_max_pool_run(const eseg_max_pool_op *op, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int y = 0; y < op->height; ++y) switch (op->element) {
        case ESEG_ELEMENT_U8: pool_u8(op, y); break;
        case ESEG_ELEMENT_S16: pool_s16(op, y); break;
        case ESEG_ELEMENT_F32: pool_f32(op, y); break;
        }
}
