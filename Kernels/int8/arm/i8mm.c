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
#define RECTIFIED (2 * ESEG_LANES)
#define RECTIFIED_NAMES rectified_1, rectified_2, rectified_3, rectified_4, rectified_5, rectified_6
#define RECTIFIED_TILES \
    RECTIFIED_TILE(1) RECTIFIED_TILE(2) RECTIFIED_TILE(3) RECTIFIED_TILE(4) RECTIFIED_TILE(5) RECTIFIED_TILE(6)
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4, tiles_6x4
#define TILES                                                                                         \
    TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)           \
    TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)

#include "rectified.h"

enum {
    HEADER = ESEG_RECTIFIED_SIZE(RECTIFIED),
    DEPTHWISE_HEADER = ESEG_RECTIFIED_SIZE(ESEG_LANES),
    LARGEST_TILE = 5,
    PEAK_CHAINS = 16,
};

#include "q/requantize.h"
#include "q/tile.h"
#include "q/rectify.h"

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
    t->weights = block + HEADER + 8 * lane;
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
INLINE void products_6x4(const uint8_t *const *taps, int tap_count, int quads, size_t stride, size_t offset, const int8_t *w,
                         const int32_t *start, size_t step, const int mr, int32x4_t s[MAX_TILE]) {
    const size_t last = mr == 6 ? stride : 0;
    const int eights = (quads + 1) / 2, sixteens = eights >> 1;
    const uint8_t *p0, *p1, *p2, *p3, *p4, *p5;
    int count;
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
              "m"(*(const int32_t(*)[4 * MAX_TILE])start)
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
    const eseg_conv_row *row = t->row;
    const size_t offset = t->pixel * row->pixel_stride, again = (size_t)-64;
    if (!row->wide) {
        products_6x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights, (const int32_t *)t->start, again, mr,
                     squares);
        return;
    }
    const int32_t zeros[32] = {0};
    products_6x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights, zeros, again, mr, squares);
    int32x4_t start[24];
#pragma unroll
    for (int i = 0; i < 24; ++i) start[i] = vaddq_s32(vshlq_n_s32(squares[i], 8), t->start[i % 8]);
    products_6x4(row->taps, row->tap_count, row->tap_quads, row->pixel_stride, offset, t->weights + t->plane, (const int32_t *)start, 64,
                 mr, squares);
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

INLINE void largest_products(const uint8_t *const *taps, int tap_count, int quads, size_t stride, size_t offset, const int8_t *w,
                             const int32_t *start, const int mr, int32x4_t squares[MAX_TILE]) {
    products_6x4(taps, tap_count, quads, stride, offset, w, start, (size_t)-64, mr, squares);
}

#define HALF(HALF, S0, S1, S2, S3) RECTIFY("v" #S0, "v" #S1, "v" #S2, "v" #S3, "%[offset" #HALF "]") SATURATE_TO(S0)
#define HALVES                                                                                                          \
    LOAD_MULTIPLIERS("%[multiplier0]") HALF(0, 0, 1, 2, 3) HALF(0, 8, 9, 10, 11) HALF(0, 16, 17, 18, 19)                \
    LOAD_MULTIPLIERS("%[multiplier1]") HALF(1, 4, 5, 6, 7) HALF(1, 12, 13, 14, 15) HALF(1, 20, 21, 22, 23)
#define STORE_PIXEL(UNZIP, A, B) UNZIP " v28.8h, " A ".8h, " B ".8h\n" "st1 {v28.16b}, [%[out]], %[stride]\n"
#define STORE_RING_PIXEL(UNZIP, A, B)                                                                        \
    "ld4 {v28.16b-v31.16b}, [%[out]]\n" UNZIP " v28.8h, " A ".8h, " B ".8h\n" "st4 {v28.16b-v31.16b}, [%[out]], %[stride]\n"
#define FIVE(STORE) STORE("uzp1", "v0", "v4") STORE("uzp2", "v0", "v4") STORE("uzp1", "v8", "v12") STORE("uzp2", "v8", "v12") \
    STORE("uzp1", "v16", "v20")
#define SIX(STORE) FIVE(STORE) STORE("uzp2", "v16", "v20")

