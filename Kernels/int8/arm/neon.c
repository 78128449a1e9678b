// Plain NEON. The products of 8 signed bytes, added once, fit into int16 (2 · 128 · 127), whose pairs then add to sums. A pair is of one
// channel: two codes, in every lane, meet two weights of each of 8 channels, so that sums need no adding up at the end. Codes enter as
// codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#define INLINE static inline __attribute__((always_inline))
#define PACKING eseg_packing_neon
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2
#define TILES_4 tiles_1x4, tiles_2x4, tiles_3x4, tiles_4x4
#define TILES_8 tiles_1x8, tiles_2x8
#define TILES TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4)

enum { HEADER = ESEG_LANES * sizeof(int32_t), PEAK_CHAINS = 8 };

#include "q/requantize.h"
#include "q/tile.h"

INLINE int8x16_t codes_of(const uint8_t *codes) { return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(codes), vdupq_n_u8(0x80))); }

INLINE int32x4_t start_of(const int8_t *block, int lane, const int32_t *bias) {
    return vaddq_s32(vld1q_s32((const int32_t *)block + lane), vld1q_s32(bias));
}

INLINE void set_weights(tile *t, const int8_t *block) {
    const eseg_conv_row *row = t->row;
    const int lane = t->channel % ESEG_LANES;
    for (int n = 0; n < 4 && LANES * n < ESEG_LANES - lane; ++n) {
        const int32_t *bias = row->scaling.bias + t->channel + LANES * n;
        t->start[n] = row->wide ? vld1q_s32(bias) : start_of(block, lane + LANES * n, bias);
    }
    t->weights = row->wide ? block + sizeof(int16_t) * lane : block + HEADER + 4 * lane;
    t->plane = PACKING.conv_size(1, row->tap_count, row->tap_quads, row->wide);
    const int32_t *next = row->scaling.bias + t->channel + ESEG_LANES;
    for (int n = 0; n < 4 && t->channels == 2 * ESEG_LANES; ++n) t->start[4 + n] = start_of(block + t->plane, LANES * n, next + LANES * n);
}

/// Products of a quad of each pixel: halfwords 2 · `k` and 2 · `k` + 1 of its codes, each in every lane, by those of 8 channels.
INLINE void add_quad(const int8x16_t a[], const int8_t *w, const int k, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    int8x16_t b[4];
    for (int n = 0; n < nv; ++n) b[n] = vld1q_s8(w + 16 * n);
    for (int m = 0; m < mr; ++m) {
        const int16x8_t codes = vreinterpretq_s16_s8(a[m]);
#define HALFWORD(K) vreinterpretq_s8_s16(vdupq_laneq_s16(codes, K))
        const int8x16_t first = k == 0 ? HALFWORD(0) : k == 1 ? HALFWORD(2) : k == 2 ? HALFWORD(4) : HALFWORD(6);
        const int8x16_t second = k == 0 ? HALFWORD(1) : k == 1 ? HALFWORD(3) : k == 2 ? HALFWORD(5) : HALFWORD(7);
#undef HALFWORD
        for (int n = 0; n < nv; n += 2) {
            int32x4_t *to = sums + m * nv + n;
            const int16x8_t low = vmull_s8(vget_low_s8(first), vget_low_s8(b[n])), high = vmull_high_s8(first, b[n]);
            to[0] = vpadalq_s16(to[0], vmlal_s8(low, vget_low_s8(second), vget_low_s8(b[n + 1])));
            to[1] = vpadalq_s16(to[1], vmlal_high_s8(high, second, b[n + 1]));
        }
    }
}

