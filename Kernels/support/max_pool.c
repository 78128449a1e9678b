#include "eseg_pool.h"

#include <string.h>

#include "scratch.h"
#include "span.h"
#include "team.h"

static size_t element_bytes(const eseg_max_pool_op *op) {
    return op->element == ESEG_ELEMENT_U8 ? sizeof(uint8_t) : op->element == ESEG_ELEMENT_S16 ? sizeof(int16_t) : sizeof(float);
}

/// A row of the input, the greatest of a window's rows.
static size_t row_bytes(const eseg_max_pool_op *op) { return (size_t)op->in_width * op->stride * element_bytes(op); }

size_t eseg_max_pool_scratch_bytes(const eseg_max_pool_op *op, int threads) {
    scratch s = {NULL, 0};
    scratch_take(&s, row_bytes(op));
    return s.used * threads;
}

// First the greatest of the window's rows, of the whole row at once, then of its columns: plain loops that compilers turn into vectors, those
// over a pixel's channels where their number is a constant if there are few.
#define POOL(TYPE, NAME)                                                                                                                \
    static inline __attribute__((always_inline)) void NAME##_columns(const eseg_max_pool_op *op, const TYPE *best, const size_t stride, \
                                                                     TYPE *restrict to) {                                               \
        for (int x = 0; x < op->width; ++x, to += stride) {                                                                             \
            const span columns = window_span(&op->window.columns, x, op->in_width);                                                     \
            memcpy(to, best + columns.first * stride, stride * sizeof *to);                                                             \
            for (int k = columns.first + columns.step; k < columns.last; k += columns.step) {                                           \
                const TYPE *from = best + k * stride;                                                                                   \
                for (size_t c = 0; c < stride; ++c) to[c] = from[c] > to[c] ? from[c] : to[c];                                          \
            }                                                                                                                           \
        }                                                                                                                               \
    }                                                                                                                                   \
    static void NAME(const eseg_max_pool_op *op, int y, TYPE *most) {                                                                   \
        const size_t stride = op->stride, row = op->in_width * stride;                                                                  \
        const span rows = window_span(&op->window.rows, y, op->in_height);                                                              \
        const TYPE *in = op->in, *best = in + rows.first * row;                                                                         \
        for (int k = rows.first + rows.step; k < rows.last; k += rows.step, best = most) {                                              \
            const TYPE *next = in + k * row;                                                                                            \
            for (size_t i = 0; i < row; ++i) most[i] = next[i] > best[i] ? next[i] : best[i];                                           \
        }                                                                                                                               \
        TYPE *to = (TYPE *)op->out + (size_t)y * op->width * stride;                                                                    \
        if (stride == 4) NAME##_columns(op, best, 4, to);                                                                               \
        else if (stride == 16) NAME##_columns(op, best, 16, to);                                                                        \
        else NAME##_columns(op, best, stride, to);                                                                                      \
    }
POOL(uint8_t, pool_u8)
POOL(int16_t, pool_s16)
POOL(float, pool_f32)
#undef POOL

static void pool_rows(const eseg_max_pool_op *op, share rows, void *most) {
    for (int y = rows.begin; y < rows.end; ++y) switch (op->element) {
        case ESEG_ELEMENT_U8: pool_u8(op, y, most); break;
        case ESEG_ELEMENT_S16: pool_s16(op, y, most); break;
        case ESEG_ELEMENT_F32: pool_f32(op, y, most); break;
        }
}

void eseg_max_pool_run(const eseg_max_pool_op *op, int threads, void *memory) {
    const size_t each = eseg_max_pool_scratch_bytes(op, 1);
    WITH_TEAM(threads, pool_rows(op, share_of(op->height, me), (uint8_t *)memory + me.index * each));
}
