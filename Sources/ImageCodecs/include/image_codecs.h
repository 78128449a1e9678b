#ifndef IMAGE_CODECS_H
#define IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

// JPEG and PNG over memory. Library errors end inside these functions: each returns 0, or nonzero with the reason in `message`.
// No function keeps a pointer that it was given.

enum { IMAGE_CODECS_MESSAGE_SIZE = 256 };

typedef enum image_samples {
    IMAGE_SAMPLES_GREY,
    IMAGE_SAMPLES_GREY_ALPHA,
    IMAGE_SAMPLES_PALETTE,
    IMAGE_SAMPLES_RGB,
    IMAGE_SAMPLES_RGB_ALPHA,
    IMAGE_SAMPLES_CMYK,
    IMAGE_SAMPLES_OTHER,
} image_samples;

/// What a file's header says, before anything of the image's size is allocated.
typedef struct image_header {
    uint32_t width, height;
    int bit_depth;
    image_samples samples;
} image_header;

int image_jpeg_header(const uint8_t *bytes, size_t count, image_header *header, char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_png_header(const uint8_t *bytes, size_t count, image_header *header, char message[IMAGE_CODECS_MESSAGE_SIZE]);

/// Decodes to 8-bit RGB, `rgb_count` = width · height · 3 of the header. Damaged or missing data is an error, not a grey area.
int image_jpeg_decode_rgb(
    const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count, char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_png_decode_rgb(
    const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count, char message[IMAGE_CODECS_MESSAGE_SIZE]);

/// Decodes a grey or palette PNG of at most 8 bits to one sample or palette index a pixel, `index_count` = width · height.
int image_png_decode_indices(
    const uint8_t *bytes, size_t count, uint8_t *indices, size_t index_count, char message[IMAGE_CODECS_MESSAGE_SIZE]);

/// An encoded file; release with `image_bytes_free`. `data` is NULL after an error.
typedef struct image_bytes {
    uint8_t *data;
    size_t count;
} image_bytes;

void image_bytes_free(image_bytes *bytes);

int image_png_encode_rgb(
    const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out, char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// `palette` holds 256 RGB triples.
int image_png_encode_palette(
    const uint8_t *indices, uint32_t width, uint32_t height, const uint8_t palette[768], image_bytes *out,
    char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// `quality` in 1...100.
int image_jpeg_encode_rgb(
    const uint8_t *rgb, uint32_t width, uint32_t height, int quality, image_bytes *out, char message[IMAGE_CODECS_MESSAGE_SIZE]);

#endif
