#ifndef IMAGE_CODECS_MEMORY_H
#define IMAGE_CODECS_MEMORY_H

#include "image_codecs.h"

/// 64-byte aligned bytes that stay until `image_memory_reset`, or NULL where there are no more.
void *image_memory_take(image_memory *memory, size_t bytes);

/// Takes everything back at once. Nothing goes to the system, so that an image like the one before needs nothing from it.
void image_memory_reset(image_memory *memory);

#endif