#define FLIP(PIXEL) "eor %[a" #PIXEL "].16b, %[a" #PIXEL "].16b, %[q0].16b\n"
#define LOAD(PIXEL) "ldr %q[a" #PIXEL "], [%[p" #PIXEL "]], #16\n"
#define CODES LOAD(0) LOAD(1) LOAD(2) LOAD(3) "movi %[q0].16b, #128\n" FLIP(0) FLIP(1) FLIP(2) FLIP(3)
#define PRODUCTS(Q, INSTRUCTION, X, B) INSTRUCTION " %[q" #Q "].8h, %[x" #X "].8b, %[b" #B "].8b\n"
#define MORE_PRODUCTS(Q, INSTRUCTION, X, B) INSTRUCTION "2 %[q" #Q "].8h, %[x" #X "].16b, %[b" #B "].16b\n"
#define PIXEL_QUAD(PIXEL, H0, H1, S0, S1, S2, S3)                                                                               \
    "dup %[x0].8h, %[a" #PIXEL "].h[" #H0 "]\n" "dup %[x1].8h, %[a" #PIXEL "].h[" #H1 "]\n"                                     \
    PRODUCTS(0, "smull", 0, 0) MORE_PRODUCTS(1, "smull", 0, 0) PRODUCTS(2, "smull", 0, 2) MORE_PRODUCTS(3, "smull", 0, 2)       \
    PRODUCTS(0, "smlal", 1, 1) MORE_PRODUCTS(1, "smlal", 1, 1) PRODUCTS(2, "smlal", 1, 3) MORE_PRODUCTS(3, "smlal", 1, 3)       \
    "sadalp %[s" #S0 "].4s, %[q0].8h\n" "sadalp %[s" #S1 "].4s, %[q1].8h\n"                                                     \
    "sadalp %[s" #S2 "].4s, %[q2].8h\n" "sadalp %[s" #S3 "].4s, %[q3].8h\n"
#define QUAD(H0, H1)                                                                            \
    "ldp %q[b0], %q[b1], [%[w]], #32\n" "ldp %q[b2], %q[b3], [%[w]], #32\n"                     \
    PIXEL_QUAD(0, H0, H1, 0, 1, 2, 3) PIXEL_QUAD(1, H0, H1, 4, 5, 6, 7)                         \
    PIXEL_QUAD(2, H0, H1, 8, 9, 10, 11) PIXEL_QUAD(3, H0, H1, 12, 13, 14, 15)

/// Products of a tap of the largest tile; returns the next tap's weights. The tile fills the registers: 16 sums, 4 pixels' codes, a quad of
/// 16 channels' weights, 2 halfwords of codes and 4 products, of which one also flips the codes. Compilers run out before that.
INLINE const int8_t *add_tap_4x16(const uint8_t *const codes[], const int8_t *w, int quads, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *p2 = codes[2], *p3 = codes[3];
    int count = quads / 4;
    int8x16_t a0, a1, a2, a3, b0, b1, b2, b3, x0, x1;
    int16x8_t q0, q1, q2, q3;
    __asm__(
        "cbz %w[count], 2f\n"
        "// LLVM-MCA-BEGIN conv 4x16\n"
        "1:\n" CODES QUAD(0, 1) QUAD(2, 3) QUAD(4, 5) QUAD(6, 7)
        "subs %w[count], %w[count], #1\n"
        "b.ne 1b\n"
        "// LLVM-MCA-END\n"
        "2: cbz %w[left], 3f\n" CODES QUAD(0, 1)
        "cmp %w[left], #2\n"
        "b.lo 3f\n" QUAD(2, 3)
        "b.eq 3f\n" QUAD(4, 5)
        "3:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [a0] "=&w"(a0), [a1] "=&w"(a1), [a2] "=&w"(a2), [a3] "=&w"(a3), [b0] "=&w"(b0),
          [b1] "=&w"(b1), [b2] "=&w"(b2), [b3] "=&w"(b3), [x0] "=&w"(x0), [x1] "=&w"(x1), [q0] "=&w"(q0), [q1] "=&w"(q1),
          [q2] "=&w"(q2), [q3] "=&w"(q3), [p0] "+r"(p0), [p1] "+r"(p1), [p2] "+r"(p2), [p3] "+r"(p3), [w] "+r"(w), [count] "+r"(count)
        : [left] "r"(quads % 4)
        : "cc");
    return w;
}

