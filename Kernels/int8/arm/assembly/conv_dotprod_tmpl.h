// The tile in assembly by sdot, 5 pixels × 16 channels: sums in v0…v19, codes in v20…v24, weights in v28…v31.
//
// Cores that issue in order wait where a load's register is read at once. So registers are loaded again as soon as they have been read:
// weights for the next quad, which after the last one are the 64 bytes behind the block; codes for the next 16 of a tap, if there are any.
// Addresses move once for 16 codes.

#define DOT(SUM, WEIGHTS, PIXEL, QUAD) "sdot v" #SUM ".4s, v" #WEIGHTS ".16b, v" #PIXEL ".4b[" #QUAD "]\n"
#define DOTS(W, S0, S1, S2, S3, S4, Q) DOT(S0, W, 20, Q) DOT(S1, W, 21, Q) DOT(S2, W, 22, Q) DOT(S3, W, 23, Q) DOT(S4, W, 24, Q)
#define WEIGHTS(R0, R1, AT) "ldp q" #R0 ", q" #R1 ", [%[w], #" #AT "]\n"
#define CODES(SIZE, PIXEL, REGISTER) "ldr " SIZE #REGISTER ", [%[p" #PIXEL "], %[at]]\n"
#define ALL_CODES(SIZE) CODES(SIZE, 0, 20) CODES(SIZE, 1, 21) CODES(SIZE, 2, 22) CODES(SIZE, 3, 23) CODES(SIZE, 4, 24)
#define FLIP(REGISTER) "eor v" #REGISTER ".16b, v" #REGISTER ".16b, %[flip].16b\n"
#define FLIPS FLIP(20) FLIP(21) FLIP(22) FLIP(23) FLIP(24)
#define FIRST_HALF(Q, AT) DOTS(28, 0, 4, 8, 12, 16, Q) DOTS(29, 1, 5, 9, 13, 17, Q) WEIGHTS(28, 29, AT)
/// The next quad's weights lie at LOW and HIGH.
#define QUAD(Q, LOW, HIGH) FIRST_HALF(Q, LOW) DOTS(30, 2, 6, 10, 14, 18, Q) DOTS(31, 3, 7, 11, 15, 19, Q) WEIGHTS(30, 31, HIGH)
#define LAST_OF_PIXEL(S0, S1, PIXEL, REGISTER) DOT(S0, 30, REGISTER, 3) DOT(S1, 31, REGISTER, 3) CODES("q", PIXEL, REGISTER)
#define QUAD_AND_CODES(LOW, HIGH)                                                                                     \
    FIRST_HALF(3, LOW) LAST_OF_PIXEL(2, 3, 0, 20) LAST_OF_PIXEL(6, 7, 1, 21) LAST_OF_PIXEL(10, 11, 2, 22)             \
    LAST_OF_PIXEL(14, 15, 3, 23) LAST_OF_PIXEL(18, 19, 4, 24) WEIGHTS(30, 31, HIGH)
#define THREE_QUADS QUAD(0, 64, 96) QUAD(1, 128, 160) QUAD(2, 192, 224)
#define PRODUCTS                                                                                                      \
    WEIGHTS(28, 29, 0) WEIGHTS(30, 31, 32)                                                                            \
    "0: ldr %[p0], [%[taps]], #8\n"                                                                                   \
    "mov %w[count], %w[sixteens]\n"                                                                                   \
    "mov %[at], #0\n"                                                                                                 \
    "add %[p0], %[p0], %[offset]\n"                                                                                   \
    "add %[p1], %[p0], %[stride]\n"                                                                                   \
    "add %[p2], %[p1], %[stride]\n"                                                                                   \
    "add %[p3], %[p2], %[stride]\n"                                                                                   \
    "add %[p4], %[p3], %[stride]\n"                                                                                   \
    "cbz %w[count], 3f\n" ALL_CODES("q")                                                                              \
    "add %[at], %[at], #16\n"                                                                                         \
    "subs %w[count], %w[count], #1\n"                                                                                 \
    "b.eq 2f\n"                                                                                                       \
    "// LLVM-MCA-BEGIN conv 5x4\n"                                                                                    \
    "1:\n" FLIPS THREE_QUADS QUAD_AND_CODES(256, 288)                                                                 \
    "add %[w], %[w], #256\n"                                                                                          \
    "add %[at], %[at], #16\n"                                                                                         \
    "subs %w[count], %w[count], #1\n"                                                                                 \
    "b.ne 1b\n"                                                                                                       \
    "// LLVM-MCA-END\n"                                                                                               \
    "2:\n" FLIPS THREE_QUADS QUAD(3, 256, 288)                                                                        \
    "add %[w], %[w], #256\n"                                                                                          \
    "3: tbz %w[quads], #1, 4f\n" ALL_CODES("d") FLIPS QUAD(0, 64, 96) QUAD(1, 128, 160)                               \
    "add %[w], %[w], #128\n"                                                                                          \
    "add %[at], %[at], #8\n"                                                                                          \
    "4: tbz %w[quads], #0, 5f\n" ALL_CODES("s") FLIPS QUAD(0, 64, 96)                                                 \
    "add %[w], %[w], #64\n"                                                                                           \
    "5: subs %w[taps_left], %w[taps_left], #1\n"                                                                      \
    "b.ne 0b\n"
