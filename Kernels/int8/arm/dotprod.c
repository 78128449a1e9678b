// Dotprod: sdot adds the products of 4 signed bytes to each of 4 sums. Codes enter as codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../kernels.h"

// Scheduled for a core that issues in order: others find instructions to issue in any schedule.
#pragma clang attribute push(__attribute__((target("dotprod,tune=cortex-a55"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_dotprod
#define SLIDES 1
#define RING_FLIP ESEG_S8_SIGNED_FLIP
#define RECTIFIED ESEG_LANES
#define IN_ORDER_OF_SUMS(EPILOGUE) (EPILOGUE).multiplier
#define RECTIFIED_NAMES rectified_1, rectified_2, rectified_3, rectified_4, rectified_5
#define RECTIFIED_TILES RECTIFIED_TILE(1) RECTIFIED_TILE(2) RECTIFIED_TILE(3) RECTIFIED_TILE(4) RECTIFIED_TILE(5) SCALED_TILE(5)
#define SCALED_NAMES tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, scaled_5
#define LAYOUT eseg_s8_layout_dotprod
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4
#define TILES  \
    TILE(1, 2) \
    TILE(2, 2) \
    TILE(3, 2) \
    TILE(4, 2) \
    TILE(5, 2) \
    TILE(6, 2) \
    TILE(7, 2) \
    TILE(8, 2) \
    TILE(1, 4) \
    TILE(2, 4) \
    TILE(3, 4) \
    TILE(4, 4) \
    TILE(5, 4)

#include "rectified.h"

enum {
    HEADER = ESEG_LANES * sizeof(int32_t) + ESEG_S8_RECTIFIED_SIZE(RECTIFIED),
    DEPTHWISE_HEADER = HEADER,
    ASSEMBLED_PIXELS = 5,
    PEAK_CHAINS = 16,
};

#include "q/requantize_tmpl.h"
#include "q/tile_tmpl.h"
#include "q/rectify_tmpl.h"

typedef int8x16_t codes16x8;

INLINE int8x16_t ring_operand(uint8x16_t codes) { return vreinterpretq_s8_u8(codes); }

INLINE int8x16_t operand_of(uint8x16_t codes) { return vreinterpretq_s8_u8(veorq_u8(codes, vdupq_n_u8(0x80))); }

INLINE int32x4_t dot(int32x4_t sum, int8x16_t codes, int8x16_t weights) { return vdotq_s32(sum, weights, codes); }

/// The same with quad `k` of the codes.
INLINE int32x4_t dot_quad(int32x4_t sum, int8x16_t codes, int8x16_t weights, const int k) {
    switch (k) {
    case 0: return vdotq_laneq_s32(sum, weights, codes, 0);
    case 1: return vdotq_laneq_s32(sum, weights, codes, 1);
    case 2: return vdotq_laneq_s32(sum, weights, codes, 2);
    default: return vdotq_laneq_s32(sum, weights, codes, 3);
    }
}

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    return vaddq_s32(vld1q_s32((const int32_t *)block + lane), vld1q_s32(bias));
}

INLINE void set_start(tile *t, const int8_t *block) {
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; LANES * n < ESEG_LANES - lane; ++n)
        t->start[n] = start_of(block, lane + LANES * n, t->row->scaling.bias + t->channel + LANES * n);
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_s8_conv_row *row = t->row;
    t->weights = block + HEADER + 4 * (t->channel % ESEG_LANES);
    t->plane = row->int16_weights ? (size_t)row->tap_count * row->tap_quads * 4 * ESEG_LANES : 0;
}

/// Products of the next `quads` quads of a tap, 4 at most.
INLINE void add_quads(const uint8_t *const codes[], size_t at, const int8_t *w, const int quads, const int mr, const int nv,
                      int32x4_t sums[MAX_TILE]) {
    int8x16_t a[MAX_PIXELS];
    for (int m = 0; m < mr; ++m) a[m] = operand_of(vld1q_u8(codes[m] + at));
#pragma unroll
    for (int k = 0; k < quads; ++k)
        for (int n = 0; n < nv; ++n) {
            const int8x16_t b = vld1q_s8(w + 4 * ESEG_LANES * k + 16 * n);
            for (int m = 0; m < mr; ++m) sums[m * nv + n] = dot_quad(sums[m * nv + n], a[m], b, k);
        }
}

#include "assembly/conv_dotprod_tmpl.h"

INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int quads = t->row->tap_quads;
    const uint8_t *codes[MAX_PIXELS];
    for (int tap = 0; tap < t->row->tap_count; ++tap, w += (size_t)quads * 4 * ESEG_LANES) {
        pixel_codes(t, tap, mr, codes);
        int q = 0;
        for (; q + 4 <= quads; q += 4) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 4, mr, nv, sums);
        if (quads & 2) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 2, mr, nv, sums);
        q += quads & 2;
        if (quads & 1) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 1, mr, nv, sums);
    }
}

INLINE void accumulate_5x4(const tile *t, int32x4_t sums[MAX_TILE]) {
    const eseg_s8_conv_row *row = t->row;
    const span taps = span_of(t);
    assembled_products(&taps, t->weights, row->int16_weights ? t->plane : 0, (const int32_t *)t->start, 5, sums);
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    if (mr == 5 && nv == 4) {
        accumulate_5x4(t, sums);
        return;
    }
    begin_sums(t, mr, nv, sums);
    if (t->row->int16_weights) {
        int32x4_t start[MAX_TILE];
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = vdupq_n_s32(0);
        add_products(t, t->weights, mr, nv, sums);
        begin_sums(t, mr, nv, start);
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = vaddq_s32(vshlq_n_s32(sums[i], 8), start[i]);
    }
    add_products(t, t->weights + t->plane, mr, nv, sums);
}

#include "q/kernels_tmpl.h"

int64_t KERNEL(peak)(int64_t rounds) {
    static volatile int8_t sink;
    int32x4_t sums[PEAK_CHAINS];
    for (int i = 0; i < PEAK_CHAINS; ++i) sums[i] = vdupq_n_s32(i);
    const int8x16_t codes = vdupq_n_s8(sink), weights = vdupq_n_s8((int8_t)(sink + 1));
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < PEAK_CHAINS; ++i) {
            sums[i] = dot(sums[i], codes, weights);
            __asm__ volatile("" : "+w"(sums[i]));
        }
    for (int i = 1; i < PEAK_CHAINS; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
    sink = (int8_t)vgetq_lane_s32(sums[0], 0);
    return rounds * PEAK_CHAINS * 16;
}

#pragma clang attribute pop

#endif
