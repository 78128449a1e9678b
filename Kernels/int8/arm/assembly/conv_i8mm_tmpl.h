// The tile in assembly by usmmla, 6 pixels × 16 channels: squares of 2 pixels × 2 channels in v0…v23, those of a pair of pixels one behind
// the other, 8 codes of 3 pairs of pixels in v24…v26, the first pair's next 8 in v27, weights in v28…v31. Of 5 pixels the last one stands
// for the one behind it.

#define MULTIPLY_BY_WEIGHTS(WEIGHTS, FIRST, S0, S1, S2)              \
    "usmmla v" #S0 ".4s, v" #FIRST ".16b, v" #WEIGHTS ".16b\n"       \
    "usmmla v" #S1 ".4s, v25.16b, v" #WEIGHTS ".16b\n"               \
    "usmmla v" #S2 ".4s, v26.16b, v" #WEIGHTS ".16b\n"
#define LOAD_WEIGHTS "ld1 {v28.16b-v31.16b}, [%[w]], #64\n"
#define EIGHT(FIRST)                                                                                                                 \
    "ldr d25, [%[p2]], #8\nldr d26, [%[p4]], #8\n"                                                                                   \
    "ld1 {v" #FIRST ".d}[1], [%[p1]], #8\nld1 {v25.d}[1], [%[p3]], #8\nld1 {v26.d}[1], [%[p5]], #8\n" MULTIPLY_EIGHT(FIRST)
#define PAIRED_EIGHT(FIRST) "ldr q25, [%[p2]], #16\nldr q26, [%[p4]], #16\n" MULTIPLY_EIGHT(FIRST)
#define MULTIPLY_EIGHT(FIRST) LOAD_WEIGHTS                                                                                           \
    MULTIPLY_BY_WEIGHTS(28, FIRST, 0, 8, 16) MULTIPLY_BY_WEIGHTS(29, FIRST, 1, 9, 17)                                                \
    MULTIPLY_BY_WEIGHTS(30, FIRST, 2, 10, 18) MULTIPLY_BY_WEIGHTS(31, FIRST, 3, 11, 19) LOAD_WEIGHTS                                 \
    MULTIPLY_BY_WEIGHTS(28, FIRST, 4, 12, 20) MULTIPLY_BY_WEIGHTS(29, FIRST, 5, 13, 21)                                              \
    MULTIPLY_BY_WEIGHTS(30, FIRST, 6, 14, 22) MULTIPLY_BY_WEIGHTS(31, FIRST, 7, 15, 23)
#define PRODUCTS                                                                                                                     \
    "0: ldr %[p0], [%[taps]], #8\n"                                                                                                  \
    "mov %w[count], %w[sixteens]\n"                                                                                                  \
    "add %[p0], %[p0], %[offset]\n"                                                                                                  \
    "add %[p1], %[p0], %[stride]\n"                                                                                                  \
    "add %[p2], %[p1], %[stride]\n"                                                                                                  \
    "add %[p3], %[p2], %[stride]\n"                                                                                                  \
    "add %[p4], %[p3], %[stride]\n"                                                                                                  \
    "add %[p5], %[p4], %[last]\n"                                                                                                    \
    "cbz %w[count], 2f\n"                                                                                                            \
    "// LLVM-MCA-BEGIN conv 6x4\n"                                                                                                   \
    "1: ldp d24, d27, [%[p0]], #16\n" EIGHT(24) EIGHT(27)                                                                            \
    "subs %w[count], %w[count], #1\n"                                                                                                \
    "b.ne 1b\n"                                                                                                                      \
    "// LLVM-MCA-END\n"                                                                                                              \
    "2: tbz %w[eights], #0, 3f\n"                                                                                                    \
    "ldr d24, [%[p0]], #8\n" EIGHT(24)                                                                                               \
    "3: subs %w[taps_left], %w[taps_left], #1\n"                                                                                     \
    "b.ne 0b\n"
#define PAIRED_PRODUCTS                                                                                                              \
    "cbz %w[count], 2f\n"                                                                                                            \
    "1: ldp q24, q27, [%[p0]], #32\n" PAIRED_EIGHT(24) PAIRED_EIGHT(27)                                                              \
    "subs %w[count], %w[count], #1\n"                                                                                                \
    "b.ne 1b\n"                                                                                                                      \
    "2: tbz %w[eights], #0, 3f\n"                                                                                                    \
    "ldr q24, [%[p0]], #16\n" PAIRED_EIGHT(24)                                                                                       \
    "3:\n"
