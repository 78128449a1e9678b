#ifndef ESEG_X86_CHUNKS_H
#define ESEG_X86_CHUNKS_H

#include <stdint.h>

/// Codes of a tap in the order in which AVX2 multiplies them with a block's weights. A pair's products are added up in 16 bits, where they
/// have room if no channel's two weights add up to more than 128, or less than −128: packing finds such partners among 16 codes.
typedef struct eseg_s8_chunk {
    uint8_t order[16];  ///< of the 16 codes from `first` on; 0x80: none
    int32_t tap, first;
    int32_t quads;  ///< of 4 codes, 4 at most
} eseg_s8_chunk;

/// With weights of 8 bits a block's packed weights are this, its chunks, and, from `weights` on, a quad of codes after the other, [16][4]; or,
/// instead of chunks, int16 weights in pairs.
typedef struct eseg_s8_chunks {
    int32_t count, weights;
} eseg_s8_chunks;

enum { ESEG_CHUNK_CODES = 16, ESEG_CHUNK_QUADS = 4, ESEG_NO_CHUNKS = -1 };

#endif
