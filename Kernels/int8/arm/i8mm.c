// I8mm: usmmla adds the products of 8 codes of 2 pixels and 8 weights of 2 channels to 2 × 2 sums; usdot serves depthwise columns. Codes
// enter as they are.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define PACKING eseg_packing_i8mm
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4, tiles_6x4
#define TILES                                                                                         \
    TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)           \
    TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)

enum { HEADER = 0, PEAK_CHAINS = 16 };

#include "q/requantize.h"
#include "q/tile.h"

typedef uint8x16_t codes16x8;

INLINE uint8x16_t codes_of(const uint8_t *codes) { return vld1q_u8(codes); }

INLINE int32x4_t dot(int32x4_t sum, uint8x16_t codes, int8x16_t weights) { return vusdotq_s32(sum, codes, weights); }

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    (void)block, (void)lane;
    return vld1q_s32(bias);
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_conv_row *row = t->row;
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; LANES * n < ESEG_LANES - lane; ++n) t->start[n] = vld1q_s32(row->scaling.bias + t->channel + LANES * n);
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

#define MULTIPLY(SUM, CODES, WEIGHTS) "usmmla %[s" #SUM "].4s, %[t" #CODES "].16b, %[t" #WEIGHTS "].16b\n"
#define EIGHT(A, B, C)                                                                                              \
    "ldp %q[t4], %q[t7], [%[w]], #32\n" MULTIPLY(0, A, 4) MULTIPLY(8, B, 4) MULTIPLY(16, C, 4)                     \
    MULTIPLY(1, A, 7) MULTIPLY(9, B, 7) MULTIPLY(17, C, 7)                                                          \
    "ldp %q[t4], %q[t7], [%[w]], #32\n" MULTIPLY(2, A, 4) MULTIPLY(10, B, 4) MULTIPLY(18, C, 4)                    \
    MULTIPLY(3, A, 7) MULTIPLY(11, B, 7) MULTIPLY(19, C, 7)                                                         \
    "ldp %q[t4], %q[t7], [%[w]], #32\n" MULTIPLY(4, A, 4) MULTIPLY(12, B, 4) MULTIPLY(20, C, 4)                    \
    MULTIPLY(5, A, 7) MULTIPLY(13, B, 7) MULTIPLY(21, C, 7)                                                         \
    "ldp %q[t4], %q[t7], [%[w]], #32\n" MULTIPLY(6, A, 4) MULTIPLY(14, B, 4) MULTIPLY(22, C, 4)                    \
    MULTIPLY(7, A, 7) MULTIPLY(15, B, 7) MULTIPLY(23, C, 7)
#define LOAD(SIZE, TO, PIXEL, BYTES) "ldr %" SIZE "[t" #TO "], [%[p" #PIXEL "]], #" BYTES "\n"
#define ZIP(TO, HALF, A, B) "zip" #HALF " %[t" #TO "].2d, %[t" #A "].2d, %[t" #B "].2d\n"

/// Products of a tap of the largest tile; returns the next tap's weights. The tile fills the registers: 24 squares, two eights of 3 pairs
/// of pixels (6 0 2, then 1 3 5) and 2 vectors of weights. Compilers run out of registers before that.
INLINE const int8_t *add_tap_6x4(const uint8_t *const codes[], const int8_t *w, int eights, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *p2 = codes[2], *p3 = codes[3], *p4 = codes[4], *p5 = codes[5];
    int count = eights >> 1;
    uint8x16_t t0, t1, t2, t3, t4, t5, t6, t7;
    __asm__(
        "cbz %w[count], 2f\n"
        "// LLVM-MCA-BEGIN conv 6x4\n"
        "1:\n"
        LOAD("q", 0, 0, "16") LOAD("q", 1, 1, "16") ZIP(6, 1, 0, 1) ZIP(1, 2, 0, 1)
        LOAD("q", 2, 2, "16") LOAD("q", 3, 3, "16") ZIP(0, 1, 2, 3) ZIP(3, 2, 2, 3)
        LOAD("q", 4, 4, "16") LOAD("q", 5, 5, "16") ZIP(2, 1, 4, 5) ZIP(5, 2, 4, 5)
        EIGHT(6, 0, 2) EIGHT(1, 3, 5)
        "subs %w[count], %w[count], #1\n"
        "b.ne 1b\n"
        "// LLVM-MCA-END\n"
        "2: tbz %w[eights], #0, 3f\n"
        LOAD("d", 0, 0, "8") LOAD("d", 1, 1, "8") ZIP(6, 1, 0, 1)
        LOAD("d", 2, 2, "8") LOAD("d", 3, 3, "8") ZIP(0, 1, 2, 3)
        LOAD("d", 4, 4, "8") LOAD("d", 5, 5, "8") ZIP(2, 1, 4, 5)
        EIGHT(6, 0, 2)
        "3:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [s16] "+w"(s[16]), [s17] "+w"(s[17]), [s18] "+w"(s[18]), [s19] "+w"(s[19]),
          [s20] "+w"(s[20]), [s21] "+w"(s[21]), [s22] "+w"(s[22]), [s23] "+w"(s[23]),
          [t0] "=&w"(t0), [t1] "=&w"(t1), [t2] "=&w"(t2), [t3] "=&w"(t3), [t4] "=&w"(t4), [t5] "=&w"(t5), [t6] "=&w"(t6), [t7] "=&w"(t7),
          [p0] "+r"(p0), [p1] "+r"(p1), [p2] "+r"(p2), [p3] "+r"(p3), [p4] "+r"(p4), [p5] "+r"(p5), [w] "+r"(w), [count] "+r"(count)
        : [eights] "r"(eights)
        : "cc");
    return w;
}

/// An odd tile's last pixel stands for the one behind it.
INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, int32x4_t squares[MAX_TILE]) {
    const int eights = (t->row->tap_quads + 1) / 2;
    const uint8_t *codes[MAX_PIXELS];
    if (mr == 6 && nv == 4) {
        int tap = 0;
        do {
            pixel_codes(t, tap, mr, codes);
            w = add_tap_6x4(codes, w, eights, squares);
        } while (++tap < t->row->tap_count);
        return;
    }
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

INLINE int32x4_t start_square(const tile *t, int n) {
    const int64x2_t start = vreinterpretq_s64_s32(t->start[n / 2]);
    return vreinterpretq_s32_s64(n % 2 ? vdupq_laneq_s64(start, 1) : vdupq_laneq_s64(start, 0));
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int count = (mr + 1) / 2 * 2 * nv;
    int32x4_t squares[MAX_TILE];
#pragma unroll
    for (int i = 0; i < count; ++i) squares[i] = start_square(t, i % (2 * nv));
    if (t->row->wide) {
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vdupq_n_s32(0);
        add_products(t, t->weights, mr, nv, squares);
#pragma unroll
        for (int i = 0; i < count; ++i) squares[i] = vaddq_s32(vshlq_n_s32(squares[i], 8), start_square(t, i % (2 * nv)));
    }
    add_products(t, t->weights + t->plane, mr, nv, squares);
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) {
        const int32x4_t *s = squares + i / nv / 2 * 2 * nv + i % nv * 2;
        const int64x2_t a = vreinterpretq_s64_s32(s[0]), b = vreinterpretq_s64_s32(s[1]);
        sums[i] = vreinterpretq_s32_s64(i / nv % 2 ? vzip2q_s64(a, b) : vzip1q_s64(a, b));
    }
}

#include "q/dots.h"
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
