#ifndef IMAGE_CODECS_H
#define IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

// JPEG and PNG over memory. Library errors end inside these functions: each returns 0, or nonzero with the reason in `message`.
// No function keeps a pointer that it was given.

enum { IMAGE_CODECS_MESSAGE_SIZE = 256 };

typedef enum image_samples {
    IMAGE_SAMPLES_GRAY,
    IMAGE_SAMPLES_GRAY_ALPHA,
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

/// An encoded file; release with `image_bytes_free`. `data` is NULL after an error.
typedef struct image_bytes {
    uint8_t *data;
    size_t count, capacity;
} image_bytes;

void image_bytes_free(image_bytes *bytes);

int image_png_encode_rgb(const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out, char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// `palette` holds 256 RGB triples.
int image_png_encode_palette(const uint8_t *indices, uint32_t width, uint32_t height, const uint8_t palette[768], image_bytes *out,
                             char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// `quality` in 1...100.
int image_jpeg_encode_rgb(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, image_bytes *out,
                          char message[IMAGE_CODECS_MESSAGE_SIZE]);

// One image after the other: what one needed is kept for the next, so that images of the same size allocate nothing. Each of these is for
// one thread at a time; the functions that make them return NULL where there is no memory. `out` is written over, and has `count` 0 after
// an error. Decoding gives 8-bit RGB, `rgb_count` = width · height · 3 of the header; damaged or missing data is an error, not a gray area.

typedef struct image_jpeg_decoder image_jpeg_decoder;
typedef struct image_jpeg_encoder image_jpeg_encoder;
typedef struct image_memory image_memory;

image_jpeg_decoder *image_jpeg_decoder_new(void);
void image_jpeg_decoder_free(image_jpeg_decoder *decoder);
int image_jpeg_decoder_header(image_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, image_header *header,
                              char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_jpeg_decoder_rgb(image_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count,
                           char message[IMAGE_CODECS_MESSAGE_SIZE]);

/// `optimized`: Huffman tables of the image's own, for a second pass over it.
image_jpeg_encoder *image_jpeg_encoder_new(int quality, int optimized);
void image_jpeg_encoder_free(image_jpeg_encoder *encoder);
int image_jpeg_encoder_rgb(image_jpeg_encoder *encoder, const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out,
                           char message[IMAGE_CODECS_MESSAGE_SIZE]);

image_memory *image_memory_new(void);
void image_memory_free(image_memory *memory);
int image_png_header(image_memory *memory, const uint8_t *bytes, size_t count, image_header *header,
                     char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_png_decode_rgb(image_memory *memory, const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count,
                         char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// Decodes a gray or palette PNG of at most 8 bits to one sample or palette index a pixel, `index_count` = width · height.
int image_png_decode_indices(image_memory *memory, const uint8_t *bytes, size_t count, uint8_t *indices, size_t index_count,
                             char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_png_encode_rgb_in(image_memory *memory, const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out,
                            char message[IMAGE_CODECS_MESSAGE_SIZE]);
int image_png_encode_palette_in(image_memory *memory, const uint8_t *indices, uint32_t width, uint32_t height, const uint8_t palette[768],
                                image_bytes *out, char message[IMAGE_CODECS_MESSAGE_SIZE]);
/// A value a pixel, which is shown as gray.
int image_png_encode_gray_in(image_memory *memory, const uint8_t *values, uint32_t width, uint32_t height, image_bytes *out,
                             char message[IMAGE_CODECS_MESSAGE_SIZE]);

#endif
