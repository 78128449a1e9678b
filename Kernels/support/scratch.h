#ifndef ESEG_SUPPORT_SCRATCH_H
#define ESEG_SUPPORT_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

/// Hands out aligned pieces of a block of memory; with `base` NULL it only counts.
typedef struct scratch {
    uint8_t *base;
    size_t used;
} scratch;

static inline void *scratch_take(scratch *s, size_t bytes) {
    size_t at = s->used;
    s->used += (bytes + 63) & ~(size_t)63;
    return s->base ? s->base + at : NULL;
}

/// Of equal parts of `bytes` behind what has been taken, the one with that index.
static inline scratch scratch_part(const scratch *s, int index, size_t bytes) { return (scratch){s->base + s->used + index * bytes, 0}; }

#endif
