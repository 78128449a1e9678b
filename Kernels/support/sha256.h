#ifndef ESEG_SUPPORT_SHA256_H
#define ESEG_SUPPORT_SHA256_H

#include "eseg_sha256.h"

/// Adds `count` blocks to a state.
typedef void (*eseg_sha256_blocks)(uint32_t state[8], const uint8_t *blocks, size_t count);

/// FIPS 180-4, 4.2.2.
extern const uint32_t eseg_sha256_constants[64];

void eseg_sha256_blocks_scalar(uint32_t state[8], const uint8_t *blocks, size_t count);

/// By the CPU's own instructions, where it has them.
eseg_sha256_blocks eseg_sha256_best_blocks(void);

#endif
