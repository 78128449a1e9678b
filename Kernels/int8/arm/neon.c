// Plain NEON. The products of 8 signed bytes, added once, fit into int16 (2 · 128 · 127), whose pairs then add to sums. A pair is of one
// channel: two codes, in every lane, meet two weights of each of 8 channels, so that sums need no adding up at the end. Codes enter as
// codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../kernels.h"
#include "rectified.h"

// Scheduled for a core that issues in order: others find instructions to issue in any schedule.
#pragma clang attribute push(__attribute__((target("tune=cortex-a53"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s8_##NAME##_neon
#define LAYOUT eseg_s8_layout_neon
#define GATHERED_BYTES(ROW, BLOCK_SIZE) ((ROW)->int16_weights ? *(const int32_t *)(const void *)((ROW)->weights + (BLOCK_SIZE)-16) : 0)
#define RING_FLIP ESEG_S8_SIGNED_FLIP
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4
#define TILES_6 tiles_1x6, tiles_2x6
#define TILES_8 tiles_1x8, tiles_2x8
#define TILES  \
    TILE(1, 2) \
    TILE(2, 2) \
    TILE(3, 2) \
    TILE(4, 2) \
    TILE(1, 4) \
    TILE(2, 4) \
    TILE(3, 4) \
    TILE(4, 4)

enum {
    HEADER = ESEG_LANES * sizeof(int32_t),
    DEPTHWISE_HEADER = HEADER + ESEG_S8_RECTIFIED_SIZE(ESEG_LANES),
    PEAK_CHAINS = 8,
};

#include "q/requantize_tmpl.h"
#include "q/rectified_codes_tmpl.h"
#include "q/tile_tmpl.h"

INLINE int8x16_t ring_operand(uint8x16_t codes) { return vreinterpretq_s8_u8(codes); }

INLINE int32x4_t dot(int32x4_t sum, int8x16_t codes, int8x16_t weights) {
    const int16x8_t low = vmull_s8(vget_low_s8(codes), vget_low_s8(weights)), high = vmull_high_s8(codes, weights);
    return vaddq_s32(sum, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
}

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    return vaddq_s32(vld1q_s32((const int32_t *)block + lane), vld1q_s32(bias));
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_s8_conv_row *row = t->row;
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; n < 4 && LANES * n < ESEG_LANES - lane; ++n) {
        const int32_t *bias = row->scaling.bias + t->channel + LANES * n;
        t->start[n] = row->int16_weights ? vld1q_s32(bias) : start_of(block, lane + LANES * n, bias);
    }
    t->weights = row->int16_weights ? block + sizeof(int16_t) * lane : block + HEADER + ESEG_S8_RECTIFIED_SIZE(ESEG_LANES) + 8 * lane;
    t->plane = LAYOUT.conv_size(1, row->tap_count, row->tap_quads, row->int16_weights);
    t->limits = (const uint8_t *)t->weights - 8 * lane + (row->tap_quads + 1) / 2 * 8 * ESEG_LANES * row->tap_count;
    t->pair_limits = t->limits + eseg_s8_limits_size(row->tap_count, row->tap_quads);
    const int32_t *next = row->scaling.bias + t->channel + ESEG_LANES;
    for (int n = 0; n < 4 && t->channels > ESEG_LANES; ++n) t->start[4 + n] = start_of(block + t->plane, LANES * n, next + LANES * n);
}

/// Products of 8 codes of each pixel by those of 8 · (nv / 2) channels. Of 4 products, 2 fit into an int16 at any rate.
INLINE void add_eight(const int16x4_t a[], const int8_t *w, const int all, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
#pragma unroll
    for (int n = 0; n < nv; n += 2, w += 64) {
        const int8x16_t b[4] = {vld1q_s8(w), vld1q_s8(w + 16), vld1q_s8(w + 32), vld1q_s8(w + 48)};
#pragma unroll
        for (int m = 0; m < mr; ++m) {
            int32x4_t *to = sums + m * nv + n;
#define HALFWORD(K) vreinterpretq_s8_s16(vdupq_lane_s16(a[m], K))
            const int8x16_t x[4] = {HALFWORD(0), HALFWORD(1), HALFWORD(2), HALFWORD(3)};
#undef HALFWORD
            int16x8_t low = vmlal_s8(vmull_s8(vget_low_s8(x[0]), vget_low_s8(b[0])), vget_low_s8(x[1]), vget_low_s8(b[1]));
            int16x8_t high = vmlal_high_s8(vmull_high_s8(x[0], b[0]), x[1], b[1]);
            if (all) {
                low = vmlal_s8(low, vget_low_s8(x[2]), vget_low_s8(b[2]));
                high = vmlal_high_s8(high, x[2], b[2]);
            } else {
                to[0] = vpadalq_s16(to[0], low);
                to[1] = vpadalq_s16(to[1], high);
                low = vmull_s8(vget_low_s8(x[2]), vget_low_s8(b[2]));
                high = vmull_high_s8(x[2], b[2]);
            }
            to[0] = vpadalq_s16(to[0], vmlal_s8(low, vget_low_s8(x[3]), vget_low_s8(b[3])));
            to[1] = vpadalq_s16(to[1], vmlal_high_s8(high, x[3], b[3]));
        }
    }
}

#include "assembly/conv_neon_tmpl.h"

