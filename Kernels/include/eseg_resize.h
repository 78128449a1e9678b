#ifndef ESEG_RESIZE_H
#define ESEG_RESIZE_H

#include <stddef.h>
#include <stdint.h>

/// Nearest neighbor by index tables, for elements of any type: each pixel of the output is a pixel of the input.
typedef struct eseg_resize_op {
    const void *in;
    void *out;
    int in_width;
    int height, width;       ///< of the output
    size_t pixel_bytes;      ///< from one pixel to the next, in both maps
    const int32_t *rows;     ///< the input's row of each of the output's
    const int32_t *columns;  ///< likewise
} eseg_resize_op;

void eseg_resize_run(const eseg_resize_op *op, int threads);

#endif
