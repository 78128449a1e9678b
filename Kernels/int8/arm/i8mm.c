// I8mm: usmmla adds the products of 8 codes of 2 pixels and 8 weights of 2 channels to 2 × 2 sums; usdot serves depthwise columns. Codes
// enter as they are.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define SLIDES 1
#define PACKING eseg_packing_i8mm
#define SQUARES 1
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4, tiles_6x4
#define TILES                                                                                         \
    TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)           \
    TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)

enum { HEADER = 0, PEAK_CHAINS = 16 };

#include "q/requantize.h"
#include "q/tile.h"

typedef uint8x16_t codes16x8;

INLINE uint8x16_t operand_of(uint8x16_t codes) { return codes; }

INLINE int32x4_t dot(int32x4_t sum, uint8x16_t codes, int8x16_t weights) { return vusdotq_s32(sum, codes, weights); }

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    (void)block, (void)lane;
    return vld1q_s32(bias);
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_conv_row *row = t->row;
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; LANES * n < ESEG_LANES - lane; ++n) {
        const int64x2_t bias = vreinterpretq_s64_s32(vld1q_s32(row->scaling.bias + t->channel + LANES * n));
        t->start[2 * n] = vreinterpretq_s32_s64(vdupq_laneq_s64(bias, 0));
        t->start[2 * n + 1] = vreinterpretq_s32_s64(vdupq_laneq_s64(bias, 1));
    }
    t->weights = block + 8 * lane;
    t->plane = row->wide ? (size_t)row->tap_count * ((row->tap_quads + 1) / 2) * 8 * ESEG_LANES : 0;
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

#define MULTIPLY(WEIGHTS, S0, S1, S2)                                \
    "usmmla v" #S0 ".4s, v24.16b, v" #WEIGHTS ".16b\n"               \
    "usmmla v" #S1 ".4s, v25.16b, v" #WEIGHTS ".16b\n"               \
    "usmmla v" #S2 ".4s, v26.16b, v" #WEIGHTS ".16b\n"
#define EIGHT                                                                                                                \
    "ldr d24, [%[p0]], #8\nldr d25, [%[p2]], #8\nldr d26, [%[p4]], #8\n"                                                   \
    "ld1 {v24.d}[1], [%[p1]], #8\nld1 {v25.d}[1], [%[p3]], #8\nld1 {v26.d}[1], [%[p5]], #8\n"                              \
    "ld1 {v28.16b-v31.16b}, [%[w]], #64\n"                                                                                   \
    MULTIPLY(28, 0, 8, 16) MULTIPLY(29, 1, 9, 17) MULTIPLY(30, 2, 10, 18) MULTIPLY(31, 3, 11, 19)                            \
    "ld1 {v28.16b-v31.16b}, [%[w]], #64\n"                                                                                   \
    MULTIPLY(28, 4, 12, 20) MULTIPLY(29, 5, 13, 21) MULTIPLY(30, 6, 14, 22) MULTIPLY(31, 7, 15, 23)