/// Sums of whole taps. Limits: see neon_limit in pack.c.
INLINE void add_narrow(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int8_t *w = t->weights;
    const uint8_t *limit = t->limits;
    begin_sums(t, mr, nv, sums);
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        const uint8_t *codes[MAX_PIXELS];
        pixel_codes(t, tap, mr, codes);
        if (mr == 4 && nv == 4) {
            w = add_tap_4x16(codes, w, &limit, sums);
            continue;
        }
        for (; *limit; ++limit, w += 8 * ESEG_LANES) {
            int16x4_t a[MAX_PIXELS];
            for (int m = 0; m < mr; ++m, codes[m - 1] += 8) a[m] = vreinterpret_s16_u8(veor_u8(vld1_u8(codes[m]), vdup_n_u8(0x80)));
            if (*limit & 128) add_eight(a, w, 1, mr, nv, sums);
            else add_eight(a, w, 0, mr, nv, sums);
        }
        ++limit;
    }
}

/// Loads what all sums start from anew, which takes half as many instructions as copies do.
INLINE void load_pairs(const int32x4_t start[4], int32x4_t v[4]) {
    __asm__ volatile("ldp %q[a], %q[b], [%[start]]\n"
                     "ldp %q[c], %q[d], [%[start], #32]\n"
                     : [a] "=&w"(v[0]), [b] "=&w"(v[1]), [c] "=&w"(v[2]), [d] "=w"(v[3])
                     : [start] "r"(start), "m"(*(const int32x4_t(*)[4])start));
}

/// Sums of two blocks, or one and a half, one behind the other.
INLINE void add_pair(const tile *t, const int32x4_t start[8], const int mr, const int half, int32x4_t sums[MAX_TILE]) {
    if (mr == 2) {
        const int8_t *w = t->weights;
        const uint8_t *limits = t->pair_limits;
        for (int i = 0; i < (half ? 2 : 4); ++i) load_pairs(start + i / 2 * 4, sums + 4 * i);
        if (half) sums[8] = sums[10] = start[4], sums[9] = sums[11] = start[5], sums[12] = sums[13] = sums[14] = sums[15] = start[5];
        int tap = 0;
        do {
            const uint8_t *codes[MAX_PIXELS];
            pixel_codes(t, tap, mr, codes);
            w = add_tap_2x32(codes, w, t->plane, &limits, half, sums);
        } while (++tap < t->row->tap_count);
        return;
    }
    tile part[2] = {*t, *t};
    part[1].weights += t->plane;
    part[1].limits += t->plane;
    for (int i = 0; i < 2; ++i)
        for (int n = 0; n < 4; ++n) part[i].start[n] = start[4 * i + n];
    add_narrow(&part[0], mr, 4, sums);
    add_narrow(&part[1], mr, half ? 2 : 4, sums + 4 * mr);
}

/// One code of each pixel, lane `k`, by the channels' weights.
INLINE void add_int16_product(const int16x4_t a[], const int8_t *w, const int k, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
#define PRODUCT(K) to[0] = vmlal_lane_s16(to[0], vget_low_s16(b), a[m], K), to[1] = vmlal_high_lane_s16(to[1], b, a[m], K)
    for (int n = 0; n < nv; n += 2) {
        const int16x8_t b = vreinterpretq_s16_s8(vld1q_s8(w + 2 * ESEG_LANES * k + 8 * n));
        for (int m = 0; m < mr; ++m) {
            int32x4_t *to = sums + m * nv + n;
            switch (k) {
            case 0: PRODUCT(0); break;
            case 1: PRODUCT(1); break;
            case 2: PRODUCT(2); break;
            default: PRODUCT(3); break;
            }
        }
    }
#undef PRODUCT
}

INLINE void add_int16(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int8_t *w = t->weights;
    begin_sums(t, mr, nv, sums);
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        const uint8_t *codes[MAX_PIXELS];
        pixel_codes(t, tap, mr, codes);
        for (int q = 0; q < t->row->tap_quads; ++q, w += 4 * ESEG_LANES * sizeof(int16_t)) {
            int16x4_t a[MAX_PIXELS];
            for (int m = 0; m < mr; ++m) a[m] = vreinterpret_s16_u16(vget_low_u16(vmovl_u8(vld1_u8(codes[m] + 4 * q))));
#pragma unroll
            for (int k = 0; k < 4; ++k) add_int16_product(a, w, k, mr, nv, sums);
        }
    }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    if (t->row->int16_weights) add_int16(t, mr, nv, sums);
    else add_narrow(t, mr, nv, sums);
}

#include "q/kernels_tmpl.h"

int64_t KERNEL(peak)(int64_t rounds) {
    static volatile int8_t sink;
    int32x4_t sums[PEAK_CHAINS];
    for (int i = 0; i < PEAK_CHAINS; ++i) sums[i] = vdupq_n_s32(i);
    const int8x16_t codes = vdupq_n_s8(sink);
    int8x16_t weights = vdupq_n_s8((int8_t)(sink + 1));
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < PEAK_CHAINS; ++i) {
            sums[i] = vpadalq_s16(sums[i], vmlal_high_s8(vmull_s8(vget_low_s8(codes), vget_low_s8(weights)), codes, weights));
            __asm__ volatile("" : "+w"(weights), "+w"(sums[i]));
        }
    for (int i = 1; i < PEAK_CHAINS; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
    sink = (int8_t)vgetq_lane_s32(sums[0], 0);
    return rounds * PEAK_CHAINS * 16;
}

#pragma clang attribute pop

#endif
