#include "image_packed.h"

#include <string.h>

int image_packed_pixel_bytes(image_packed_order order) {
    switch (order) {
    case IMAGE_PACKED_RGB:
    case IMAGE_PACKED_BGR: return 3;
    case IMAGE_PACKED_RGBA:
    case IMAGE_PACKED_BGRA: return 4;
    case IMAGE_PACKED_GRAY: return 1;
    }
    return 0;
}

// All but `from`, `rgb` and `width` are constants in every call, so that each call becomes a loop of its own.
static inline void pick(const uint8_t *from, uint8_t *restrict rgb, size_t width, size_t bytes, size_t red, size_t green, size_t blue) {
    for (size_t i = 0; i < width; i++) {
        rgb[3 * i] = from[bytes * i + red];
        rgb[3 * i + 1] = from[bytes * i + green];
        rgb[3 * i + 2] = from[bytes * i + blue];
    }
}

void image_packed_to_rgb(const image_packed *image, uint8_t *rgb) {
    const size_t width = image->width;
    for (ptrdiff_t row = 0; row < (ptrdiff_t)image->height; row++, rgb += 3 * width) {
        const uint8_t *from = image->pixels + row * image->stride;
        switch (image->order) {
        case IMAGE_PACKED_RGB: memcpy(rgb, from, 3 * width); break;
        case IMAGE_PACKED_BGR: pick(from, rgb, width, 3, 2, 1, 0); break;
        case IMAGE_PACKED_RGBA: pick(from, rgb, width, 4, 0, 1, 2); break;
        case IMAGE_PACKED_BGRA: pick(from, rgb, width, 4, 2, 1, 0); break;
        case IMAGE_PACKED_GRAY: pick(from, rgb, width, 1, 0, 0, 0); break;
        }
    }
}
