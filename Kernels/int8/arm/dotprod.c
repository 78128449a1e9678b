// Dotprod: sdot adds the products of 4 signed bytes to each of 4 sums. Codes enter as codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define SLIDES 1
#define RECTIFIED ESEG_LANES
#define RECTIFIED_NAMES rectified_1, rectified_2, rectified_3, rectified_4, rectified_5
#define RECTIFIED_TILES RECTIFIED_TILE(1) RECTIFIED_TILE(2) RECTIFIED_TILE(3) RECTIFIED_TILE(4) RECTIFIED_TILE(5)
#define PACKING eseg_packing_dotprod
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4
#define TILES                                                                                         \
    TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)           \
    TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4)

#include "rectified.h"

enum {
    HEADER = ESEG_LANES * sizeof(int32_t) + ESEG_RECTIFIED_SIZE(RECTIFIED),
    DEPTHWISE_HEADER = HEADER,
    LARGEST_TILE = 5,
    PEAK_CHAINS = 16,
};

#include "q/requantize.h"
#include "q/tile.h"
#include "q/rectify.h"

typedef int8x16_t codes16x8;

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

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_conv_row *row = t->row;
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; LANES * n < ESEG_LANES - lane; ++n)
        t->start[n] = start_of(block, lane + LANES * n, row->scaling.bias + t->channel + LANES * n);
    t->weights = block + HEADER + 4 * lane;
    t->plane = row->wide ? (size_t)row->tap_count * row->tap_quads * 4 * ESEG_LANES : 0;
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

#define DOT(SUM, WEIGHTS, PIXEL, QUAD) "sdot v" #SUM ".4s, v" #WEIGHTS ".16b, v" #PIXEL ".4b[" #QUAD "]\n"
#define DOTS(W, S0, S1, S2, S3, S4, Q) DOT(S0, W, 20, Q) DOT(S1, W, 21, Q) DOT(S2, W, 22, Q) DOT(S3, W, 23, Q) DOT(S4, W, 24, Q)
#define QUAD(Q)                                                                                             \
    "ld1 {v28.16b-v31.16b}, [%[w]], #64\n"                                                                  \
    DOTS(28, 0, 4, 8, 12, 16, Q) DOTS(29, 1, 5, 9, 13, 17, Q) DOTS(30, 2, 6, 10, 14, 18, Q) DOTS(31, 3, 7, 11, 15, 19, Q)
#define LOAD(REGISTER, SIZE, PIXEL, BYTES) "ldr " SIZE #REGISTER ", [%[p" #PIXEL "]], #" BYTES "\n"
#define FLIP(REGISTER) "eor v" #REGISTER ".16b, v" #REGISTER ".16b, %[flip].16b\n"
#define CODES(SIZE, BYTES)                                                                                            \
    LOAD(20, SIZE, 0, BYTES) LOAD(21, SIZE, 1, BYTES) LOAD(22, SIZE, 2, BYTES) LOAD(23, SIZE, 3, BYTES)               \
    LOAD(24, SIZE, 4, BYTES) FLIP(20) FLIP(21) FLIP(22) FLIP(23) FLIP(24)

