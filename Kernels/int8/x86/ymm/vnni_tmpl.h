// vpdpbusd on 256 bits. The file that includes this has set the target and defined DPBUSD, the intrinsic in that target's encoding.

#define INLINE static inline __attribute__((always_inline))
#define LAYOUT eseg_s8_layout_quads

enum { PARTS = 1, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

#include "requantize_tmpl.h"
#include "tile_tmpl.h"

/// Factors of dot products of 4 bytes in each of 8 lanes.
typedef struct factors {
    __m256i part[PARTS];
} factors;

INLINE factors code_factors(__m256i codes) { return (factors){{codes}}; }

INLINE factors weight_factors(__m256i weights) { return (factors){{weights}}; }

INLINE __m256i dot(__m256i sum, factors codes, factors weights) { return DPBUSD(sum, codes.part[0], weights.part[0]); }

INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, __m256i sums[MAX_TILE]) {
    const eseg_s8_conv_row *row = t->row;
    const size_t stride = row->pixel_stride;
    for (int tap = 0; tap < row->tap_count; ++tap) {
        const uint8_t *a[4];
        for (int i = 0; i < (mr + 2) / 3; ++i) a[i] = row->taps[tap] + (t->pixel + 3 * i) * stride;
        for (int q = 0; q < row->tap_quads; ++q, w += ESEG_LANES * 4) {
            factors b[2];
            for (int n = 0; n < nv; ++n) b[n] = weight_factors(_mm256_loadu_si256((const __m256i *)(w + 32 * n)));
            for (int m = 0; m < mr; ++m) {
                int32_t quad;
                memcpy(&quad, a[m / 3] + m % 3 * stride, 4);
                const factors codes = code_factors(_mm256_set1_epi32(quad));
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

#include "kernels_tmpl.h"
