#ifndef IMAGE_CODECS_JPEG_CODEC_H
#define IMAGE_CODECS_JPEG_CODEC_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
#include <jerror.h>

#include "memory.h"

/// What a libjpeg object of either direction needs from us: where its errors go and where it takes memory.
typedef struct jpeg_support {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
    char *message;
    image_memory *memory;
    void (*free_pool)(j_common_ptr codec, int pool);
} jpeg_support;

/// The manager to set as `codec->err` before anything else; errors jump to `escape` and leave their reason in `message`.
struct jpeg_error_mgr *jpeg_support_errors(jpeg_support *support);

/// Leaves the library's own memory management, which asks the system again for every image, to what it has allocated so far; from now on
/// it takes from `memory`, all of which goes back with the image.
void jpeg_support_memory(jpeg_support *support, j_common_ptr codec);

/// Ends with a reason of ours.
_Noreturn void jpeg_support_fail(j_common_ptr codec, const char *reason);

#endif
