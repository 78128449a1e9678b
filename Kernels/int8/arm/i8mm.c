// I8mm: usmmla adds the products of 8 codes of 2 pixels and 8 weights of 2 channels to 2 × 2 sums; usdot serves depthwise columns. Codes
// enter as they are.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../kernels.h"

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_i8mm
#define SLIDES 1
#define LAYOUT eseg_s8_layout_i8mm
#define SQUARES 1
#define RECTIFIED (2 * ESEG_LANES)
#define RECTIFIED_NAMES rectified_1, rectified_2, rectified_3, rectified_4, rectified_5, rectified_6
#define RECTIFIED_TILES \
    RECTIFIED_TILE(1)   \
    RECTIFIED_TILE(2) RECTIFIED_TILE(3) RECTIFIED_TILE(4) RECTIFIED_TILE(5) RECTIFIED_TILE(6) SCALED_TILE(5) SCALED_TILE(6)
#define SCALED_NAMES tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, scaled_5, scaled_6
#define IN_ORDER_OF_SUMS(EPILOGUE) (EPILOGUE).square
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4, tiles_6x4
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
    TILE(5, 4) \
    TILE(6, 4)

#include "rectified.h"

enum {
    HEADER = ESEG_S8_RECTIFIED_SIZE(RECTIFIED),
    DEPTHWISE_HEADER = ESEG_S8_RECTIFIED_SIZE(ESEG_LANES),
    ASSEMBLED_PIXELS = 5,
    PEAK_CHAINS = 16,
};

#include "q/requantize_tmpl.h"
#include "q/tile_tmpl.h"
#include "q/rectify_tmpl.h"

typedef uint8x16_t codes16x8;

INLINE uint8x16_t ring_operand(uint8x16_t codes) { return codes; }

INLINE int32x4_t dot(int32x4_t sum, uint8x16_t codes, int8x16_t weights) { return vusdotq_s32(sum, codes, weights); }

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    (void)block, (void)lane;
    return vld1q_s32(bias);
}

INLINE void set_start(tile *t, const int8_t *block) {
    (void)block;
    for (int n = 0; LANES * n < ESEG_LANES - t->channel % ESEG_LANES; ++n) {
        const int64x2_t bias = vreinterpretq_s64_s32(vld1q_s32(t->row->scaling.bias + t->channel + LANES * n));
        t->start[2 * n] = vreinterpretq_s32_s64(vdupq_laneq_s64(bias, 0));
        t->start[2 * n + 1] = vreinterpretq_s32_s64(vdupq_laneq_s64(bias, 1));
    }
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_s8_conv_row *row = t->row;
    t->weights = block + HEADER + 8 * (t->channel % ESEG_LANES);
    t->plane = row->int16_weights ? (size_t)row->tap_count * ((row->tap_quads + 1) / 2) * 8 * ESEG_LANES : 0;
}

