#include "sha256.h"

#include <string.h>

const uint32_t eseg_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate_right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t state[8], const uint8_t block[64]) {
    uint32_t w[64];
    for (int i = 0; i < 16; ++i)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; ++i) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10);
    }
    uint32_t s[8];
    memcpy(s, state, sizeof s);
    // Instead of moving all eight words each round, round i takes them turned by i.
    for (int round = 0; round < 64; round += 8)
#pragma unroll
        for (int i = 0; i < 8; ++i) {
#define WORD(n) s[(n - i) & 7]
            uint32_t t1 = WORD(7) + (rotate_right(WORD(4), 6) ^ rotate_right(WORD(4), 11) ^ rotate_right(WORD(4), 25)) +
                          ((WORD(4) & WORD(5)) ^ (~WORD(4) & WORD(6))) + eseg_sha256_constants[round + i] + w[round + i];
            uint32_t t2 = (rotate_right(WORD(0), 2) ^ rotate_right(WORD(0), 13) ^ rotate_right(WORD(0), 22)) +
                          ((WORD(0) & WORD(1)) ^ (WORD(0) & WORD(2)) ^ (WORD(1) & WORD(2)));
            WORD(3) += t1;
            WORD(7) = t1 + t2;
#undef WORD
        }
    for (int i = 0; i < 8; ++i) state[i] += s[i];
}

void eseg_sha256_blocks_scalar(uint32_t state[8], const uint8_t *blocks, size_t count) {
    for (; count > 0; --count, blocks += ESEG_SHA256_BLOCK) compress(state, blocks);
}

void eseg_sha256_init(eseg_sha256 *hash) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
    hash->blocks = eseg_sha256_best_blocks();
}

void eseg_sha256_update(eseg_sha256 *hash, const void *bytes, size_t count) {
    if (!count) return;
    const uint8_t *p = bytes;
    const size_t used = hash->length % ESEG_SHA256_BLOCK;
    hash->length += count;
    if (used) {
        const size_t take = ESEG_SHA256_BLOCK - used < count ? ESEG_SHA256_BLOCK - used : count;
        memcpy(hash->block + used, p, take);
        if (used + take < ESEG_SHA256_BLOCK) return;
        hash->blocks(hash->state, hash->block, 1);
        p += take;
        count -= take;
    }
    const size_t whole = count / ESEG_SHA256_BLOCK;
    hash->blocks(hash->state, p, whole);
    if (count % ESEG_SHA256_BLOCK) memcpy(hash->block, p + whole * ESEG_SHA256_BLOCK, count % ESEG_SHA256_BLOCK);
}

void eseg_sha256_final(eseg_sha256 *hash, uint8_t digest[32]) {
    static const uint8_t padding[64] = {0x80};
    uint64_t bits = hash->length * 8;
    uint8_t length[8];
    for (int i = 0; i < 8; ++i) length[i] = (uint8_t)(bits >> (56 - 8 * i));
    eseg_sha256_update(hash, padding, 1 + (119 - hash->length % 64) % 64);
    eseg_sha256_update(hash, length, 8);
    for (int i = 0; i < 32; ++i) digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}
