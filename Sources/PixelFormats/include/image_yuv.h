#ifndef IMAGE_YUV_H
#define IMAGE_YUV_H

#include <stddef.h>
#include <stdint.h>

typedef enum image_yuv_layout {
    IMAGE_YUV_GRAY,  // Y
    IMAGE_YUV_420,   // Y; U and V of half the width and height, rounded up
    IMAGE_YUV_422,   // Y; U and V of half the width, rounded up
    IMAGE_YUV_444,   // Y; U; V
    IMAGE_YUV_NV12,  // Y; U and V in turn, of half the width and height, rounded up
    IMAGE_YUV_YUYV,  // Y U Y V for every two pixels
} image_yuv_layout;

/// An 8-bit picture of luma and chroma samples: planes that a layout lacks are NULL; strides are bytes from row to row, below 0 where
/// rows lie bottom to top.
typedef struct image_yuv {
    image_yuv_layout layout;
    /// Nonzero: 0...255 for all samples; zero: luma 16...235 and chroma 16...240, the range of television.
    int full_range;
    uint32_t width, height;
    const uint8_t *planes[3];
    ptrdiff_t strides[3];
} image_yuv;

/// Converts by ITU-R BT.601 to width · height · 3 bytes of RGB, each within 0.51 of the real-valued formula's result clamped to 0...255.
///
/// A chroma sample holds for all pixels that share it, as in OpenCV and video drivers.
void image_yuv_to_rgb(const image_yuv *image, uint8_t *rgb);

#endif
