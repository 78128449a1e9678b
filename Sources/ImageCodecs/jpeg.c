#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "image_codecs.h"

// A progressive file may hold any number of scans, each as costly as a whole image; encoders write about ten.
enum { MAX_SCANS = 500 };

typedef struct failure {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
    char *message;
} failure;

static void fail(j_common_ptr codec) {
    failure *f = (failure *)codec->err;
    char text[JMSG_LENGTH_MAX];
    f->manager.format_message(codec, text);
    snprintf(f->message, IMAGE_CODECS_MESSAGE_SIZE, "%s", text);
    longjmp(f->escape, 1);
}

// The library decodes past lost data with a warning; a frame that is partly invented must not be segmented.
static void fail_on_lost_data(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: fail(codec);
    }
}

static void fail_on_many_scans(j_common_ptr codec) {
    failure *f = (failure *)codec->err;
    int scans = ((j_decompress_ptr)codec)->input_scan_number;
    if (scans <= MAX_SCANS) return;
    snprintf(f->message, IMAGE_CODECS_MESSAGE_SIZE, "more than %d scans", MAX_SCANS);
    longjmp(f->escape, 1);
}

static struct jpeg_error_mgr *report_to(failure *f, char *message) {
    f->message = message;
    struct jpeg_error_mgr *manager = jpeg_std_error(&f->manager);
    manager->error_exit = fail;
    manager->emit_message = fail_on_lost_data;
    return manager;
}

static void open_memory(struct jpeg_decompress_struct *codec, const uint8_t *bytes, size_t count) {
    jpeg_create_decompress(codec);
    jpeg_mem_src(codec, (unsigned char *)bytes, (unsigned long)count);
    jpeg_read_header(codec, TRUE);
}

static image_samples samples_of(const struct jpeg_decompress_struct *codec) {
    switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE: return IMAGE_SAMPLES_GREY;
    case JCS_RGB:
    case JCS_YCbCr: return IMAGE_SAMPLES_RGB;
    case JCS_CMYK:
    case JCS_YCCK: return IMAGE_SAMPLES_CMYK;
    default: return IMAGE_SAMPLES_OTHER;
    }
}

int image_jpeg_header(const uint8_t *bytes, size_t count, image_header *header, char *message) {
    struct jpeg_decompress_struct codec;
    failure f;
    memset(&codec, 0, sizeof codec);
    codec.err = report_to(&f, message);
    if (setjmp(f.escape)) {
        jpeg_destroy_decompress(&codec);
        return 1;
    }
    open_memory(&codec, bytes, count);
    *header = (image_header){codec.image_width, codec.image_height, codec.data_precision, samples_of(&codec)};
    jpeg_destroy_decompress(&codec);
    return 0;
}

// Photoshop and whatever follows it store 255 − ink and say so by the Adobe marker.
static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, size_t pixels, int inverted) {
    for (size_t i = 0; i < pixels; i++) {
        unsigned flip = inverted ? 0 : 255, paper = cmyk[4 * i + 3] ^ flip;
        for (size_t c = 0; c < 3; c++) rgb[3 * i + c] = (uint8_t)(((cmyk[4 * i + c] ^ flip) * paper + 127) / 255);
    }
}

int image_jpeg_decode_rgb(const uint8_t *bytes, size_t count, uint8_t *rgb, size_t rgb_count, char *message) {
    struct jpeg_decompress_struct codec;
    struct jpeg_progress_mgr progress;
    failure f;
    memset(&codec, 0, sizeof codec);
    memset(&progress, 0, sizeof progress);
    codec.err = report_to(&f, message);
    if (setjmp(f.escape)) {
        jpeg_destroy_decompress(&codec);
        return 1;
    }
    open_memory(&codec, bytes, count);
    progress.progress_monitor = fail_on_many_scans;
    codec.progress = &progress;
    int cmyk = samples_of(&codec) == IMAGE_SAMPLES_CMYK;
    codec.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    if ((uint64_t)codec.image_width * codec.image_height * 3 != rgb_count) ERREXIT(&codec, JERR_BUFFER_SIZE);
    jpeg_start_decompress(&codec);
    size_t stride = (size_t)codec.output_width * 3;
    JSAMPARRAY ink = cmyk ? codec.mem->alloc_sarray((j_common_ptr)&codec, JPOOL_IMAGE, codec.output_width * 4, 1) : NULL;
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW row = rgb + stride * codec.output_scanline;
        jpeg_read_scanlines(&codec, cmyk ? ink : &row, 1);
        if (cmyk) cmyk_to_rgb(ink[0], row, codec.output_width, codec.saw_Adobe_marker);
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    return 0;
}

int image_jpeg_encode_rgb(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, image_bytes *out, char *message) {
    struct jpeg_compress_struct codec;
    failure f;
    unsigned char *volatile data = NULL;
    unsigned long count = 0;
    *out = (image_bytes){NULL, 0};
    memset(&codec, 0, sizeof codec);
    codec.err = report_to(&f, message);
    if (setjmp(f.escape)) {
        jpeg_destroy_compress(&codec);
        free(data);
        return 1;
    }
    jpeg_create_compress(&codec);
    jpeg_mem_dest(&codec, (unsigned char **)&data, &count);
    codec.image_width = width;
    codec.image_height = height;
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    codec.optimize_coding = TRUE;
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = (JSAMPROW)(rgb + (size_t)width * 3 * codec.next_scanline);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    *out = (image_bytes){data, count};
    return 0;
}