INLINE uint8x16_t first_halves(uint8x16_t a, uint8x16_t b) {
    return vreinterpretq_u8_u64(vzip1q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

INLINE uint8x16_t second_halves(uint8x16_t a, uint8x16_t b) {
    return vreinterpretq_u8_u64(vzip2q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

/// Products of 8 codes of each pixel: `codes` of two pixels each, sums of 2 pixels × 2 channels.
INLINE void add_eight(const uint8x16_t codes[], const int8_t *w, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    for (int n = 0; n < 2 * nv; ++n) {
        const int8x16_t b = vld1q_s8(w + 16 * n);
        for (int m = 0; m < (mr + 1) / 2; ++m) squares[2 * nv * m + n] = vusmmlaq_s32(squares[2 * nv * m + n], codes[m], b);
    }
}

#include "assembly/conv_i8mm_tmpl.h"

/// An odd tile's last pixel stands for the one behind it.
INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    const int eights = (t->row->tap_quads + 1) / 2;
    const uint8_t *codes[MAX_PIXELS];
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        pixel_codes(t, tap, mr, codes);
        size_t at = 0;
        for (int e = 0; e + 2 <= eights; e += 2, at += 16, w += 16 * ESEG_LANES) {
            uint8x16_t first[MAX_PIXELS / 2], second[MAX_PIXELS / 2];
            for (int m = 0; m < mr; m += 2) {
                const uint8x16_t a = vld1q_u8(codes[m] + at), b = m + 1 < mr ? vld1q_u8(codes[m + 1] + at) : a;
                first[m / 2] = first_halves(a, b);
                second[m / 2] = second_halves(a, b);
            }
            add_eight(first, w, mr, nv, squares);
            add_eight(second, w + 8 * ESEG_LANES, mr, nv, squares);
        }
        if (eights % 2 == 0) continue;
        uint8x16_t last[MAX_PIXELS / 2];
        for (int m = 0; m < mr; m += 2) last[m / 2] = vcombine_u8(vld1_u8(codes[m] + at), vld1_u8(codes[m + 1 < mr ? m + 1 : m] + at));
        add_eight(last, w, mr, nv, squares);
        w += 8 * ESEG_LANES;
    }
}

INLINE void squares_6x4(const tile *t, const int mr, int32x4_t squares[MAX_TILE]) {
    const eseg_s8_conv_row *row = t->row;
    const span taps = span_of(t);
    assembled_products(&taps, t->weights, row->int16_weights ? t->plane : 0, (const int32_t *)t->start, mr, squares);
}

INLINE void squares_of(const tile *t, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    const int pairs = (mr + 1) / 2, count = pairs * 2 * nv;
    begin_sums(t, pairs, 2 * nv, squares);
    if (t->row->int16_weights) {
        int32x4_t start[MAX_TILE];
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vdupq_n_s32(0);
        add_products(t, t->weights, mr, nv, squares);
        begin_sums(t, pairs, 2 * nv, start);
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vaddq_s32(vshlq_n_s32(squares[i], 8), start[i]);
    }
    add_products(t, t->weights + t->plane, mr, nv, squares);
}

/// Leaves squares.
INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    if (mr >= 5 && nv == 4) squares_6x4(t, mr, squares);
    else squares_of(t, mr, nv, squares);
}

/// Squares to sums of each pixel.
INLINE void separate(int32x4_t sums[MAX_TILE], const int mr, const int nv) {
    int32x4_t squares[MAX_TILE];
#pragma unroll
    for (int i = 0; i < (mr + 1) / 2 * 2 * nv; ++i) squares[i] = sums[i];
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) {
        const int32x4_t *s = squares + i / nv / 2 * 2 * nv + i % nv * 2;
        const int64x2_t a = vreinterpretq_s64_s32(s[0]), b = vreinterpretq_s64_s32(s[1]);
        sums[i] = vreinterpretq_s32_s64(i / nv % 2 ? vzip2q_s64(a, b) : vzip1q_s64(a, b));
    }
}

#include "q/kernels_tmpl.h"

int64_t KERNEL(peak)(int64_t rounds) {
    static volatile int8_t sink;
    int32x4_t sums[PEAK_CHAINS];
    for (int i = 0; i < PEAK_CHAINS; ++i) sums[i] = vdupq_n_s32(i);
    const uint8x16_t codes = vdupq_n_u8((uint8_t)sink);
    const int8x16_t weights = vdupq_n_s8((int8_t)(sink + 1));
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < PEAK_CHAINS; ++i) {
            sums[i] = vusmmlaq_s32(sums[i], codes, weights);
            __asm__ volatile("" : "+w"(sums[i]));
        }
    for (int i = 1; i < PEAK_CHAINS; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
    sink = (int8_t)vgetq_lane_s32(sums[0], 0);
    return rounds * PEAK_CHAINS * 32;
}

#pragma clang attribute pop

#endif
