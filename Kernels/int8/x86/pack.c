// Packing for AVX2. int8 weights lie in the order of chunks, whose pairs of products fit into 16 bits; int16 weights in pairs of a channel's.

#if defined(__x86_64__)

#include <stddef.h>
#include <string.h>

#include "../kernels.h"
#include "chunks.h"

enum { NONE = 0x80, MOST_SUM = 128, QUAD = ESEG_LANES * 4 };

/// A block's weights, [out][kh][kw][in] from its first channel on.
typedef struct columns {
    const void *weights;
    int int16_weights;
    int channels, kh, kw, in, in_stride;
} columns;

/// A channel's weight of a tap's code; 0 where it has none.
static int16_t weight_at(const columns *c, int channel, int tap, int code) {
    const int x = code / c->in_stride, i = code % c->in_stride;
    if (channel >= c->channels || x >= c->kw || i >= c->in) return 0;
    const size_t at = (((size_t)channel * c->kh + tap) * c->kw + x) * c->in + i;
    return c->int16_weights ? ((const int16_t *)c->weights)[at] : ((const int8_t *)c->weights)[at];
}

/// Up to 16 codes of a tap: their weights, and which have any.
typedef struct group {
    int16_t weights[ESEG_CHUNK_CODES][ESEG_LANES];
    int used[ESEG_CHUNK_CODES];
} group;

static group group_of(const columns *c, int tap, int first, int codes) {
    group g;
    memset(&g, 0, sizeof g);
    for (int i = 0; i < codes; ++i)
        for (int lane = 0; lane < c->channels; ++lane) {
            g.weights[i][lane] = weight_at(c, lane, tap, first + i);
            g.used[i] |= g.weights[i][lane];
        }
    return g;
}

static int fit_together(const group *g, int a, int b) {
    int unfit = 0;
    for (int lane = 0; lane < ESEG_LANES; ++lane) {
        const int16_t sum = (int16_t)(g->weights[a][lane] + g->weights[b][lane]);
        unfit |= sum > MOST_SUM || sum < -MOST_SUM;
    }
    return !unfit;
}

/// Pairs the codes that have weights, those with the fewest possible partners first, each with the partner that has the fewest. Codes without
/// one are alone. Returns how many pairs there are.
static int pair_codes(const group *g, uint8_t pairs[ESEG_CHUNK_CODES][2]) {
    uint32_t partners[ESEG_CHUNK_CODES] = {0}, left = 0;
    for (int a = 0; a < ESEG_CHUNK_CODES; ++a) {
        if (!g->used[a]) continue;
        left |= 1u << a;
        for (int b = 0; b < a; ++b)
            if (g->used[b] && fit_together(g, a, b)) partners[a] |= 1u << b, partners[b] |= 1u << a;
    }
    int count = 0;
    while (left) {
        int chosen[2] = {-1, -1};
        for (int i = 0; i < 2; ++i) {
            int fewest = ESEG_CHUNK_CODES;
            for (int a = 0; a < ESEG_CHUNK_CODES; ++a) {
                const int able = left >> a & 1 && (i == 0 || (partners[chosen[0]] >> a & 1)),
                          choices = __builtin_popcount(partners[a] & left);
                if (able && choices < fewest) chosen[i] = a, fewest = choices;
            }
            if (chosen[i] >= 0) left &= ~(1u << chosen[i]);
        }
        pairs[count][0] = (uint8_t)chosen[0];
        pairs[count++][1] = chosen[1] < 0 ? NONE : (uint8_t)chosen[1];
    }
    return count;
}