/// How the products take the sums, and what else they do with the start.
#define MULTIPLY(BEFORE, SUMS)                                                                                                   \
    __asm__(BEFORE PRODUCTS                                                                                                      \
            : EACH_20(SUMS)[p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2), [p3] "=&r"(p3), [p4] "=&r"(p4), [w] "+r"(w),          \
              [count] "=&r"(count), [at] "=&r"(at), [taps] "+r"(taps), [taps_left] "+r"(taps_left)                               \
            : [quads] "r"(t->quads), [sixteens] "r"(t->quads >> 2), [start] "r"(start), [stride] "r"(t->stride),                 \
              [offset] "r"(t->offset), [flip] "w"(vdupq_n_u8(0x80)), "m"(*(const int32_t(*)[16])start)                           \
            : "cc", "v20", "v21", "v22", "v23", "v24", "v28", "v29", "v30", "v31")

/// The products of the tile, added to `start`: 4 vectors, the same for all pixels.
INLINE void start_products(const span *t, const int8_t *w, const int32_t *start, int32x4_t s[MAX_TILE]) {
    const uint8_t *const *taps = t->taps;
    const uint8_t *p0, *p1, *p2, *p3, *p4;
    int taps_left = t->tap_count, count;
    size_t at;
    EACH_20(DECLARE)
    MULTIPLY("ld1 {v0.4s-v3.4s}, [%[start]]\n"
             "ld1 {v4.4s-v7.4s}, [%[start]]\n"
             "ld1 {v8.4s-v11.4s}, [%[start]]\n"
             "ld1 {v12.4s-v15.4s}, [%[start]]\n"
             "ld1 {v16.4s-v19.4s}, [%[start]]\n", OUT);
    EACH_20(GIVE)
}

/// The same, added to the sums.
INLINE void more_products(const span *t, const int8_t *w, int32x4_t s[MAX_TILE]) {
    const uint8_t *const *taps = t->taps;
    const uint8_t *p0, *p1, *p2, *p3, *p4;
    const int32_t none[16] = {0}, *start = none;
    int taps_left = t->tap_count, count;
    size_t at;
    EACH_20(DECLARE)
    EACH_20(TAKE)
    MULTIPLY("", IN_OUT);
    EACH_20(GIVE)
}

/// All products of the tile; `plane`: bytes to the weights' low bytes, if they are int16.
INLINE void assembled_products(const span *t, const int8_t *w, size_t plane, const int32_t *start, const int mr, int32x4_t s[MAX_TILE]) {
    static const int32_t zeros[16] = {0};
    (void)mr;
    if (!plane) {
        start_products(t, w, start, s);
        return;
    }
    start_products(t, w, zeros, s);
#pragma unroll
    for (int i = 0; i < 20; ++i) s[i] = vaddq_s32(vshlq_n_s32(s[i], 8), vld1q_s32(start + 4 * (i % 4)));
    more_products(t, w + plane, s);
}

