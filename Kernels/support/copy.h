#ifndef ESEG_COPY_H
#define ESEG_COPY_H

#include <stddef.h>
#include <string.h>

/// Copies a pixel's bytes: too few for memcpy to be worth a call.
static inline void copy_pixel(void *restrict to, const void *restrict from, size_t bytes) {
    char *out = to;
    const char *in = from;
    if (bytes >= 16) {
        for (size_t i = 0; i + 16 <= bytes; i += 16) memcpy(out + i, in + i, 16);
        memcpy(out + bytes - 16, in + bytes - 16, 16);
    } else if (bytes >= 8) {
        memcpy(out, in, 8);
        memcpy(out + bytes - 8, in + bytes - 8, 8);
    } else if (bytes >= 4) {
        memcpy(out, in, 4);
        memcpy(out + bytes - 4, in + bytes - 4, 4);
    } else {
        for (size_t i = 0; i < bytes; ++i) out[i] = in[i];
    }
}

#endif
