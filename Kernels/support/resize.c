#include <string.h>

#include "eseg_resize.h"

static void resize_row(const eseg_resize_op *op, const char *from, char *to) {
    for (int x = 0; x < op->width; ++x) memcpy(to + x * op->pixel_bytes, from + op->columns[x] * op->pixel_bytes, op->pixel_bytes);
}

void eseg_resize_run(const eseg_resize_op *op, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int y = 0; y < op->height; ++y) {
        const char *from = (const char *)op->in + (size_t)op->rows[y] * op->in_width * op->pixel_bytes;
        resize_row(op, from, (char *)op->out + (size_t)y * op->width * op->pixel_bytes);
    }
}
