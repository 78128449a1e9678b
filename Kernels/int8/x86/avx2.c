// AVX2. vpmaddubsw multiplies unsigned and signed bytes and adds up pairs in 16 bits, which saturates: packing pairs codes whose products fit.
// Weights of 16 bits are multiplied by widened codes, and so are a depthwise convolution's.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../kernels.h"
#include "chunks.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_avx2
#define LAYOUT eseg_s8_layout_avx2

enum { PRODUCTS = 2, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

#include "ymm/requantize_tmpl.h"
#include "ymm/tile_tmpl.h"

INLINE __m256i dot(__m256i sum, __m256i codes, __m256i weights) { return _mm256_add_epi32(sum, _mm256_madd_epi16(codes, weights)); }

INLINE __m256i pairs_dot(__m256i sum, __m256i codes, __m256i weights) {
    return dot(sum, _mm256_maddubs_epi16(codes, weights), _mm256_set1_epi16(1));
}

/// Codes that are moved to a tile's own memory at a time.
enum { SEGMENT = 64 };

/// Up to 16 codes of a tap and none behind it, which another thread may be writing.
INLINE __m128i load_codes(const uint8_t *from, int quads) {
    if (quads >= 4) return _mm_loadu_si128((const __m128i *)from);
    if (quads == 1) return _mm_loadu_si32(from);
    const __m128i two = _mm_loadl_epi64((const __m128i *)from);
    int32_t third = 0;
    if (quads == 3) memcpy(&third, from + 8, sizeof third);
    return _mm_insert_epi32(two, third, 2);
}

/// Adds the products of `bytes` bytes of each pixel's codes, 4 at a time: a quad, or a pair of int16. Returns where the next weights are.
INLINE const int8_t *add_rows(const void *rows, size_t row_bytes, int bytes, const int8_t *w, const int is_int16, const int mr,
                              const int nv, __m256i sums[MAX_TILE]) {
    for (int i = 0; i < bytes; i += 4, w += ESEG_LANES * 4) {
        __m256i b[2];
        for (int n = 0; n < nv; ++n) b[n] = _mm256_loadu_si256((const __m256i *)(w + 32 * n));
#pragma unroll
        for (int m = 0; m < mr; ++m) {
            int32_t four;
            memcpy(&four, (const int8_t *)rows + m * row_bytes + i, sizeof four);
            const __m256i a = _mm256_set1_epi32(four);
            for (int n = 0; n < nv; ++n) sums[m * nv + n] = (is_int16 ? dot : pairs_dot)(sums[m * nv + n], a, b[n]);
        }
    }
    return w;
}

/// Puts a chunk's codes of each pixel in order; behind them up to 12 zeros more.
INLINE void order_codes(const tile *t, const eseg_s8_chunk *chunk, int at, const int mr, uint8_t codes[][SEGMENT + 16]) {
    const size_t stride = t->row->pixel_stride;
    const uint8_t *from = t->row->taps[chunk->tap] + t->pixel * stride + chunk->first;
    const __m128i order = _mm_loadu_si128((const __m128i *)chunk->order);
    const int quads = t->row->tap_quads - chunk->first / 4;
    for (int m = 0; m < mr; ++m, from += stride)
        _mm_storeu_si128((__m128i *)(codes[m] + at), _mm_shuffle_epi8(load_codes(from, quads), order));
}

INLINE void add_chunks(const tile *t, const eseg_s8_chunks *header, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    uint8_t codes[MAX_TILE][SEGMENT + 16];
    const eseg_s8_chunk *chunk = (const eseg_s8_chunk *)(const void *)(header + 1), *end = chunk + header->count;
    const int8_t *w = t->weights + header->weights;
    while (chunk < end) {
        int count = 0;
        for (; chunk < end && count < SEGMENT; count += 4 * chunk++->quads) order_codes(t, chunk, count, mr, codes);
        w = add_rows(codes, sizeof codes[0], count, w, 0, mr, nv, sums);
    }
}

/// Widens the codes of each pixel's tap from `first` to `end`; behind them up to 12 zeros more.
INLINE void widen(const tile *t, int tap, int first, int end, const int mr, int16_t wide[][SEGMENT]) {
    const size_t stride = t->row->pixel_stride;
    const uint8_t *from = t->row->taps[tap] + t->pixel * stride + first;
    for (int m = 0; m < mr; ++m, from += stride)
        for (int i = 0; i < end - first; i += 16) {
            const __m256i codes = _mm256_cvtepu8_epi16(load_codes(from + i, (end - first - i) / 4));
            _mm256_store_si256((__m256i *)(wide[m] + i), codes);
        }
}

INLINE void add_int16_products(const tile *t, const int8_t *w, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    _Alignas(32) int16_t wide[MAX_TILE][SEGMENT];
    const int taps = t->row->tap_count, codes = 4 * t->row->tap_quads;
    for (int tap = 0; tap < taps; ++tap)
        for (int first = 0; first < codes; first += SEGMENT) {
            const int count = codes - first < SEGMENT ? codes - first : SEGMENT;
            widen(t, tap, first, first + count, mr, wide);
            w = add_rows(wide, sizeof wide[0], count * (int)sizeof wide[0][0], w, 1, mr, nv, sums);
        }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, __m256i sums[MAX_TILE]) {
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = _mm256_loadu_si256((const __m256i *)(t->row->scaling.bias + t->channel + LANES * (i % nv)));
    const eseg_s8_chunks *header = (const eseg_s8_chunks *)(const void *)t->weights;
    if (!t->row->int16_weights && header->count != ESEG_NO_CHUNKS) add_chunks(t, header, mr, nv, sums);
    else add_int16_products(t, t->weights + (t->row->int16_weights ? 0 : header->weights), mr, nv, sums);
}

#define PIECES(KERNEL) (((KERNEL) + 1) / 2)
enum { MOST_PIECES = PIECES(ESEG_S8_DEPTHWISE_KERNEL) };

/// Two slots of one group each, or the last one: a kernel's rows lie in slots side by side, so that an odd number of slots is used in one
/// group alone.
typedef struct pieces {
    size_t offset[MOST_PIECES];       ///< of the group
    __m256i codes[MOST_PIECES];       ///< shuffle each channel's 4 codes: two become int16
    int groups[MOST_PIECES][2];       ///< of the rows' weights …
    __m256i weights[MOST_PIECES][2];  ///< … of which these shuffles move one to the high byte of an int16
} pieces;

enum { NO_BYTE = 0x80 };

/// Shuffles the bytes of each channel alike.
INLINE __m256i shuffle_of(int byte0, int byte1, int byte2, int byte3) {
    const __m256i channels = _mm256_broadcastsi128_si256(_mm_setr_epi32(0, 0x04040404, 0x08080808, 0x0C0C0C0C));
    return _mm256_add_epi8(channels, _mm256_set1_epi32(byte0 | byte1 << 8 | byte2 << 16 | (int)((unsigned)byte3 << 24)));
}

INLINE pieces pieces_of(const eseg_s8_depthwise_row *row, const int kernel) {
    const int groups = (kernel + 3) / 4;
    pieces p;
    for (int group = 0, k = 0; group < groups; ++group) {
        int slots[4], rows[4], used = 0;
        for (int slot = 0; slot < 4; ++slot) {
            const int at = (4 * group + slot + 4 * groups - row->first_slot) % (4 * groups);
            if (at < kernel) slots[used] = slot, rows[used++] = at;
        }
        for (int i = 0; i < used; i += 2, ++k) {
            const int pair = i + 1 < used;
            p.offset[k] = group * row->group_stride;
            p.codes[k] = shuffle_of(slots[i], NO_BYTE, pair ? slots[i + 1] : NO_BYTE, NO_BYTE);
            p.groups[k][0] = rows[i] / 4;
            p.weights[k][0] = shuffle_of(NO_BYTE, rows[i] % 4, NO_BYTE, NO_BYTE);
            p.groups[k][1] = pair ? rows[i + 1] / 4 : 0;
            p.weights[k][1] = shuffle_of(NO_BYTE, NO_BYTE, NO_BYTE, pair ? rows[i + 1] % 4 : NO_BYTE);
        }
    }
    return p;
}

INLINE __m256i piece_weights(const pieces *slots, int piece, const int8_t *packed, const int groups) {
    (void)groups;
    __m256i row[2];
    for (int i = 0; i < 2; ++i) {
        const __m256i rows = _mm256_loadu_si256((const __m256i *)(packed + 64 * slots->groups[piece][i]));
        row[i] = _mm256_shuffle_epi8(rows, slots->weights[piece][i]);
    }
    return _mm256_srai_epi16(_mm256_or_si256(row[0], row[1]), 8);
}

typedef struct ring_piece {
    size_t offset;
    __m256i codes;
} ring_piece;

INLINE ring_piece ring_piece_of(const pieces *slots, int piece) { return (ring_piece){slots->offset[piece], slots->codes[piece]}; }

INLINE __m256i piece_codes(const ring_piece *piece, const uint8_t *ring) {
    return _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(ring + piece->offset)), piece->codes);
}

#include "ymm/kernels_tmpl.h"

#pragma clang attribute pop

#endif