/// How the products take the squares, and what else they do with the start.
#define MULTIPLY(BEFORE, SQUARES)                                                                                                \
    __asm__(BEFORE PRODUCTS                                                                                                      \
            : EACH_24(SQUARES)[p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2), [p3] "=&r"(p3), [p4] "=&r"(p4), [p5] "=&r"(p5),    \
              [w] "+r"(w), [count] "=&r"(count), [taps] "+r"(taps), [taps_left] "+r"(taps_left)                                  \
            : [eights] "r"(eights), [sixteens] "r"(eights >> 1), [start] "r"(start), [second] "r"(start + 16),                   \
              [stride] "r"(t->stride), [offset] "r"(t->offset), [last] "r"(mr == 6 ? t->stride : 0),                             \
              "m"(*(const int32_t(*)[32])start)                                                                                  \
            : "cc", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")

#define START                                                                                                                        \
    "ld1 {v0.4s-v3.4s}, [%[start]]\n" "ld1 {v4.4s-v7.4s}, [%[second]]\n" "ld1 {v8.4s-v11.4s}, [%[start]]\n"                          \
    "ld1 {v12.4s-v15.4s}, [%[second]]\n" "ld1 {v16.4s-v19.4s}, [%[start]]\n" "ld1 {v20.4s-v23.4s}, [%[second]]\n"

/// The products of the tile, added to `start`: 8 squares, the same for all pairs of pixels.
INLINE void start_products(const span *t, const int8_t *w, const int32_t *start, const int mr, int32x4_t s[MAX_TILE]) {
    const uint8_t *const *taps = t->taps;
    const uint8_t *p0, *p1, *p2, *p3, *p4, *p5;
    const int eights = (t->quads + 1) / 2;
    int taps_left = t->tap_count, count;
    EACH_24(DECLARE)
    MULTIPLY(START, OUT);
    EACH_24(GIVE)
}

/// The same of pixels that are paired, with one tap.
INLINE void paired_products(const span *t, const int8_t *w, const int32_t *start, int32x4_t s[MAX_TILE]) {
    const int eights = (t->quads + 1) / 2;
    const size_t pair = pair_bytes(t->quads);
    const uint8_t *p0 = t->pairs, *p2 = p0 + pair, *p4 = p2 + pair;
    int count = eights >> 1;
    EACH_24(DECLARE)
    __asm__ volatile(START PAIRED_PRODUCTS
                     : EACH_24(OUT)[p0] "+r"(p0), [p2] "+r"(p2), [p4] "+r"(p4), [w] "+r"(w), [count] "+r"(count)
                     : [eights] "r"(eights), [start] "r"(start), [second] "r"(start + 16)
                     : "cc", "memory", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
    EACH_24(GIVE)
}

/// The same, added to the squares.
INLINE void more_products(const span *t, const int8_t *w, const int mr, int32x4_t s[MAX_TILE]) {
    const uint8_t *const *taps = t->taps;
    const uint8_t *p0, *p1, *p2, *p3, *p4, *p5;
    const int32_t none[32] = {0}, *start = none;
    const int eights = (t->quads + 1) / 2;
    int taps_left = t->tap_count, count;
    EACH_24(DECLARE)
    EACH_24(TAKE)
    MULTIPLY("", IN_OUT);
    EACH_24(GIVE)
}

/// All products of the tile; `plane`: bytes to the weights' low bytes, if they are int16.
INLINE void assembled_products(const span *t, const int8_t *w, size_t plane, const int32_t *start, const int mr, int32x4_t s[MAX_TILE]) {
    static const int32_t zeros[32] = {0};
    if (t->pairs) {
        paired_products(t, w, start, s);
        return;
    }
    if (!plane) {
        start_products(t, w, start, mr, s);
        return;
    }
    start_products(t, w, zeros, mr, s);
#pragma unroll
    for (int i = 0; i < 24; ++i) s[i] = vaddq_s32(vshlq_n_s32(s[i], 8), vld1q_s32(start + 4 * (i % 8)));
    more_products(t, w + plane, mr, s);
}

// The codes of 8 channels of a pair of pixels take the place of the first of their squares; the zero point that of the first square that
// is done with.
#define VALUES(HALF, S0, S1, S2, S3) RECTIFY("v" #S0, "v" #S1, "v" #S2, "v" #S3, "%[offset" #HALF "]") SATURATE_TO(S0)
#define SCALED_VALUES(HALF, S0, S1, S2, S3) SCALE("v" #S0, "v" #S1, "v" #S2, "v" #S3, "v1", "") SATURATE_TO(S0)
#define FIRST_SCALED_VALUES(HALF, S0, S1, S2, S3) SCALE("v" #S0, "v" #S1, "v" #S2, "v" #S3, "v1", LOAD_ZERO(1)) SATURATE_TO(S0)
#define HALF_0(FIRST, VALUES) LOAD_MULTIPLIERS("%[multiplier0]") FIRST(0, 0, 1, 2, 3) VALUES(0, 8, 9, 10, 11) VALUES(0, 16, 17, 18, 19)
#define HALF_1(VALUES) LOAD_MULTIPLIERS("%[multiplier1]") VALUES(1, 4, 5, 6, 7) VALUES(1, 12, 13, 14, 15) VALUES(1, 20, 21, 22, 23)
#define STORE_PIXEL(UNZIP, A, B) UNZIP " v28.8h, v" #A ".8h, v" #B ".8h\n" STORE_CODES(28)
#define STORE_RING_PIXEL(UNZIP, A, B)                                                           \
    "ld4 {v28.16b-v31.16b}, [%[out]]\n" UNZIP " v28.8h, v" #A ".8h, v" #B ".8h\n"               \
    "st4 {v28.16b-v31.16b}, [%[out]], %[stride]\n"
#define STORE_5(STORE) STORE("uzp1", 0, 4) STORE("uzp2", 0, 4) STORE("uzp1", 8, 12) STORE("uzp2", 8, 12) STORE("uzp1", 16, 20)
#define STORE_6(STORE) STORE_5(STORE) STORE("uzp2", 16, 20)
#define STORE_TILE(FIRST, VALUES, STORES)                                                                                                  \
    __asm__ volatile(HALF_0(FIRST, VALUES) HALF_1(VALUES) STORES                                                                           \
                     : EACH_24(IN_OUT)[out] "+r"(out)                                                                               \
                     : [multiplier0] "r"(f->multiplier), [multiplier1] "r"(f->multiplier + 16), [offset0] "r"(f->offset),           \
                       [offset1] "r"(f->offset + 16), [zero] "r"(f->zero), [stride] "r"(stride)                                     \
                     : "memory", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
#define STORE_ALL(FIRST, VALUES)                                                                                                           \
    do {                                                                                                                            \
        if (ring && mr == 6) STORE_TILE(FIRST, VALUES, STORE_6(STORE_RING_PIXEL));                                                         \
        else if (ring) STORE_TILE(FIRST, VALUES, STORE_5(STORE_RING_PIXEL));                                                               \
        else if (mr == 6) STORE_TILE(FIRST, VALUES, STORE_6(STORE_PIXEL));                                                                 \
        else STORE_TILE(FIRST, VALUES, STORE_5(STORE_PIXEL));                                                                              \
    } while (0)

/// Stores the tile from the registers in which its products are.
INLINE void store_assembled(const finish *f, const int32x4_t s[MAX_TILE], const int mr, uint8_t *out, size_t stride, const int ring,
                          const int rectified) {
    EACH_24(DECLARE)
    EACH_24(TAKE)
    if (rectified) STORE_ALL(VALUES, VALUES);
    else STORE_ALL(FIRST_SCALED_VALUES, SCALED_VALUES);
}
#undef STORE_ALL
#undef STORE_TILE

/// The codes of 8 channels of a pair of pixels.
INLINE uint16x8_t rectified_pair(const finish *f, const int half, const int32x4_t s[4]) {
    register uint16x8_t codes __asm__("v28");
    __asm__(LOAD_MULTIPLIERS("%[multiplier]") RECTIFY("%[s0]", "%[s1]", "%[s2]", "%[s3]", "%[offset]") SATURATE_TO(28)
            : "=&w"(codes)
            : [s0] "w"(s[0]), [s1] "w"(s[1]), [s2] "w"(s[2]), [s3] "w"(s[3]), [multiplier] "r"(f->multiplier + 16 * half),
              [offset] "r"(f->offset + 16 * half), "m"(*(const float(*)[4 * ESEG_LANES])f->multiplier)
            : "v24", "v25", "v26", "v27", "v29", "v30", "v31");
    return codes;
}

/// Stores rectified codes of fewer pixels.
INLINE void store_rectified(const finish *f, const int32x4_t squares[MAX_TILE], const int mr, uint8_t *out, size_t stride,
                            const int ring) {
    for (int m = 0; m < mr; m += 2) {
        const uint16x8_t low = rectified_pair(f, 0, squares + 4 * m), high = rectified_pair(f, 1, squares + 4 * m + 4);
        for (int i = 0; i < 2 && m + i < mr; ++i, out += stride) {
            const uint8x16_t codes = vreinterpretq_u8_u16(i ? vuzp2q_u16(low, high) : vuzp1q_u16(low, high));
            if (ring) store_slot(out, codes, ESEG_LANES);
            else vst1q_u8(out, codes);
        }
    }
}
