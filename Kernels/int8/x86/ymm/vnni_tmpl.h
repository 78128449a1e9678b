// vpdpbusd on 256 bits. The file that includes this has set the target and defined DPBUSD, the intrinsic in that target's encoding.

#define INLINE static inline __attribute__((always_inline))
#define LAYOUT eseg_s8_layout_quads

enum { PRODUCTS = 4, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

#include "requantize_tmpl.h"
#include "tile_tmpl.h"

INLINE __m256i dot(__m256i sum, __m256i codes, __m256i weights) { return DPBUSD(sum, codes, weights); }

INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    const eseg_s8_conv_row *row = t->row;
    const size_t stride = row->pixel_stride;
    for (int tap = 0; tap < row->tap_count; ++tap) {
        const uint8_t *a[4];
        for (int i = 0; i < (mr + 2) / 3; ++i) a[i] = row->taps[tap] + (t->pixel + 3 * i) * stride;
        for (int q = 0; q < row->tap_quads; ++q, w += ESEG_LANES * 4) {
            __m256i b[2];
            for (int n = 0; n < nv; ++n) b[n] = _mm256_loadu_si256((const __m256i *)(w + 32 * n));
            for (int m = 0; m < mr; ++m) {
                int32_t quad;
                memcpy(&quad, a[m / 3] + m % 3 * stride, 4);
                const __m256i codes = _mm256_set1_epi32(quad);
                for (int n = 0; n < nv; ++n) sums[m * nv + n] = dot(sums[m * nv + n], codes, b[n]);
            }
            for (int i = 0; i < (mr + 2) / 3; ++i) a[i] += 4;
        }
    }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    const size_t plane = t->row->int16_weights ? (size_t)t->row->tap_count * t->row->tap_quads * ESEG_LANES * 4 : 0;
    __m256i bias[2];
    for (int n = 0; n < nv; ++n) bias[n] = _mm256_loadu_si256((const __m256i *)(t->row->scaling.bias + t->channel + LANES * n));
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = bias[i % nv];
    if (t->row->int16_weights) {
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = _mm256_setzero_si256();
        add_products(t, t->weights, mr, nv, sums);
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = _mm256_add_epi32(_mm256_slli_epi32(sums[i], 8), bias[i % nv]);
    }
    add_products(t, t->weights + plane, mr, nv, sums);
}

#define PIECES(KERNEL) (((KERNEL) + 3) / 4)
enum { MOST_PIECES = PIECES(ESEG_S8_DEPTHWISE_KERNEL) };

/// Groups of a ring's slots, and by how many slots weights turn.
typedef struct pieces {
    size_t group_stride;
    int first_group;
    __m128i left, right;
} pieces;

INLINE pieces pieces_of(const eseg_s8_depthwise_row *row, const int kernel) {
    (void)kernel;
    const int turn = 8 * (row->first_slot % 4);
    return (pieces){row->group_stride, row->first_slot / 4, _mm_cvtsi32_si128(turn), _mm_cvtsi32_si128(32 - turn)};
}

/// A column's weights. What leaves a group of slots at its end enters the next one.
INLINE __m256i piece_weights(const pieces *slots, int piece, const int8_t *packed, const int groups) {
    const int group = (piece + groups - slots->first_group) % groups, before = (group + groups - 1) % groups;
    const __m256i rows = _mm256_loadu_si256((const __m256i *)(packed + 64 * group));
    const __m256i rows_before = _mm256_loadu_si256((const __m256i *)(packed + 64 * before));
    return _mm256_or_si256(_mm256_sll_epi32(rows, slots->left), _mm256_srl_epi32(rows_before, slots->right));
}

typedef struct ring_piece {
    size_t offset;
} ring_piece;

INLINE ring_piece ring_piece_of(const pieces *slots, int piece) { return (ring_piece){piece * slots->group_stride}; }

INLINE __m256i piece_codes(const ring_piece *piece, const uint8_t *ring) {
    return _mm256_loadu_si256((const __m256i *)(ring + piece->offset));
}

#include "kernels_tmpl.h"