/// Appends the chunks of a group, and their weights.
static void add_chunks(const group *g, int tap, int first, eseg_s8_chunks *header, eseg_s8_chunk *chunks, int8_t **weights) {
    uint8_t pairs[ESEG_CHUNK_CODES][2];
    const int count = pair_codes(g, pairs);
    for (int from = 0; from < count; from += 2 * ESEG_CHUNK_QUADS) {
        const int here = count - from < 2 * ESEG_CHUNK_QUADS ? count - from : 2 * ESEG_CHUNK_QUADS;
        eseg_s8_chunk *chunk = &chunks[header->count++];
        *chunk = (eseg_s8_chunk){.tap = tap, .first = first, .quads = (here + 1) / 2};
        memset(chunk->order, NONE, sizeof chunk->order);
        memset(*weights, 0, (size_t)chunk->quads * QUAD);
        for (int i = 0; i < 2 * here; ++i) {
            const int code = pairs[from + i / 2][i % 2];
            if (code == NONE) continue;
            chunk->order[i] = (uint8_t)code;
            for (int lane = 0; lane < ESEG_LANES; ++lane) (*weights)[i / 4 * QUAD + lane * 4 + i % 4] = (int8_t)g->weights[code][lane];
        }
        *weights += (size_t)chunk->quads * QUAD;
    }
}

/// Bytes before a block's weights of 8 bits: two chunks for each group of codes, if all were alone.
static size_t chunks_size(int tap_count, int tap_quads) {
    const size_t groups = (size_t)tap_count * ((tap_quads + ESEG_CHUNK_QUADS - 1) / ESEG_CHUNK_QUADS);
    return (sizeof(eseg_s8_chunks) + 2 * groups * sizeof(eseg_s8_chunk) + 63) & ~(size_t)63;
}

static size_t conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    const size_t doubled = 2 * (size_t)tap_count * tap_quads * QUAD;
    return eseg_blocks(channels) * (int16_weights ? doubled : chunks_size(tap_count, tap_quads) + doubled);
}

/// [kh][pair][16][2].
static void pack_pairs(const columns *c, int tap_quads, int8_t *to) {
    for (int tap = 0; tap < c->kh; ++tap)
        for (int code = 0; code < 4 * tap_quads; code += 2)
            for (int i = 0; i < 2 * ESEG_LANES; ++i, to += sizeof(int16_t)) {
                const int16_t weight = weight_at(c, i / 2, tap, code + i % 2);
                memcpy(to, &weight, sizeof weight);
            }
}

/// Where too many codes are alone, three instructions for a quad of codes are more than four for two pairs of int16.
static void pack_chunks(const columns *c, int tap_quads, int8_t *block) {
    eseg_s8_chunks header = {0, (int32_t)chunks_size(c->kh, tap_quads)};
    eseg_s8_chunk *chunks = (eseg_s8_chunk *)(void *)(block + sizeof header);
    int8_t *const start = block + header.weights, *weights = start;
    for (int tap = 0; tap < c->kh; ++tap)
        for (int first = 0; first < 4 * tap_quads; first += ESEG_CHUNK_CODES) {
            const int left = 4 * tap_quads - first;
            const group g = group_of(c, tap, first, left < ESEG_CHUNK_CODES ? left : ESEG_CHUNK_CODES);
            add_chunks(&g, tap, first, &header, chunks, &weights);
        }
    if (3 * (weights - start) / QUAD > 4 * (ptrdiff_t)c->kh * tap_quads) {
        header.count = ESEG_NO_CHUNKS;
        pack_pairs(c, tap_quads, start);
    }
    memcpy(block, &header, sizeof header);
}

static void pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed) {
    (void)scaling;
    const int tap_quads = (kw * in_stride + 3) / 4;
    const size_t size = conv_size(1, kh, tap_quads, int16_weights), each = (size_t)kh * kw * in;
    for (int o = 0; o < out; o += ESEG_LANES, packed += size) {
        const int channels = out - o < ESEG_LANES ? out - o : ESEG_LANES;
        const int8_t *from = (const int8_t *)weights + o * each * (int16_weights ? sizeof(int16_t) : 1);
        const columns c = {from, int16_weights, channels, kh, kw, in, in_stride};
        (int16_weights ? pack_pairs : pack_chunks)(&c, tap_quads, packed);
    }
}

static size_t depthwise_size(int channels, int kernel) { return eseg_s8_layout_quads.depthwise_size(channels, kernel); }
static void pack_depthwise(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    eseg_s8_layout_quads.depthwise_pack(weights, channels, kernel, scaling, packed);
}

const eseg_s8_layout eseg_s8_layout_avx2 = {conv_size, pack_conv, depthwise_size, pack_depthwise, 0};

#endif