/// The products of the largest tile, added to `start`: 4 vectors, `step` bytes on from pixel to pixel. The sums are v0…v19, the codes
/// v20…v24; neighbours, which compilers do not choose, load 4 at a time.
INLINE void products_5x4(const uint8_t *const *taps, int tap_count, int quads, size_t stride, size_t offset, const int8_t *w,
                         const int32_t *start, size_t step, int32x4_t s[MAX_TILE]) {
    const int sixteens = quads >> 2;
    const uint8_t *p0, *p1, *p2, *p3, *p4;
    int count;
    register int32x4_t s0 __asm__("v0"), s1 __asm__("v1"), s2 __asm__("v2"), s3 __asm__("v3"), s4 __asm__("v4"), s5 __asm__("v5"),
        s6 __asm__("v6"), s7 __asm__("v7"), s8 __asm__("v8"), s9 __asm__("v9"), s10 __asm__("v10"), s11 __asm__("v11"), s12 __asm__("v12"),
        s13 __asm__("v13"), s14 __asm__("v14"), s15 __asm__("v15"), s16 __asm__("v16"), s17 __asm__("v17"), s18 __asm__("v18"),
        s19 __asm__("v19");
    __asm__("ld1 {v0.4s-v3.4s}, [%[start]], %[step]\n"
            "ld1 {v4.4s-v7.4s}, [%[start]], %[step]\n"
            "ld1 {v8.4s-v11.4s}, [%[start]], %[step]\n"
            "ld1 {v12.4s-v15.4s}, [%[start]], %[step]\n"
            "ld1 {v16.4s-v19.4s}, [%[start]], %[step]\n"
            "0: ldr %[p0], [%[taps]], #8\n"
            "mov %w[count], %w[sixteens]\n"
            "add %[p0], %[p0], %[offset]\n"
            "add %[p1], %[p0], %[stride]\n"
            "add %[p2], %[p1], %[stride]\n"
            "add %[p3], %[p2], %[stride]\n"
            "add %[p4], %[p3], %[stride]\n"
            "cbz %w[count], 2f\n"
            "// LLVM-MCA-BEGIN conv 5x4\n"
            "1:\n" CODES("q", "16") QUAD(0) QUAD(1) QUAD(2) QUAD(3)
            "subs %w[count], %w[count], #1\n"
            "b.ne 1b\n"
            "// LLVM-MCA-END\n"
            "2: tbz %w[quads], #1, 3f\n" CODES("d", "8") QUAD(0) QUAD(1)
            "3: tbz %w[quads], #0, 4f\n" CODES("s", "4") QUAD(0)
            "4: subs %w[taps_left], %w[taps_left], #1\n"
            "b.ne 0b\n"
            : "=&w"(s0), "=&w"(s1), "=&w"(s2), "=&w"(s3), "=&w"(s4), "=&w"(s5), "=&w"(s6), "=&w"(s7), "=&w"(s8), "=&w"(s9), "=&w"(s10),
              "=&w"(s11),
              "=&w"(s12), "=&w"(s13), "=&w"(s14), "=&w"(s15), "=&w"(s16), "=&w"(s17), "=&w"(s18), "=&w"(s19), [p0] "=&r"(p0),
              [p1] "=&r"(p1),
              [p2] "=&r"(p2), [p3] "=&r"(p3), [p4] "=&r"(p4), [w] "+r"(w), [count] "=&r"(count), [start] "+r"(start), [taps] "+r"(taps),
              [taps_left] "+r"(tap_count)
            : [quads] "r"(quads), [sixteens] "r"(sixteens), [step] "r"(step), [stride] "r"(stride), [offset] "r"(offset),
              [flip] "w"(vdupq_n_u8(0x80)), "m"(*(const int32_t(*)[4 * MAX_TILE])start)
            : "cc", "v20", "v21", "v22", "v23", "v24", "v28", "v29", "v30", "v31");
    const int32x4_t sums[] = {s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15, s16, s17, s18, s19};
#pragma unroll
    for (int i = 0; i < 20; ++i) s[i] = sums[i];
}

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
    const eseg_conv_row *row = t->row;
    const size_t offset = t->pixel * row->pixel_stride;
    if (!row->wide) {
        products_5x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights, (const int32_t *)t->start, 0, sums);
        return;
    }
    const int32_t zeros[16] = {0};
    products_5x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights, zeros, 0, sums);
    int32x4_t start[20];
#pragma unroll
    for (int i = 0; i < 20; ++i) start[i] = vaddq_s32(vshlq_n_s32(sums[i], 8), t->start[i % 4]);
    products_5x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights + t->plane, (const int32_t *)start,
                 sizeof start / 5, sums);
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    if (mr == 5 && nv == 4) {
        accumulate_5x4(t, sums);
        return;
    }
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = t->start[i % nv];
    if (t->row->wide) {
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = vdupq_n_s32(0);
        add_products(t, t->weights, mr, nv, sums);
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) sums[i] = vaddq_s32(vshlq_n_s32(sums[i], 8), t->start[i % nv]);
    }
    add_products(t, t->weights + t->plane, mr, nv, sums);
}

INLINE void largest_products(const uint8_t *const *taps, int tap_count, int quads, size_t stride, size_t offset, const int8_t *w,
                             const int32_t *start, const int mr, int32x4_t sums[MAX_TILE]) {
    (void)mr;
    products_5x4(taps, tap_count, quads, stride, offset, w, start, 0, sums);
}

