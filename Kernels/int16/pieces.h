#ifndef ESEG_S16_PIECES_H
#define ESEG_S16_PIECES_H

#include <string.h>

#include "../support/scratch.h"
#include "../support/team.h"
#include "eseg_s16_ops.h"

/// Values of a piece of a row that go from one row kernel to the next: they stay in the first cache.
enum { PIECE_VALUES = 4096 };

/// Channels of a map in rows of codes and values.
static inline int padded_channels(const eseg_s16_map *map) { return eseg_channel_stride(map->channels); }

/// Pixels of a piece.
static inline int piece_pixels(int channels) { return PIECE_VALUES / channels > 1 ? PIECE_VALUES / channels : 1; }

/// Values that a piece of any width takes.
static inline size_t piece_bytes(int channels) { return (size_t)piece_pixels(channels) * channels * sizeof(float) + ESEG_SLACK; }

static inline size_t row_bytes(const eseg_s16_map *map) { return (size_t)map->width * map->stride * sizeof(int16_t) + ESEG_SLACK; }

/// The first code of pixel `x` of row `y`.
static inline uint8_t *pixel_of(const eseg_s16_map *map, int y, int x) {
    return (uint8_t *)map->data + ((size_t)y * map->width + x) * map->stride * map->bytes;
}

/// `pixels` pixels of row `y` from pixel `x` on without zero point: where they lie, or in `scratch` if they have 8 bits.
static inline const int16_t *piece_codes(const eseg_kernels *kernels, const eseg_s16_map *map, int y, int x, int pixels, int16_t *scratch) {
    const uint8_t *codes = pixel_of(map, y, x);
    if (map->bytes == 2) return (const int16_t *)codes;
    kernels->s16.widen(codes, (size_t)pixels * map->stride, map->zero_point, scratch);
    return scratch;
}

/// Rounds pixels of values; of each, the first `count` codes go to `out`, whose pixels lie `step` bytes apart.
static inline void pixels_store(const eseg_kernels *kernels, const float *values, const eseg_s16_output *output, int pixels,
                                size_t channels, size_t count, uint8_t *out, size_t step) {
    uint8_t codes[2 * PIECE_VALUES + ESEG_SLACK];
    if (pixels * channels > PIECE_VALUES) {
        for (int p = 0; p < pixels; ++p) kernels->s16.store(values + p * channels, count, output, out + p * step);
        return;
    }
    kernels->s16.store(values, pixels * channels, output, codes);
    for (int p = 0; p < pixels; ++p) memcpy(out + p * step, codes + p * channels * output->bytes, count * output->bytes);
}

/// Rounds `pixels` pixels of values to those of a map from `out` on.
static inline void pixels_to(const eseg_kernels *kernels, const float *values, const eseg_s16_output *output, const eseg_s16_map *map,
                             int pixels, uint8_t *out) {
    const size_t channels = padded_channels(map);
    if (map->stride == channels) kernels->s16.store(values, pixels * channels, output, out);
    else pixels_store(kernels, values, output, pixels, channels, map->channels, out, map->stride * map->bytes);
}

/// The same to row `y` from pixel `x` on.
static inline void piece_store(const eseg_kernels *kernels, const float *values, const eseg_s16_output *output, const eseg_s16_map *map,
                               int y, int x, int pixels) {
    pixels_to(kernels, values, output, map, pixels, pixel_of(map, y, x));
}

static inline int least(int a, int b) { return a < b ? a : b; }

#endif
