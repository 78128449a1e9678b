#include <string.h>

#include "eseg_resize.h"
#include "team.h"

static void resize_row(const eseg_resize_op *op, const char *from, char *to) {
    for (int x = 0; x < op->width; ++x) memcpy(to + x * op->pixel_bytes, from + op->columns[x] * op->pixel_bytes, op->pixel_bytes);
}

static void resize_rows(const eseg_resize_op *op, share rows) {
    for (int y = rows.begin; y < rows.end; ++y) {
        const char *from = (const char *)op->in + (size_t)op->rows[y] * op->in_width * op->pixel_bytes;
        resize_row(op, from, (char *)op->out + (size_t)y * op->width * op->pixel_bytes);
    }
}

void eseg_resize_run(const eseg_resize_op *op, int threads) { WITH_TEAM(threads, resize_rows(op, share_of(op->height, me))); }
