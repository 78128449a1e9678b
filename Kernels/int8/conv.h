#ifndef ESEG_S8_CONV_H
#define ESEG_S8_CONV_H

#include "eseg_s8_ops.h"

/// Rows of a map with pixels of padding on either side: what a dense k×k convolution reads.
typedef struct padded_rows {
    uint8_t *data;
    size_t row_stride;
    int margin, right;  ///< pixels before and behind the map's
    int first;          ///< map row of data's first row, may be negative
} padded_rows;

static inline size_t padded_row_stride(const eseg_s8_map *map, int margin, int right) {
    return (margin + map->width + right) * map->stride + ESEG_SLACK;
}

/// Copies row `y` of the map, or padding where the map has no such row.
void eseg_s8_conv_pad_row(const padded_rows *rows, const eseg_s8_map *map, const uint8_t *padding, int y);

/// Convolves channels [begin, end) of output row `y` from padded rows to `out`, the first pixel's code of channel `begin`.
void eseg_s8_conv_padded_row(const eseg_kernels *kernels, const eseg_s8_conv_layer *layer, const padded_rows *rows, size_t pixel_stride,
                             int y, eseg_s8_conv_row *row);

/// Fills what all rows of a layer share.
eseg_s8_conv_row eseg_s8_conv_row_of(const eseg_s8_conv_layer *layer, int begin, int end);

/// 1×1 convolution of `pixels` pixels from pixel `first` on, with the residual if there is one.
void eseg_s8_conv_pointwise(const eseg_kernels *kernels, const eseg_s8_conv_layer *layer, const uint8_t *in, size_t in_stride,
                            const eseg_s8_map *residual, const eseg_s8_map *out, int as_logits, int first, int pixels);

#endif
