#ifndef ESEG_RING_H
#define ESEG_RING_H

#include "eseg_s8_ops.h"

/// The rows a depthwise convolution is reading, interleaved byte by byte; see eseg_s8_depthwise_row. Padding columns are part of it.
typedef struct ring {
    uint8_t *data;
    size_t pixel_stride;  ///< 4 · channels of a chunk
    size_t group_stride;
    int slots;   ///< a multiple of 4
    int margin;  ///< padding pixels on either side
    int width;
} ring;

enum {
    RING_SPARE_PIXELS = 8,  ///< read, not used, by kernels that take several pixels at a time
    RING_MAX_CHANNELS = 64,
};

/// Describes a ring for `channels` channels; `data` is not set.
ring eseg_s8_ring_of(int kernel, int width, int channels);
size_t eseg_s8_ring_bytes(const ring *r);
/// Sets all padding columns to `code`.
void eseg_s8_ring_pad_columns(const eseg_kernels *kernels, const ring *r, int code);
/// The first real pixel of map row `y`.
uint8_t *eseg_s8_ring_row(const ring *r, int y);
/// Sets map row `y` to `code`; the ring holds at most RING_MAX_CHANNELS channels.
void eseg_s8_ring_fill_row(const eseg_kernels *kernels, const ring *r, int y, int code);
/// The slot of map row `y`, which may be negative.
int eseg_s8_ring_slot(const ring *r, int y);

#endif
