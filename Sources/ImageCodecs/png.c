#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "memory.h"

typedef struct source {
    const uint8_t *next;
    size_t left;
} source;

_Noreturn static void fail(png_structp codec, png_const_charp reason) {
    snprintf(png_get_error_ptr(codec), IMAGE_CODECS_MESSAGE_SIZE, "%s", reason);
    png_longjmp(codec, 1);
}

static void ignore_warning(png_structp codec, png_const_charp reason) {
    (void)codec;
    (void)reason;
}

static png_voidp take(png_structp codec, png_alloc_size_t bytes) { return image_memory_take(png_get_mem_ptr(codec), bytes); }

static void keep(png_structp codec, png_voidp bytes) {
    (void)codec;
    (void)bytes;
}

static void read_memory(png_structp codec, png_bytep bytes, size_t count) {
    source *from = png_get_io_ptr(codec);
    if (count > from->left) png_error(codec, "premature end of file");
    memcpy(bytes, from->next, count);
    from->next += count;
    from->left -= count;
}

static image_samples samples_of(int color_type) {
    switch (color_type) {
    case PNG_COLOR_TYPE_GRAY: return IMAGE_SAMPLES_GRAY;
    case PNG_COLOR_TYPE_GRAY_ALPHA: return IMAGE_SAMPLES_GRAY_ALPHA;
    case PNG_COLOR_TYPE_PALETTE: return IMAGE_SAMPLES_PALETTE;
    case PNG_COLOR_TYPE_RGB: return IMAGE_SAMPLES_RGB;
    case PNG_COLOR_TYPE_RGB_ALPHA: return IMAGE_SAMPLES_RGB_ALPHA;
    default: return IMAGE_SAMPLES_OTHER;
    }
}

// Color spaces, texts and times do not change samples here, so they are not even inflated.
static void skip_ancillary_chunks(png_structp codec) {
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
    png_set_keep_unknown_chunks(codec, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
#endif
}

// Of 16-bit samples the high byte is taken, as Pillow and OpenCV do; alpha is dropped, not composited: what is under it is what the camera
// or renderer wrote.
static void ask_for_rgb(png_structp codec) {
    png_set_strip_16(codec);
    png_set_palette_to_rgb(codec);
    png_set_expand_gray_1_2_4_to_8(codec);
    png_set_gray_to_rgb(codec);
    png_set_strip_alpha(codec);
}

static void read_rows(png_structp codec, png_infop info, uint8_t *samples, size_t count) {
    int passes = png_set_interlace_handling(codec);
    png_read_update_info(codec, info);
    size_t height = png_get_image_height(codec, info), stride = png_get_rowbytes(codec, info);
    if (stride * height != count) png_error(codec, "unexpected row size");
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < height; y++) png_read_row(codec, samples + y * stride, NULL);
    png_read_end(codec, NULL);
}

typedef enum wanted { HEADER, RGB, INDICES } wanted;

static int read_png(image_memory *memory, source from, wanted what, image_header *header, uint8_t *samples, size_t count, char *message) {
    image_memory_reset(memory);
    png_structp codec = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, message, fail, ignore_warning, memory, take, keep);
    png_infop info = codec ? png_create_info_struct(codec) : NULL;
    if (!info) {
        snprintf(message, IMAGE_CODECS_MESSAGE_SIZE, "out of memory");
        png_destroy_read_struct(&codec, NULL, NULL);
        return 1;
    }
    if (setjmp(png_jmpbuf(codec))) {
        png_destroy_read_struct(&codec, &info, NULL);
        return 1;
    }
    png_set_read_fn(codec, &from, read_memory);
    skip_ancillary_chunks(codec);
    png_read_info(codec, info);
    int depth = png_get_bit_depth(codec, info), color_type = png_get_color_type(codec, info);
    if (what == HEADER)
        *header = (image_header){png_get_image_width(codec, info), png_get_image_height(codec, info), depth, samples_of(color_type)};
    if (what == RGB) ask_for_rgb(codec);
    if (what == INDICES) png_set_packing(codec);
    if (what != HEADER) read_rows(codec, info, samples, count);
    png_destroy_read_struct(&codec, &info, NULL);
    return 0;
}

int image_png_header(image_memory *memory, const uint8_t *bytes, size_t count, image_header *header, char *message) {
    return read_png(memory, (source){bytes, count}, HEADER, header, NULL, 0, message);
}

