#include <stdlib.h>
#include <string.h>

#include "jpeg_codec.h"

// A progressive file may hold any number of scans, each as costly as a whole image; encoders write about ten.
enum { MAX_SCANS = 500 };

struct image_jpeg_decoder {
    struct jpeg_decompress_struct codec;
    struct jpeg_progress_mgr progress;
    jpeg_support support;
};

static void fail_on_many_scans(j_common_ptr codec) {
    if (((j_decompress_ptr)codec)->input_scan_number <= MAX_SCANS) return;
    char reason[IMAGE_CODECS_MESSAGE_SIZE];
    snprintf(reason, sizeof reason, "more than %d scans", MAX_SCANS);
    jpeg_support_fail(codec, reason);
}

image_jpeg_decoder *image_jpeg_decoder_new(void) {
    image_jpeg_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    char message[IMAGE_CODECS_MESSAGE_SIZE];
    jpeg_support *support = &decoder->support;
    decoder->codec.err = jpeg_support_errors(support);
    support->message = message;
    support->memory = image_memory_new();
    if (!support->memory || setjmp(support->escape)) {
        image_jpeg_decoder_free(decoder);
        return NULL;
    }
    jpeg_create_decompress(&decoder->codec);
    static const unsigned char nothing[1];
    jpeg_mem_src(&decoder->codec, nothing, sizeof nothing);
    jpeg_support_memory(support, (j_common_ptr)&decoder->codec);
    decoder->progress.progress_monitor = fail_on_many_scans;
    decoder->codec.progress = &decoder->progress;
    return decoder;
}

void image_jpeg_decoder_free(image_jpeg_decoder *decoder) {
    if (!decoder) return;
    jpeg_destroy_decompress(&decoder->codec);
    image_memory_free(decoder->support.memory);
    free(decoder);
}

// An image stands on its own: tables that the one before defined are gone, as their memory is.
static void forget_tables(struct jpeg_decompress_struct *codec) {
    memset(codec->quant_tbl_ptrs, 0, sizeof codec->quant_tbl_ptrs);
    memset(codec->dc_huff_tbl_ptrs, 0, sizeof codec->dc_huff_tbl_ptrs);
    memset(codec->ac_huff_tbl_ptrs, 0, sizeof codec->ac_huff_tbl_ptrs);
}

static void open_memory(struct jpeg_decompress_struct *codec, const uint8_t *bytes, size_t count) {
    forget_tables(codec);
    jpeg_mem_src(codec, (unsigned char *)bytes, (unsigned long)count);
    jpeg_read_header(codec, TRUE);
}

static void close_memory(struct jpeg_decompress_struct *codec) {
    jpeg_abort_decompress(codec);
    forget_tables(codec);
}

static image_samples samples_of(const struct jpeg_decompress_struct *codec) {
    switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE: return IMAGE_SAMPLES_GRAY;
    case JCS_RGB:
    case JCS_YCbCr: return IMAGE_SAMPLES_RGB;
    case JCS_CMYK:
    case JCS_YCCK: return IMAGE_SAMPLES_CMYK;
    default: return IMAGE_SAMPLES_OTHER;
    }
}

// Samples are 255 − ink, as Photoshop and whatever follows it store them; Pillow, OpenCV and browsers take them so with an Adobe marker and
// without one. Rounded to the nearest, as Pillow does.
static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, size_t pixels) {
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++) rgb[3 * i + c] = (uint8_t)((cmyk[4 * i + c] * cmyk[4 * i + 3] + 127) / 255);
}

static void decode_rows(struct jpeg_decompress_struct *codec, uint8_t *rgb, size_t rgb_count) {
    int cmyk = samples_of(codec) == IMAGE_SAMPLES_CMYK;
    codec->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    if ((uint64_t)codec->image_width * codec->image_height * 3 != rgb_count) ERREXIT(codec, JERR_BUFFER_SIZE);
    jpeg_start_decompress(codec);
    size_t stride = (size_t)codec->output_width * 3;
    JSAMPARRAY ink = cmyk ? codec->mem->alloc_sarray((j_common_ptr)codec, JPOOL_IMAGE, codec->output_width * 4, 1) : NULL;
    while (codec->output_scanline < codec->output_height) {
        JSAMPROW row = rgb + stride * codec->output_scanline;
        jpeg_read_scanlines(codec, cmyk ? ink : &row, 1);
        if (cmyk) cmyk_to_rgb(ink[0], row, codec->output_width);
    }
    jpeg_finish_decompress(codec);
}

int image_jpeg_decoder_header(image_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, image_header *header, char *message) {
    struct jpeg_decompress_struct *codec = &decoder->codec;
    decoder->support.message = message;
    if (setjmp(decoder->support.escape)) {
        close_memory(codec);
        return 1;
    }
    open_memory(codec, bytes, count);
    *header = (image_header){codec->image_width, codec->image_height, codec->data_precision, samples_of(codec)};
    close_memory(codec);
    return 0;
}

int image_jpeg_decoder_rgb(image_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count, char *message) {
    decoder->support.message = message;
    if (setjmp(decoder->support.escape)) {
        close_memory(&decoder->codec);
        return 1;
    }
    open_memory(&decoder->codec, bytes, count);
    decode_rows(&decoder->codec, rgb, rgb_count);
    close_memory(&decoder->codec);
    return 0;
}