#define PAIR_CODES LOAD(0) LOAD(1) "movi %[q0].16b, #128\n" FLIP(0) FLIP(1)
#define WEIGHTS(FROM) "ldp %q[b0], %q[b1], [%[" FROM "]], #32\n"
#define EIGHT_CHANNELS(S0, S1, S2, S3)                                                                                       \
    PRODUCTS(0, "smull", 0, 0) MORE_PRODUCTS(1, "smull", 0, 0) PRODUCTS(2, "smull", 2, 0) MORE_PRODUCTS(3, "smull", 2, 0)    \
    PRODUCTS(0, "smlal", 1, 1) MORE_PRODUCTS(1, "smlal", 1, 1) PRODUCTS(2, "smlal", 3, 1) MORE_PRODUCTS(3, "smlal", 3, 1)    \
    "sadalp %[s" #S0 "].4s, %[q0].8h\n" "sadalp %[s" #S1 "].4s, %[q1].8h\n"                                                  \
    "sadalp %[s" #S2 "].4s, %[q2].8h\n" "sadalp %[s" #S3 "].4s, %[q3].8h\n"
#define PAIR_QUAD(H0, H1)                                                                                                    \
    "dup %[x0].8h, %[a0].h[" #H0 "]\n" "dup %[x1].8h, %[a0].h[" #H1 "]\n"                                                    \
    "dup %[x2].8h, %[a1].h[" #H0 "]\n" "dup %[x3].8h, %[a1].h[" #H1 "]\n"                                                    \
    WEIGHTS("w") EIGHT_CHANNELS(0, 1, 4, 5) WEIGHTS("w") EIGHT_CHANNELS(2, 3, 6, 7)                                          \
    WEIGHTS("v") EIGHT_CHANNELS(8, 9, 12, 13) WEIGHTS("v") EIGHT_CHANNELS(10, 11, 14, 15)

/// The same of 2 pixels by the channels of two blocks, `plane` bytes apart, whose halfwords of codes serve twice as many products.
INLINE const int8_t *add_tap_2x32(const uint8_t *const codes[], const int8_t *w, size_t plane, int quads, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1];
    const int8_t *v = w + plane;
    int count = quads / 4;
    int8x16_t a0, a1, b0, b1, x0, x1, x2, x3;
    int16x8_t q0, q1, q2, q3;
    __asm__(
        "cbz %w[count], 2f\n"
        "// LLVM-MCA-BEGIN conv 2x32\n"
        "1:\n" PAIR_CODES PAIR_QUAD(0, 1) PAIR_QUAD(2, 3) PAIR_QUAD(4, 5) PAIR_QUAD(6, 7)
        "subs %w[count], %w[count], #1\n"
        "b.ne 1b\n"
        "// LLVM-MCA-END\n"
        "2: cbz %w[left], 3f\n" PAIR_CODES PAIR_QUAD(0, 1)
        "cmp %w[left], #2\n"
        "b.lo 3f\n" PAIR_QUAD(2, 3)
        "b.eq 3f\n" PAIR_QUAD(4, 5)
        "3:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [a0] "=&w"(a0), [a1] "=&w"(a1), [b0] "=&w"(b0), [b1] "=&w"(b1), [x0] "=&w"(x0),
          [x1] "=&w"(x1), [x2] "=&w"(x2), [x3] "=&w"(x3), [q0] "=&w"(q0), [q1] "=&w"(q1), [q2] "=&w"(q2), [q3] "=&w"(q3),
          [p0] "+r"(p0), [p1] "+r"(p1), [w] "+r"(w), [v] "+r"(v), [count] "+r"(count)
        : [left] "r"(quads % 4)
        : "cc");
    return w;
}

/// Sums of two blocks, one behind the other.
INLINE void add_narrow(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]);
INLINE void add_pair(const tile *t, const int mr, int32x4_t sums[MAX_TILE]) {
    if (mr == 2) {
        const int8_t *w = t->weights;
#pragma unroll
        for (int i = 0; i < 16; ++i) sums[i] = t->start[i / 8 * 4 + i % 4];
        int tap = 0;
        do {
            const uint8_t *codes[MAX_PIXELS];
            pixel_codes(t, tap, mr, codes);
            w = add_tap_2x32(codes, w, t->plane, t->row->tap_quads, sums);
        } while (++tap < t->row->tap_count);
        return;
    }
    tile next = *t;
    next.weights += t->plane;
    for (int n = 0; n < 4; ++n) next.start[n] = t->start[4 + n];
    add_narrow(t, mr, 4, sums);
    add_narrow(&next, mr, 4, sums + 4 * mr);
}

