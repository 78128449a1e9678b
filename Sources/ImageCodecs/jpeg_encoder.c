#include <stdlib.h>
#include <string.h>

#include "jpeg_codec.h"

enum { FIRST_CAPACITY = 1 << 16 };

struct image_jpeg_encoder {
    struct jpeg_compress_struct codec;
    struct jpeg_destination_mgr destination;
    jpeg_support support;
    image_bytes *out;
};

static image_bytes *out_of(j_compress_ptr codec) { return ((image_jpeg_encoder *)codec->client_data)->out; }

// Room for more bytes behind those that are there.
static void grow(j_compress_ptr codec, size_t capacity) {
    image_bytes *out = out_of(codec);
    if (capacity > out->capacity) {
        uint8_t *data = realloc(out->data, capacity);
        if (!data) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
        out->data = data;
        out->capacity = capacity;
    }
    codec->dest->next_output_byte = out->data + out->count;
    codec->dest->free_in_buffer = out->capacity - out->count;
}

static void begin(j_compress_ptr codec) {
    out_of(codec)->count = 0;
    grow(codec, FIRST_CAPACITY);
}

static boolean full(j_compress_ptr codec) {
    out_of(codec)->count = out_of(codec)->capacity;
    grow(codec, out_of(codec)->capacity * 2);
    return TRUE;
}

static void end(j_compress_ptr codec) { out_of(codec)->count = out_of(codec)->capacity - codec->dest->free_in_buffer; }

image_jpeg_encoder *image_jpeg_encoder_new(int quality, int optimized) {
    image_jpeg_encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) return NULL;
    char message[IMAGE_CODECS_MESSAGE_SIZE];
    jpeg_support *support = &encoder->support;
    struct jpeg_compress_struct *codec = &encoder->codec;
    codec->err = jpeg_support_errors(support);
    support->message = message;
    support->memory = image_memory_new();
    if (!support->memory || setjmp(support->escape)) {
        image_jpeg_encoder_free(encoder);
        return NULL;
    }
    jpeg_create_compress(codec);
    codec->client_data = encoder;
    encoder->destination = (struct jpeg_destination_mgr){.init_destination = begin, .empty_output_buffer = full, .term_destination = end};
    codec->dest = &encoder->destination;
    codec->input_components = 3;
    codec->in_color_space = JCS_RGB;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, quality, TRUE);
    codec->optimize_coding = optimized ? TRUE : FALSE;
    jpeg_support_memory(support, (j_common_ptr)codec);
    return encoder;
}

void image_jpeg_encoder_free(image_jpeg_encoder *encoder) {
    if (!encoder) return;
    jpeg_destroy_compress(&encoder->codec);
    image_memory_free(encoder->support.memory);
    free(encoder);
}

int image_jpeg_encoder_rgb(image_jpeg_encoder *encoder, const uint8_t *rgb, uint32_t width, uint32_t height, image_bytes *out,
                           char *message) {
    struct jpeg_compress_struct *codec = &encoder->codec;
    encoder->support.message = message;
    encoder->out = out;
    if (setjmp(encoder->support.escape)) {
        jpeg_abort_compress(codec);
        out->count = 0;
        return 1;
    }
    codec->image_width = width;
    codec->image_height = height;
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        JSAMPROW row = (JSAMPROW)(rgb + (size_t)width * 3 * codec->next_scanline);
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
    return 0;
}

int image_jpeg_encode_rgb(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, image_bytes *out, char *message) {
    image_jpeg_encoder *encoder = image_jpeg_encoder_new(quality, 1);
    *out = (image_bytes){NULL, 0, 0};
    if (!encoder) {
        snprintf(message, IMAGE_CODECS_MESSAGE_SIZE, "out of memory");
        return 1;
    }
    int failed = image_jpeg_encoder_rgb(encoder, rgb, width, height, out, message);
    image_jpeg_encoder_free(encoder);
    if (failed) image_bytes_free(out);
    return failed;
}