/// Stores the largest tile from the registers in which its products are. The codes of 8 channels of a pair of pixels take the place of
/// the first of their squares.
INLINE void store_rectified_6(const eseg_rectified *r, const int32x4_t s[MAX_TILE], const int mr, uint8_t *out, size_t stride,
                              const int ring) {
    register int32x4_t s0 __asm__("v0") = s[0], s1 __asm__("v1") = s[1], s2 __asm__("v2") = s[2], s3 __asm__("v3") = s[3],
        s4 __asm__("v4") = s[4], s5 __asm__("v5") = s[5], s6 __asm__("v6") = s[6], s7 __asm__("v7") = s[7], s8 __asm__("v8") = s[8],
        s9 __asm__("v9") = s[9], s10 __asm__("v10") = s[10], s11 __asm__("v11") = s[11], s12 __asm__("v12") = s[12],
        s13 __asm__("v13") = s[13], s14 __asm__("v14") = s[14], s15 __asm__("v15") = s[15], s16 __asm__("v16") = s[16],
        s17 __asm__("v17") = s[17], s18 __asm__("v18") = s[18], s19 __asm__("v19") = s[19], s20 __asm__("v20") = s[20],
        s21 __asm__("v21") = s[21], s22 __asm__("v22") = s[22], s23 __asm__("v23") = s[23];
#define STORE_TILE(STORES)                                                                                                            \
    __asm__ volatile(HALVES STORES                                                                                                    \
                     : [out] "+r"(out), "+w"(s0), "+w"(s4), "+w"(s8), "+w"(s12), "+w"(s16), "+w"(s20)                                 \
                     : "w"(s1), "w"(s2), "w"(s3), "w"(s5), "w"(s6), "w"(s7), "w"(s9), "w"(s10), "w"(s11), "w"(s13), "w"(s14),         \
                       "w"(s15), "w"(s17), "w"(s18), "w"(s19), "w"(s21), "w"(s22), "w"(s23), [multiplier0] "r"(r->multiplier),        \
                       [multiplier1] "r"(r->multiplier + 16), [offset0] "r"(r->offset), [offset1] "r"(r->offset + 16),                \
                       [stride] "r"(stride)                                                                                           \
                     : "memory", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
    if (ring && mr == 6) STORE_TILE(SIX(STORE_RING_PIXEL));
    else if (ring) STORE_TILE(FIVE(STORE_RING_PIXEL));
    else if (mr == 6) STORE_TILE(SIX(STORE_PIXEL));
    else STORE_TILE(FIVE(STORE_PIXEL));
#undef STORE_TILE
}

/// The codes of 8 channels of a pair of pixels.
INLINE uint16x8_t rectified_pair(const eseg_rectified *r, const int half, const int32x4_t s[4]) {
    register uint16x8_t codes __asm__("v28");
    __asm__(LOAD_MULTIPLIERS("%[multiplier]") RECTIFY("%[s0]", "%[s1]", "%[s2]", "%[s3]", "%[offset]") SATURATE_TO(28)
            : "=&w"(codes)
            : [s0] "w"(s[0]), [s1] "w"(s[1]), [s2] "w"(s[2]), [s3] "w"(s[3]), [multiplier] "r"(r->multiplier + 16 * half),
              [offset] "r"(r->offset + 16 * half), "m"(*(const float(*)[4 * ESEG_LANES])r->multiplier)
            : "v24", "v25", "v26", "v27", "v29", "v30", "v31");
    return codes;
}

INLINE void store_rectified(const eseg_rectified *r, const int32x4_t squares[MAX_TILE], const int mr, uint8_t *out, size_t stride,
                            const int ring) {
    if (mr >= LARGEST_TILE) {
        store_rectified_6(r, squares, mr, out, stride, ring);
        return;
    }
    for (int m = 0; m < mr; m += 2) {
        const uint16x8_t low = rectified_pair(r, 0, squares + 4 * m), high = rectified_pair(r, 1, squares + 4 * m + 4);
        for (int i = 0; i < 2 && m + i < mr; ++i, out += stride) {
            const uint8x16_t codes = vreinterpretq_u8_u16(i ? vuzp2q_u16(low, high) : vuzp1q_u16(low, high));
            if (ring) store_slot(out, codes, ESEG_LANES);
            else vst1q_u8(out, codes);
        }
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