/// The products of the largest tile, added to `start`: 8 squares, then `step` bytes on from pair to pair of pixels; of 5 pixels
/// the last one stands for the one behind it. The squares are
/// v0…v23, 8 codes of 3 pairs of pixels v24…v26; neighbours, which compilers do not choose, load 4 at a time.
INLINE void products_6x4(const tile *t, const int8_t *w, const int32x4_t *start, size_t step, const int mr, int32x4_t s[MAX_TILE]) {
    const uint8_t *const *taps = t->row->taps;
    const size_t stride = t->row->pixel_stride, offset = t->pixel * stride, last = mr == 6 ? stride : 0;
    const int eights = (t->row->tap_quads + 1) / 2, sixteens = eights >> 1;
    const uint8_t *p0, *p1, *p2, *p3, *p4, *p5;
    int tap_count = t->row->tap_count, count;
    register int32x4_t s0 __asm__("v0"), s1 __asm__("v1"), s2 __asm__("v2"), s3 __asm__("v3"), s4 __asm__("v4"), s5 __asm__("v5"),
        s6 __asm__("v6"), s7 __asm__("v7"), s8 __asm__("v8"), s9 __asm__("v9"), s10 __asm__("v10"), s11 __asm__("v11"), s12 __asm__("v12"),
        s13 __asm__("v13"), s14 __asm__("v14"), s15 __asm__("v15"), s16 __asm__("v16"), s17 __asm__("v17"), s18 __asm__("v18"),
        s19 __asm__("v19"), s20 __asm__("v20"), s21 __asm__("v21"), s22 __asm__("v22"), s23 __asm__("v23");
    __asm__("ld1 {v0.4s-v3.4s}, [%[start]], #64\n"
            "ld1 {v4.4s-v7.4s}, [%[start]], %[step]\n"
            "ld1 {v8.4s-v11.4s}, [%[start]], #64\n"
            "ld1 {v12.4s-v15.4s}, [%[start]], %[step]\n"
            "ld1 {v16.4s-v19.4s}, [%[start]], #64\n"
            "ld1 {v20.4s-v23.4s}, [%[start]], %[step]\n"
            "0: ldr %[p0], [%[taps]], #8\n"
            "mov %w[count], %w[sixteens]\n"
            "add %[p0], %[p0], %[offset]\n"
            "add %[p1], %[p0], %[stride]\n"
            "add %[p2], %[p1], %[stride]\n"
            "add %[p3], %[p2], %[stride]\n"
            "add %[p4], %[p3], %[stride]\n"
            "add %[p5], %[p4], %[last]\n"
            "cbz %w[count], 2f\n"
            "// LLVM-MCA-BEGIN conv 6x4\n"
            "1:\n" EIGHT EIGHT
            "subs %w[count], %w[count], #1\n"
            "b.ne 1b\n"
            "// LLVM-MCA-END\n"
            "2: tbz %w[eights], #0, 3f\n" EIGHT
            "3: subs %w[taps_left], %w[taps_left], #1\n"
            "b.ne 0b\n"
            : "=&w"(s0), "=&w"(s1), "=&w"(s2), "=&w"(s3), "=&w"(s4), "=&w"(s5), "=&w"(s6), "=&w"(s7), "=&w"(s8), "=&w"(s9), "=&w"(s10),
              "=&w"(s11),
              "=&w"(s12), "=&w"(s13), "=&w"(s14), "=&w"(s15), "=&w"(s16), "=&w"(s17), "=&w"(s18), "=&w"(s19), "=&w"(s20), "=&w"(s21),
              "=&w"(s22),
              "=&w"(s23), [p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2), [p3] "=&r"(p3), [p4] "=&r"(p4), [p5] "=&r"(p5), [w] "+r"(w),
              [count] "=&r"(count), [start] "+r"(start), [taps] "+r"(taps), [taps_left] "+r"(tap_count)
            : [eights] "r"(eights), [sixteens] "r"(sixteens), [step] "r"(step), [stride] "r"(stride), [offset] "r"(offset),
              [last] "r"(last),
              "m"(*(const int32x4_t(*)[MAX_TILE])start)
            : "cc", "v24", "v25", "v26", "v28", "v29", "v30", "v31");
    const int32x4_t squares[] = {s0,  s1,  s2,  s3,  s4,  s5,  s6,  s7,  s8,  s9,  s10, s11,
                                 s12, s13, s14, s15, s16, s17, s18, s19, s20, s21, s22, s23};
#pragma unroll
    for (int i = 0; i < 24; ++i) s[i] = squares[i];
}

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
    if (!t->row->wide) {
        products_6x4(t, t->weights, t->start, (size_t)-64, mr, squares);
        return;
    }
    const int32x4_t zeros[8] = {vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0),
                                vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0)};
    products_6x4(t, t->weights, zeros, (size_t)-64, mr, squares);
    int32x4_t start[24];
#pragma unroll
    for (int i = 0; i < 24; ++i) start[i] = vaddq_s32(vshlq_n_s32(squares[i], 8), t->start[i % 8]);
    products_6x4(t, t->weights + t->plane, start, 64, mr, squares);
}

INLINE void squares_of(const tile *t, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    const int count = (mr + 1) / 2 * 2 * nv;
#pragma unroll
    for (int i = 0; i < count; ++i) squares[i] = t->start[i % (2 * nv)];
    if (t->row->wide) {
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vdupq_n_s32(0);
        add_products(t, t->weights, mr, nv, squares);
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vaddq_s32(vshlq_n_s32(squares[i], 8), t->start[i % (2 * nv)]);
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

#include "q/kernels.h"

static int64_t peak(int64_t rounds) {
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

const eseg_kernels eseg_kernels_i8mm = Q_KERNELS(ESEG_ISA_I8MM);

#pragma clang attribute pop

#endif
