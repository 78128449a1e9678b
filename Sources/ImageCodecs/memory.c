#include <stdlib.h>

#include "memory.h"

enum { ALIGNMENT = 64, FIRST_CHUNK = 1 << 16 };

typedef struct chunk {
    struct chunk *next;
    size_t capacity;
    _Alignas(ALIGNMENT) unsigned char bytes[];
} chunk;

/// Bytes are taken from the first chunk; the others are full.
struct image_memory {
    chunk *chunks;
    size_t used, capacity;
};

image_memory *image_memory_new(void) { return calloc(1, sizeof(image_memory)); }

static void free_chunks(image_memory *memory) {
    while (memory->chunks) {
        chunk *next = memory->chunks->next;
        free(memory->chunks);
        memory->chunks = next;
    }
}

void image_memory_free(image_memory *memory) {
    if (!memory) return;
    free_chunks(memory);
    free(memory);
}

static int add_chunk(image_memory *memory, size_t bytes) {
    size_t capacity = memory->capacity > bytes ? memory->capacity : bytes;
    if (capacity < FIRST_CHUNK) capacity = FIRST_CHUNK;
    chunk *added = aligned_alloc(ALIGNMENT, sizeof(chunk) + capacity);
    if (!added) return 0;
    *added = (chunk){memory->chunks, capacity};
    memory->chunks = added;
    memory->capacity += capacity;
    memory->used = 0;
    return 1;
}

void *image_memory_take(image_memory *memory, size_t bytes) {
    if (bytes > SIZE_MAX / 4) return NULL;
    bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!memory->chunks || bytes > memory->chunks->capacity - memory->used)
        if (!add_chunk(memory, bytes)) return NULL;
    void *taken = memory->chunks->bytes + memory->used;
    memory->used += bytes;
    return taken;
}

void image_memory_reset(image_memory *memory) {
    memory->used = 0;
    if (!memory->chunks || !memory->chunks->next) return;
    // One chunk of the size of all, the next time: then nothing is added again.
    size_t capacity = memory->capacity;
    free_chunks(memory);
    memory->capacity = 0;
    add_chunk(memory, capacity);
}
