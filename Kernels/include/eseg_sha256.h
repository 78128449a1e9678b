#ifndef ESEG_SHA256_H
#define ESEG_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { ESEG_SHA256_BLOCK = 64 };

/// A running SHA-256 (FIPS 180-4). Start with eseg_sha256_init.
typedef struct eseg_sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[ESEG_SHA256_BLOCK];
    void (*blocks)(uint32_t state[8], const uint8_t *blocks, size_t count);  ///< adds whole blocks, by what the CPU has
} eseg_sha256;

void eseg_sha256_init(eseg_sha256 *hash);
void eseg_sha256_update(eseg_sha256 *hash, const void *bytes, size_t count);
/// Writes the digest of all bytes so far; `hash` must be initialized again before further use.
void eseg_sha256_final(eseg_sha256 *hash, uint8_t digest[32]);

#endif
