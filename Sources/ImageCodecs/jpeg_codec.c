#include "jpeg_codec.h"

// Rows end on this multiple: vector code of the library reads and writes whole vectors.
enum { ROW_ALIGNMENT = 128 };

static jpeg_support *support_of(j_common_ptr codec) { return (jpeg_support *)codec->err; }

_Noreturn void jpeg_support_fail(j_common_ptr codec, const char *reason) {
    snprintf(support_of(codec)->message, IMAGE_CODECS_MESSAGE_SIZE, "%s", reason);
    longjmp(support_of(codec)->escape, 1);
}

_Noreturn static void fail(j_common_ptr codec) {
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    jpeg_support_fail(codec, text);
}

// Whether data that ends without a marker is known to be all there: the one scan that there is would otherwise want more of it.
static int tells_of_lost_data(j_common_ptr codec) {
    j_decompress_ptr decoder = (j_decompress_ptr)codec;
    return codec->is_decompressor && !decoder->arith_code && !jpeg_has_multiple_scans(decoder);
}

// The library decodes past lost data with a warning; a frame that is partly invented must not be segmented.
static void fail_on_lost_data(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF:
        if (!tells_of_lost_data(codec)) fail(codec);
        break;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: fail(codec);
    }
}

struct jpeg_error_mgr *jpeg_support_errors(jpeg_support *support) {
    struct jpeg_error_mgr *manager = jpeg_std_error(&support->manager);
    manager->error_exit = fail;
    manager->emit_message = fail_on_lost_data;
    return manager;
}

static void *take(j_common_ptr codec, int pool, size_t bytes) {
    (void)pool;
    void *taken = image_memory_take(support_of(codec)->memory, bytes);
    if (!taken) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
    return taken;
}

static JSAMPARRAY take_rows(j_common_ptr codec, int pool, JDIMENSION width, JDIMENSION count) {
    size_t stride = ((size_t)width * sizeof(JSAMPLE) + ROW_ALIGNMENT - 1) & ~(size_t)(ROW_ALIGNMENT - 1);
    JSAMPARRAY rows = take(codec, pool, count * sizeof *rows);
    JSAMPROW samples = take(codec, pool, count * stride);
    for (JDIMENSION i = 0; i < count; i++) rows[i] = samples + i * stride;
    return rows;
}

static JBLOCKARRAY take_blocks(j_common_ptr codec, int pool, JDIMENSION width, JDIMENSION count) {
    JBLOCKARRAY rows = take(codec, pool, count * sizeof *rows);
    JBLOCKROW blocks = take(codec, pool, (size_t)count * width * sizeof *blocks);
    for (JDIMENSION i = 0; i < count; i++) rows[i] = blocks + (size_t)i * width;
    return rows;
}

static void give_back(j_common_ptr codec, int pool) {
    jpeg_support *support = support_of(codec);
    support->free_pool(codec, pool);
    if (pool == JPOOL_IMAGE) image_memory_reset(support->memory);
}

void jpeg_support_memory(jpeg_support *support, j_common_ptr codec) {
    struct jpeg_memory_mgr *manager = codec->mem;
    support->free_pool = manager->free_pool;
    manager->alloc_small = take;
    manager->alloc_large = take;
    manager->alloc_sarray = take_rows;
    manager->alloc_barray = take_blocks;
    manager->free_pool = give_back;
}
