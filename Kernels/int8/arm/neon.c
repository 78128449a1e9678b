// Plain NEON. The products of 8 signed bytes, added once, fit into int16 (2 · 128 · 127), whose pairs then add to sums of 4 bytes each; the
// sums of a channel are added up at the end. Codes enter as codes − 128, which flips their highest bit.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "../reference.h"

#define INLINE static inline __attribute__((always_inline))
#define PACKING eseg_packing_neon
#define TILES_2 tiles_1x2, tiles_2x2, tiles_3x2
#define TILES_4
#define TILES TILE(1, 2) TILE(2, 2) TILE(3, 2)

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
    for (int n = 0; n < 2; ++n) {
        const int32_t *bias = row->scaling.bias + t->channel + LANES * n;
        t->start[n] = row->wide ? vld1q_s32(bias) : start_of(block, lane + LANES * n, bias);
    }
    t->weights = row->wide ? block + sizeof(int16_t) * lane : block + HEADER;
}

enum { CHANNELS = 2 * LANES };  // of a tile

#define PRODUCTS(W)                                                                                                     \
    "smull %[q0].8h, %[a0].8b, %[" W "].8b\n" "smull %[q1].8h, %[a1].8b, %[" W "].8b\n" "smull %[q2].8h, %[a2].8b, %[" W "].8b\n"
#define MORE_PRODUCTS(W) \
    "smlal2 %[q0].8h, %[a0].16b, %[" W "].16b\n" "smlal2 %[q1].8h, %[a1].16b, %[" W "].16b\n" "smlal2 %[q2].8h, %[a2].16b, %[" W "].16b\n"
#define PAIRS(S0, S1, S2) \
    "sadalp %[s" #S0 "].4s, %[q0].8h\n" "sadalp %[s" #S1 "].4s, %[q1].8h\n" "sadalp %[s" #S2 "].4s, %[q2].8h\n"
#define SIXTEENS(STEP, S0, S1, S2, S3, S4, S5)                                            \
    "ldp %q[b0], %q[b1], [%[w]], #" STEP "\n" PRODUCTS("b0") MORE_PRODUCTS("b0") PAIRS(S0, S1, S2) \
    PRODUCTS("b1") MORE_PRODUCTS("b1") PAIRS(S3, S4, S5)
#define EIGHTS(STEP, S0, S1, S2, S3, S4, S5) \
    "ldp %d[b0], %d[b1], [%[w]], #" STEP "\n" PRODUCTS("b0") PAIRS(S0, S1, S2) PRODUCTS("b1") PAIRS(S3, S4, S5)
#define LOAD(SIZE, PIXEL, BYTES) "ldr %" SIZE "[a" #PIXEL "], [%[p" #PIXEL "]], #" BYTES "\n"
#define FLIP(PIXEL) "eor %[a" #PIXEL "].16b, %[a" #PIXEL "].16b, %[q0].16b\n"
#define CODES(SIZE, BYTES) \
    LOAD(SIZE, 0, BYTES) LOAD(SIZE, 1, BYTES) LOAD(SIZE, 2, BYTES) "movi %[q0].16b, #128\n" FLIP(0) FLIP(1) FLIP(2)

/// Products of a tap of the largest tile; returns the next tap's weights. The tile fills the registers: 24 sums, 3 pixels' codes and
/// products, of which one also flips the codes, and 2 channels' weights. Compilers run out of registers before that.
INLINE const int8_t *add_tap_3x8(const uint8_t *const codes[], const int8_t *w, int lane, int count, int left, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *p2 = codes[2];
    int8x16_t a0, a1, a2, b0, b1;
    int16x8_t q0, q1, q2;
    w += 16 * lane;
    __asm__(
        "cbz %w[count], 2f\n"
        "// LLVM-MCA-BEGIN conv 3x8\n"
        "1:\n" CODES("q", "16")
        SIXTEENS("32", 0, 8, 16, 1, 9, 17) SIXTEENS("32", 2, 10, 18, 3, 11, 19)
        SIXTEENS("32", 4, 12, 20, 5, 13, 21) SIXTEENS("160", 6, 14, 22, 7, 15, 23)
        "subs %w[count], %w[count], #1\n"
        "b.ne 1b\n"
        "// LLVM-MCA-END\n"
        "2: cbz %w[left], 3f\n"
        "sub %[w], %[w], %[lane], lsl #3\n" CODES("d", "8")
        EIGHTS("16", 0, 8, 16, 1, 9, 17) EIGHTS("16", 2, 10, 18, 3, 11, 19)
        EIGHTS("16", 4, 12, 20, 5, 13, 21) EIGHTS("80", 6, 14, 22, 7, 15, 23)
        "add %[w], %[w], %[lane], lsl #3\n"
        "3:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [s16] "+w"(s[16]), [s17] "+w"(s[17]), [s18] "+w"(s[18]), [s19] "+w"(s[19]),
          [s20] "+w"(s[20]), [s21] "+w"(s[21]), [s22] "+w"(s[22]), [s23] "+w"(s[23]),
          [a0] "=&w"(a0), [a1] "=&w"(a1), [a2] "=&w"(a2), [b0] "=&w"(b0), [b1] "=&w"(b1), [q0] "=&w"(q0), [q1] "=&w"(q1), [q2] "=&w"(q2),
          [p0] "+r"(p0), [p1] "+r"(p1), [p2] "+r"(p2), [w] "+r"(w), [count] "+r"(count)
        : [left] "r"(left), [lane] "r"((size_t)lane)
        : "cc");
    return w - 16 * lane;
}

