#ifndef IMAGE_PACKED_H
#define IMAGE_PACKED_H

#include <stddef.h>
#include <stdint.h>

typedef enum image_packed_order {
    IMAGE_PACKED_RGB,
    IMAGE_PACKED_BGR,
    IMAGE_PACKED_RGBA,
    IMAGE_PACKED_BGRA,
    IMAGE_PACKED_GRAY,
} image_packed_order;

/// An 8-bit picture whose pixels have all their samples side by side; `stride` is bytes from row to row, below 0 where rows lie bottom to top.
typedef struct image_packed {
    image_packed_order order;
    uint32_t width, height;
    const uint8_t *pixels;
    ptrdiff_t stride;
} image_packed;

/// Bytes of a pixel.
int image_packed_pixel_bytes(image_packed_order order);

/// Copies to width · height · 3 bytes of RGB: gray is each of them, and what a fourth sample says is left out.
void image_packed_to_rgb(const image_packed *image, uint8_t *rgb);

#endif
