// Dotprod: sdot adds the products of 4 signed bytes to each of 4 sums. Codes enter as codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))
#define PACKING eseg_packing_dotprod
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2, tiles_7x2, tiles_8x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4, tiles_5x4, tiles_6x4
#define TILES                                                                                         \
    TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)           \
    TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)

enum { HEADER = ESEG_LANES * sizeof(int32_t), PEAK_CHAINS = 16 };

#include "q/requantize.h"
#include "q/tile.h"

typedef int8x16_t codes16x8;

INLINE int8x16_t codes_of(const uint8_t *codes) { return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(codes), vdupq_n_u8(0x80))); }

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
    for (int m = 0; m < mr; ++m) a[m] = codes_of(codes[m] + at);
#pragma unroll
    for (int k = 0; k < quads; ++k)
        for (int n = 0; n < nv; ++n) {
            const int8x16_t b = vld1q_s8(w + 4 * ESEG_LANES * k + 16 * n);
            for (int m = 0; m < mr; ++m) sums[m * nv + n] = dot_quad(sums[m * nv + n], a[m], b, k);
        }
}

#define DOT(SUM, WEIGHTS, PIXEL, QUAD) "sdot %[s" #SUM "].4s, %[" #WEIGHTS "].16b, %[a" #PIXEL "].4b[" #QUAD "]\n"
#define DOTS_0(W, Q) DOT(0, W, 0, Q) DOT(4, W, 1, Q) DOT(8, W, 2, Q) DOT(12, W, 3, Q) DOT(16, W, 4, Q) DOT(20, W, 5, Q)
#define DOTS_1(W, Q) DOT(1, W, 0, Q) DOT(5, W, 1, Q) DOT(9, W, 2, Q) DOT(13, W, 3, Q) DOT(17, W, 4, Q) DOT(21, W, 5, Q)
#define DOTS_2(W, Q) DOT(2, W, 0, Q) DOT(6, W, 1, Q) DOT(10, W, 2, Q) DOT(14, W, 3, Q) DOT(18, W, 4, Q) DOT(22, W, 5, Q)
#define DOTS_3(W, Q) DOT(3, W, 0, Q) DOT(7, W, 1, Q) DOT(11, W, 2, Q) DOT(15, W, 3, Q) DOT(19, W, 4, Q) DOT(23, W, 5, Q)
#define LOAD_WEIGHTS "ldp %q[b0], %q[b1], [%[w]], #32\n"
#define QUAD(Q) LOAD_WEIGHTS DOTS_0(b0, Q) DOTS_1(b1, Q) LOAD_WEIGHTS DOTS_2(b0, Q) DOTS_3(b1, Q)
#define LOAD(SIZE, PIXEL, BYTES) "ldr %" SIZE "[a" #PIXEL "], [%[p" #PIXEL "]], #" BYTES "\n"
#define FLIP(PIXEL) "eor %[a" #PIXEL "].16b, %[a" #PIXEL "].16b, %[b0].16b\n"
#define CODES(SIZE, BYTES)                                                                                                        \
    LOAD(SIZE, 0, BYTES) LOAD(SIZE, 1, BYTES) LOAD(SIZE, 2, BYTES) LOAD(SIZE, 3, BYTES) LOAD(SIZE, 4, BYTES) LOAD(SIZE, 5, BYTES) \
    "movi %[b0].16b, #128\n" FLIP(0) FLIP(1) FLIP(2) FLIP(3) FLIP(4) FLIP(5)

/// Products of a tap of the largest tile; returns the next tap's weights. The tile fills the registers: 24 sums, 6 pixels' codes and 2
/// vectors of weights, of which one also flips the codes. Compilers run out of registers before that.
INLINE const int8_t *add_tap_6x4(const uint8_t *const codes[], const int8_t *w, int quads, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *p2 = codes[2], *p3 = codes[3], *p4 = codes[4], *p5 = codes[5];
    int count = quads >> 2;
    int8x16_t a0, a1, a2, a3, a4, a5, b0, b1;
    __asm__(
        "cbz %w[count], 2f\n"
        "// LLVM-MCA-BEGIN conv 6x4\n"
        "1:\n" CODES("q", "16") QUAD(0) QUAD(1) QUAD(2) QUAD(3)
        "subs %w[count], %w[count], #1\n"
        "b.ne 1b\n"
        "// LLVM-MCA-END\n"
        "2: tbz %w[quads], #1, 3f\n" CODES("d", "8") QUAD(0) QUAD(1)
        "3: tbz %w[quads], #0, 4f\n" CODES("s", "4") QUAD(0)
        "4:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [s16] "+w"(s[16]), [s17] "+w"(s[17]), [s18] "+w"(s[18]), [s19] "+w"(s[19]),
          [s20] "+w"(s[20]), [s21] "+w"(s[21]), [s22] "+w"(s[22]), [s23] "+w"(s[23]), [a0] "=&w"(a0), [a1] "=&w"(a1), [a2] "=&w"(a2),
          [a3] "=&w"(a3), [a4] "=&w"(a4), [a5] "=&w"(a5), [b0] "=&w"(b0), [b1] "=&w"(b1), [p0] "+r"(p0), [p1] "+r"(p1), [p2] "+r"(p2),
          [p3] "+r"(p3), [p4] "+r"(p4), [p5] "+r"(p5), [w] "+r"(w), [count] "+r"(count)
        : [quads] "r"(quads)
        : "cc");
    return w;
}

INLINE void add_products(const tile *t, const int8_t *w, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int quads = t->row->tap_quads;
    const uint8_t *codes[MAX_PIXELS];
    if (mr == 6 && nv == 4) {
        int tap = 0;
        do {
            pixel_codes(t, tap, mr, codes);
            w = add_tap_6x4(codes, w, quads, sums);
        } while (++tap < t->row->tap_count);
        return;
    }
    for (int tap = 0; tap < t->row->tap_count; ++tap, w += (size_t)quads * 4 * ESEG_LANES) {
        pixel_codes(t, tap, mr, codes);
        int q = 0;
        for (; q + 4 <= quads; q += 4) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 4, mr, nv, sums);
        if (quads & 2) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 2, mr, nv, sums);
        q += quads & 2;
        if (quads & 1) add_quads(codes, 4 * (size_t)q, w + (size_t)q * 4 * ESEG_LANES, 1, mr, nv, sums);
    }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
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

#include "q/dots.h"
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