#define PIXEL_SUMS(S0, S1, S2, S3) RECTIFY("v" #S0, "v" #S1, "v" #S2, "v" #S3, "%[offset]")
#define STORE_PIXEL(S0, S1, S2, S3) PIXEL_SUMS(S0, S1, S2, S3) SATURATE_TO(28) STORE_CODES(28)
#define STORE_RING_PIXEL(S0, S1, S2, S3) PIXEL_SUMS(S0, S1, S2, S3) LOAD_SLOTS SATURATE_TO(20) STORE_SLOTS
#define STORE_5(STORE) STORE(0, 1, 2, 3) STORE(4, 5, 6, 7) STORE(8, 9, 10, 11) STORE(12, 13, 14, 15) STORE(16, 17, 18, 19)

/// Stores the largest tile from the registers in which its products are.
INLINE void store_rectified_5(const eseg_rectified *r, const int32x4_t s[MAX_TILE], uint8_t *out, size_t stride, const int ring) {
    register int32x4_t s0 __asm__("v0") = s[0], s1 __asm__("v1") = s[1], s2 __asm__("v2") = s[2], s3 __asm__("v3") = s[3],
        s4 __asm__("v4") = s[4], s5 __asm__("v5") = s[5], s6 __asm__("v6") = s[6], s7 __asm__("v7") = s[7], s8 __asm__("v8") = s[8],
        s9 __asm__("v9") = s[9], s10 __asm__("v10") = s[10], s11 __asm__("v11") = s[11], s12 __asm__("v12") = s[12],
        s13 __asm__("v13") = s[13], s14 __asm__("v14") = s[14], s15 __asm__("v15") = s[15], s16 __asm__("v16") = s[16],
        s17 __asm__("v17") = s[17], s18 __asm__("v18") = s[18], s19 __asm__("v19") = s[19];
#define STORE_TILE(STORE)                                                                                                             \
    __asm__ volatile(LOAD_MULTIPLIERS("%[multiplier]") STORE_5(STORE)                                                                 \
                     : [out] "+r"(out)                                                                                                \
                     : "w"(s0), "w"(s1), "w"(s2), "w"(s3), "w"(s4), "w"(s5), "w"(s6), "w"(s7), "w"(s8), "w"(s9), "w"(s10), "w"(s11),  \
                       "w"(s12), "w"(s13), "w"(s14), "w"(s15), "w"(s16), "w"(s17), "w"(s18), "w"(s19),                                \
                       [multiplier] "r"(r->multiplier), [offset] "r"(r->offset), [stride] "r"(stride)                                 \
                     : "memory", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
    if (ring) STORE_TILE(STORE_RING_PIXEL);
    else STORE_TILE(STORE_PIXEL);
#undef STORE_TILE
}

INLINE void store_rectified(const eseg_rectified *r, const int32x4_t sums[MAX_TILE], const int mr, uint8_t *out, size_t stride,
                            const int ring) {
    if (mr == 5) {
        store_rectified_5(r, sums, out, stride, ring);
        return;
    }
#define STORE_TILE(STORE)                                                                                                         \
    __asm__ volatile(LOAD_MULTIPLIERS("%[multiplier]") RECTIFY("%[s0]", "%[s1]", "%[s2]", "%[s3]", "%[offset]") STORE             \
                     : [out] "+r"(out)                                                                                            \
                     : [s0] "w"(s[0]), [s1] "w"(s[1]), [s2] "w"(s[2]), [s3] "w"(s[3]), [multiplier] "r"(r->multiplier),           \
                       [offset] "r"(r->offset), [stride] "r"(stride)                                                              \
                     : "memory", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
#pragma unroll
    for (int m = 0; m < mr; ++m) {
        const int32x4_t *s = sums + 4 * m;
        if (ring) STORE_TILE(LOAD_SLOTS SATURATE_TO(20) STORE_SLOTS);
        else STORE_TILE(SATURATE_TO(28) STORE_CODES(28));
    }
#undef STORE_TILE
}

#include "q/kernels.h"

static int64_t peak(int64_t rounds) {
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

const eseg_kernels eseg_kernels_dotprod = Q_KERNELS(ESEG_ISA_DOTPROD);

#pragma clang attribute pop

#endif