/// Sums of MR pixels × 8 channels, each in 4 parts.
INLINE void add_products(const tile *t, const int mr, int32x4_t parts[]) {
    const int quads = t->row->tap_quads, sixteens = (quads + 1) / 4, lane = t->channel % ESEG_LANES;
    const int8_t *w = t->weights;
    const uint8_t *codes[MAX_PIXELS];
    if (mr == 3) {
        int tap = 0;
        do {
            pixel_codes(t, tap, mr, codes);
            w = add_tap_3x8(codes, w, lane, sixteens, quads > 4 * sixteens, parts);
        } while (++tap < t->row->tap_count);
        return;
    }
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        pixel_codes(t, tap, mr, codes);
        size_t at = 0;
        for (int i = 0; i < sixteens; ++i, at += 16, w += 16 * ESEG_LANES) {
            int8x16_t a[MAX_PIXELS];
            for (int m = 0; m < mr; ++m) a[m] = codes_of(codes[m] + at);
#pragma unroll
            for (int c = 0; c < CHANNELS; ++c) {
                const int8x16_t b = vld1q_s8(w + 16 * (lane + c));
                for (int m = 0; m < mr; ++m) {
                    const int16x8_t products = vmlal_high_s8(vmull_s8(vget_low_s8(a[m]), vget_low_s8(b)), a[m], b);
                    parts[m * CHANNELS + c] = vpadalq_s16(parts[m * CHANNELS + c], products);
                }
            }
        }
        if (quads <= 4 * sixteens) continue;
        int8x8_t a[MAX_PIXELS];
        for (int m = 0; m < mr; ++m) a[m] = vreinterpret_s8_u8(veor_u8(vld1_u8(codes[m] + at), vdup_n_u8(0x80)));
#pragma unroll
        for (int c = 0; c < CHANNELS; ++c) {
            const int8x8_t b = vld1_s8(w + 8 * (lane + c));
            for (int m = 0; m < mr; ++m) parts[m * CHANNELS + c] = vpadalq_s16(parts[m * CHANNELS + c], vmull_s8(a[m], b));
        }
        w += 8 * ESEG_LANES;
    }
}

INLINE void add_narrow(const tile *t, const int mr, int32x4_t sums[MAX_TILE]) {
    int32x4_t parts[3 * CHANNELS];
#pragma unroll
    for (int i = 0; i < mr * CHANNELS; ++i)
        parts[i] = vsetq_lane_s32(((const int32_t *)t->start)[i % CHANNELS], vdupq_n_s32(0), 0);
    add_products(t, mr, parts);
#pragma unroll
    for (int i = 0; i < mr * 2; ++i) {
        const int32x4_t *p = parts + 4 * i;
        sums[i] = vpaddq_s32(vpaddq_s32(p[0], p[1]), vpaddq_s32(p[2], p[3]));
    }
}

/// One code of each pixel, lane `k`, by the 8 channels' weights.
INLINE void add_wide_product(const int16x4_t a[], const int8_t *w, const int k, const int mr, int32x4_t sums[MAX_TILE]) {
    const int16x8_t b = vreinterpretq_s16_s8(vld1q_s8(w + 2 * ESEG_LANES * k));
#define PRODUCT(K) sums[2 * m] = vmlal_lane_s16(sums[2 * m], vget_low_s16(b), a[m], K), \
                   sums[2 * m + 1] = vmlal_high_lane_s16(sums[2 * m + 1], b, a[m], K)
    for (int m = 0; m < mr; ++m) switch (k) {
        case 0: PRODUCT(0); break;
        case 1: PRODUCT(1); break;
        case 2: PRODUCT(2); break;
        default: PRODUCT(3); break;
        }
#undef PRODUCT
}

INLINE void add_wide(const tile *t, const int mr, int32x4_t sums[MAX_TILE]) {
    const int8_t *w = t->weights;
#pragma unroll
    for (int i = 0; i < mr * 2; ++i) sums[i] = t->start[i % 2];
    for (int tap = 0; tap < t->row->tap_count; ++tap) {
        const uint8_t *codes[MAX_PIXELS];
        pixel_codes(t, tap, mr, codes);
        for (int q = 0; q < t->row->tap_quads; ++q, w += 4 * ESEG_LANES * sizeof(int16_t)) {
            int16x4_t a[MAX_PIXELS];
            for (int m = 0; m < mr; ++m) a[m] = vreinterpret_s16_u16(vget_low_u16(vmovl_u8(vld1_u8(codes[m] + 4 * q))));
#pragma unroll
            for (int k = 0; k < 4; ++k) add_wide_product(a, w, k, mr, sums);
        }
    }
}

INLINE void accumulate(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
    (void)nv;
    if (t->row->wide) add_wide(t, mr, sums);
    else add_narrow(t, mr, sums);
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