int image_png_decode_rgb(image_memory *memory, const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count, char *message) {
    return read_png(memory, (source){bytes, count}, RGB, NULL, rgb, rgb_count, message);
}

int image_png_decode_indices(image_memory *memory, const uint8_t *bytes, size_t count, uint8_t *indices, size_t index_count,
                             char *message) {
    return read_png(memory, (source){bytes, count}, INDICES, NULL, indices, index_count, message);
}

void image_bytes_free(image_bytes *bytes) {
    free(bytes->data);
    *bytes = (image_bytes){NULL, 0, 0};
}

static void append(png_structp codec, png_bytep bytes, size_t count) {
    image_bytes *to = png_get_io_ptr(codec);
    if (count > to->capacity - to->count) {
        size_t capacity = (to->count + count) * 2;
        uint8_t *data = realloc(to->data, capacity);
        if (!data) png_error(codec, "out of memory");
        to->data = data;
        to->capacity = capacity;
    }
    memcpy(to->data + to->count, bytes, count);
    to->count += count;
}

// Of photographs, zlib's usual level of 6 takes 8 % off what this one gives, as OpenCV does, in five times the time; class maps are small.
enum { PHOTOGRAPH_LEVEL = 1 };

static void nothing_to_flush(png_structp codec) { (void)codec; }

// Writes over `out`, taking memory from `memory`, or from the system where that is NULL. A palette has 256 colors.
static int write_png(image_memory *memory, const uint8_t *samples, uint32_t width, uint32_t height, int color_type,
                     const png_color *palette, image_bytes *out, char *message) {
    out->count = 0;
    if (memory) image_memory_reset(memory);
    png_structp codec =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, message, fail, ignore_warning, memory, memory ? take : NULL, memory ? keep : NULL);
    png_infop info = codec ? png_create_info_struct(codec) : NULL;
    if (!info) {
        snprintf(message, IMAGE_CODECS_MESSAGE_SIZE, "out of memory");
        png_destroy_write_struct(&codec, NULL);
        return 1;
    }
    if (setjmp(png_jmpbuf(codec))) {
        png_destroy_write_struct(&codec, &info);
        out->count = 0;
        return 1;
    }
    png_set_write_fn(codec, out, append, nothing_to_flush);
    png_set_IHDR(codec, info, width, height, 8, color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (color_type == PNG_COLOR_TYPE_RGB) png_set_compression_level(codec, PHOTOGRAPH_LEVEL);
    if (palette) png_set_PLTE(codec, info, palette, 256);
    png_write_info(codec, info);
    size_t stride = (size_t)width * (color_type == PNG_COLOR_TYPE_RGB ? 3 : 1);
    for (size_t y = 0; y < height; y++) png_write_row(codec, samples + y * stride);
    png_write_end(codec, NULL);
    png_destroy_write_struct(&codec, &info);
    return 0;
}

int image_png_encode_rgb_in(image_memory *memory, const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out, char *message) {
    return write_png(memory, rgb, width, height, PNG_COLOR_TYPE_RGB, NULL, out, message);
}

int image_png_encode_rgb(const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out, char *message) {
    *out = (image_bytes){NULL, 0, 0};
    int failed = image_png_encode_rgb_in(NULL, rgb, width, height, out, message);
    if (failed) image_bytes_free(out);
    return failed;
}

int image_png_encode_palette_in(image_memory *memory, const uint8_t *indices, uint32_t width, uint32_t height, const uint8_t palette[768],
                                image_bytes *out, char *message) {
    png_color colors[256];
    for (size_t i = 0; i < 256; i++) colors[i] = (png_color){palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]};
    return write_png(memory, indices, width, height, PNG_COLOR_TYPE_PALETTE, colors, out, message);
}

int image_png_encode_gray_in(image_memory *memory, const uint8_t *values, uint32_t width, uint32_t height, image_bytes *out,
                             char *message) {
    return write_png(memory, values, width, height, PNG_COLOR_TYPE_GRAY, NULL, out, message);
}

int image_png_encode_palette(const uint8_t *indices, uint32_t width, uint32_t height, const uint8_t palette[768], image_bytes *out,
                             char *message) {
    *out = (image_bytes){NULL, 0, 0};
    int failed = image_png_encode_palette_in(NULL, indices, width, height, palette, out, message);
    if (failed) image_bytes_free(out);
    return failed;
}