INLINE void add_narrow(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int quads = t->row->tap_quads;
    const int8_t *w = t->weights;
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = t->start[i % nv];
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        const uint8_t *codes[MAX_PIXELS];
        int8x16_t a[MAX_PIXELS];
        int q = quads;
        pixel_codes(t, tap, mr, codes);
        if (mr == 4 && nv == 4) {
            w = add_tap_4x16(codes, w, quads, sums);
            continue;
        }
        for (; q >= 4; q -= 4, w += 16 * ESEG_LANES) {
            for (int m = 0; m < mr; ++m) a[m] = codes_of(codes[m]), codes[m] += 16;
#pragma unroll
            for (int k = 0; k < 4; ++k) add_quad(a, w + 4 * ESEG_LANES * k, k, mr, nv, sums);
        }
        if (q == 0) continue;
        for (int m = 0; m < mr; ++m) a[m] = codes_of(codes[m]);
        add_quad(a, w, 0, mr, nv, sums);
        if (q > 1) add_quad(a, w + 4 * ESEG_LANES, 1, mr, nv, sums);
        if (q > 2) add_quad(a, w + 8 * ESEG_LANES, 2, mr, nv, sums);
        w += 4 * ESEG_LANES * q;
    }
}

/// One code of each pixel, lane `k`, by the channels' weights.
INLINE void add_wide_product(const int16x4_t a[], const int8_t *w, const int k, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
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

INLINE void add_wide(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    const int8_t *w = t->weights;
#pragma unroll
    for (int i = 0; i < mr * nv; ++i) sums[i] = t->start[i % nv];
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        const uint8_t *codes[MAX_PIXELS];
        pixel_codes(t, tap, mr, codes);
        for (int q = 0; q < t->row->tap_quads; ++q, w += 4 * ESEG_LANES * sizeof(int16_t)) {
            int16x4_t a[MAX_PIXELS];
            for (int m = 0; m < mr; ++m) a[m] = vreinterpret_s16_u16(vget_low_u16(vmovl_u8(vld1_u8(codes[m] + 4 * q))));
#pragma unroll
            for (int k = 0; k < 4; ++k) add_wide_product(a, w, k, mr, nv, sums);
        }
    }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    if (nv == 8) add_pair(t, mr, sums);
    else if (t->row->wide) add_wide(t, mr, nv, sums);
    else add_narrow(t, mr, nv, sums);
}

/// Columns two by two; a channel's products are the 4 bytes of one half.
INLINE void add_columns(const uint8_t *ring, const size_t at[], const int8x16_t w[5], const int kernel, const int stride, int32x4_t v[4]) {
    int8x16_t codes[11];
    for (int x = 0; x < kernel + 3 * stride; ++x) codes[x] = codes_of(ring + at[x]);
    for (int i = 0; i < 4; ++i) {
        const int8x16_t *a = codes + i * stride;
        int32x4_t low, high;
        for (int x = 0; x < kernel; x += 2) {
            int16x8_t p = vmull_s8(vget_low_s8(a[x]), vget_low_s8(w[x])), q = vmull_high_s8(a[x], w[x]);
            if (x + 1 < kernel) p = vmlal_s8(p, vget_low_s8(a[x + 1]), vget_low_s8(w[x + 1])), q = vmlal_high_s8(q, a[x + 1], w[x + 1]);
            low = x == 0 ? vpaddlq_s16(p) : vpadalq_s16(low, p);
            high = x == 0 ? vpaddlq_s16(q) : vpadalq_s16(high, q);
        }
        v[i] = vaddq_s32(v[i], vpaddq_s32(low, high));
    }
}

#include "q/kernels.h"

static int64_t peak(int64_t rounds) {
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

const eseg_kernels eseg_kernels_neon = Q_KERNELS(ESEG_ISA_NEON);

#endif
