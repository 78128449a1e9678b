#ifndef ESEG_INPUT_ROWS_H
#define ESEG_INPUT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_maps.h"

/// The rows of a map that a window reads, with pixels of padding on either side: row y lies in slot y mod count. Where no pixels are added,
/// rows can be read in place: only what lies outside the map is a row of its own, of padding.
typedef struct input_rows {
    uint8_t *data;
    size_t stride;  ///< bytes of a slot
    int count;      ///< rows from a window's first to its last
    int in_place;
    int left, right;
    int next;  ///< the first row that has not been there
} input_rows;

/// Pixels of padding that windows read behind a map's row.
static inline int padding_behind(const eseg_axis *columns, int out_width, int in_width) {
    const int pixels = eseg_axis_span(columns, out_width) - columns->before - in_width;
    return pixels > 0 ? pixels : 0;
}

static inline int slot_of(int y, int count) { return (y % count + count) % count; }

static inline size_t input_rows_bytes(const input_rows *rows) { return (rows->in_place ? 1 : rows->count) * rows->stride; }

/// Row `y` of a map of `height` rows of `bytes` bytes, or of padding.
static inline uint8_t *input_row(const input_rows *rows, uint8_t *map, size_t bytes, int height, int y) {
    if (rows->in_place) return y >= 0 && y < height ? map + y * bytes : rows->data;
    return rows->data + slot_of(y, rows->count) * rows->stride;
}

#endif