// What flips the codes of a ring takes the place of the first sums, once they are done with.
#define STORE_FLIPPED LOAD_SLOTS SATURATE_TO(20) "eor v20.16b, v20.16b, v3.16b\n" STORE_SLOTS
#define LOAD_FLIP(V) "movi v" #V ".16b, #128\n"
#define VALUES(S0, S1, S2, S3) RECTIFY("v" #S0, "v" #S1, "v" #S2, "v" #S3, "%[offset]")
#define SCALED_VALUES(S0, S1, S2, S3) SCALE("v" #S0, "v" #S1, "v" #S2, "v" #S3, "v20", "")
#define STORE_PIXEL(S0, S1, S2, S3) VALUES(S0, S1, S2, S3) SATURATE_TO(28) STORE_CODES(28)
#define STORE_RING_PIXEL(S0, S1, S2, S3) VALUES(S0, S1, S2, S3) STORE_FLIPPED
#define STORE_SCALED_PIXEL(S0, S1, S2, S3) SCALED_VALUES(S0, S1, S2, S3) SATURATE_TO(28) STORE_CODES(28)
#define STORE_SCALED_RING_PIXEL(S0, S1, S2, S3) LOAD_ZERO(20) SCALED_VALUES(S0, S1, S2, S3) STORE_FLIPPED
#define STORE_5(STORE) STORE(0, 1, 2, 3) STORE_4(STORE)
#define STORE_4(STORE) STORE(4, 5, 6, 7) STORE(8, 9, 10, 11) STORE(12, 13, 14, 15) STORE(16, 17, 18, 19)
#define STORE_TILE(STORE)                                                                                                     \
    __asm__ volatile(LOAD_MULTIPLIERS("%[multiplier]") STORE                                                                  \
                     : EACH_20(IN_OUT)[out] "+r"(out)                                                                         \
                     : [multiplier] "r"(f->multiplier), [offset] "r"(f->offset), [zero] "r"(f->zero),              \
                       [stride] "r"(stride)                                                                                   \
                     : "memory", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")

/// Stores the tile from the registers in which its products are.
INLINE void store_assembled(const finish *f, const int32x4_t s[MAX_TILE], const int mr, uint8_t *out, size_t stride, const int ring,
                          const int rectified) {
    (void)mr;
    EACH_20(DECLARE)
    EACH_20(TAKE)
    if (rectified && ring) STORE_TILE(VALUES(0, 1, 2, 3) LOAD_FLIP(3) STORE_FLIPPED STORE_4(STORE_RING_PIXEL));
    else if (rectified) STORE_TILE(STORE_5(STORE_PIXEL));
    else if (ring) STORE_TILE(LOAD_ZERO(20) SCALED_VALUES(0, 1, 2, 3) LOAD_FLIP(3) STORE_FLIPPED STORE_4(STORE_SCALED_RING_PIXEL));
    else STORE_TILE(LOAD_ZERO(20) STORE_5(STORE_SCALED_PIXEL));
}
#undef STORE_TILE

/// Stores rectified codes of fewer pixels.
INLINE void store_rectified(const finish *f, const int32x4_t sums[MAX_TILE], const int mr, uint8_t *out, size_t stride, const int ring) {
#define STORE_TILE(STORE)                                                                                                         \
    __asm__ volatile(LOAD_MULTIPLIERS("%[multiplier]") RECTIFY("%[s0]", "%[s1]", "%[s2]", "%[s3]", "%[offset]") STORE             \
                     : [out] "+r"(out)                                                                                            \
                     : [s0] "w"(s[0]), [s1] "w"(s[1]), [s2] "w"(s[2]), [s3] "w"(s[3]), [multiplier] "r"(f->multiplier),           \
                       [offset] "r"(f->offset), [stride] "r"(stride)                                                              \
                     : "memory", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
#pragma unroll
    for (int m = 0; m < mr; ++m) {
        const int32x4_t *s = sums + 4 * m;
        if (ring) STORE_TILE(LOAD_SLOTS SATURATE_TO(20) LOAD_FLIP(28) "eor v20.16b, v20.16b, v28.16b\n" STORE_SLOTS);
        else STORE_TILE(SATURATE_TO(28) STORE_CODES(28));
    }
#undef STORE_TILE
}
