#include "eseg_rearrange.h"

#include <string.h>

#define SELECT(TYPE, NAME)                                                 \
    static void NAME(const eseg_select_op *op, size_t pixel) {             \
        const TYPE *from = (const TYPE *)op->in + pixel * op->in_stride;   \
        TYPE *to = (TYPE *)op->out + pixel * op->out_stride;               \
        for (int c = 0; c < op->count; ++c) to[c] = from[op->channels[c]]; \
    }
SELECT(uint8_t, select_1)
SELECT(uint16_t, select_2)
SELECT(uint32_t, select_4)

void eseg_select_run(const eseg_select_op *op, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (size_t p = 0; p < op->pixels; ++p) switch (op->element_bytes) {
        case 1: select_1(op, p); break;
        case 2: select_2(op, p); break;
        default: select_4(op, p);
        }
}

static void spread_row(const eseg_depth_to_space_op *op, int y, int i) {
    const size_t bytes = op->element_bytes, run = op->channels * bytes, pixel = op->out_stride * bytes;
    const char *in = (const char *)op->in + (size_t)y * op->width * op->in_stride * bytes;
    char *out = (char *)op->out + (size_t)(y * op->block + i) * op->width * op->block * pixel;
    for (int x = 0; x < op->width; ++x, in += op->in_stride * bytes)
        for (int j = 0; j < op->block; ++j, out += pixel) memcpy(out, in + (size_t)(i * op->block + j) * run, run);
}

void eseg_depth_to_space_run(const eseg_depth_to_space_op *op, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int y = 0; y < op->height; ++y)
        for (int i = 0; i < op->block; ++i) spread_row(op, y, i);
}
