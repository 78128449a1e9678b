// Plain NEON's tiles in assembly: they fill the registers, and compilers run out before that. Registers that must be neighbors
// are named. A limit's highest bit says that no codes overflow 4 products in an int16, 0 ends a tap; else the codes' greatest magnitude
// decides.

// 2 pixels × two blocks: 16 sums, 4 halfwords of each pixel's codes in every lane, the weights of 8 channels and 4 products, two of which
// hold the codes before, and what flips them. Cores that issue in order wait for loads: so the next weights are loaded before the products are added up, and the
// last ones of a tap are not used.

#define PAIR_CODES                                                                                   \
    "ldr %d[q0], [%[p0]], #8\n" "movi %[q1].16b, #128\n" "ld1 {%[q0].d}[1], [%[p1]], #8\n"           \
    "eor %[q0].16b, %[q0].16b, %[q1].16b\n"
#define PAIR_HALFWORDS                                                                               \
    "dup %[x0].8h, %[q0].h[0]\n" "dup %[x1].8h, %[q0].h[1]\n" "dup %[x2].8h, %[q0].h[2]\n"           \
    "dup %[x3].8h, %[q0].h[3]\n" "dup %[y0].8h, %[q0].h[4]\n" "dup %[y1].8h, %[q0].h[5]\n"           \
    "dup %[y2].8h, %[q0].h[6]\n" "dup %[y3].8h, %[q0].h[7]\n"
#define WEIGHTS(FROM) "ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [%[" FROM "]], #64\n"
#define PRODUCTS(INSTRUCTION, K, B)                                                                  \
    INSTRUCTION " %[q0].8h, %[x" #K "].8b, " B ".8b\n" INSTRUCTION "2 %[q1].8h, %[x" #K "].16b, " B ".16b\n"     \
    INSTRUCTION " %[q2].8h, %[y" #K "].8b, " B ".8b\n" INSTRUCTION "2 %[q3].8h, %[y" #K "].16b, " B ".16b\n"
#define ADD(S0, S1, S2, S3)                                                                          \
    "sadalp %[s" #S0 "].4s, %[q0].8h\n" "sadalp %[s" #S1 "].4s, %[q1].8h\n"                          \
    "sadalp %[s" #S2 "].4s, %[q2].8h\n" "sadalp %[s" #S3 "].4s, %[q3].8h\n"
#define FOURS(NEXT, ...)                                                                             \
    PRODUCTS("smull", 0, "v28") PRODUCTS("smlal", 1, "v29") PRODUCTS("smlal", 2, "v30")              \
    PRODUCTS("smlal", 3, "v31") WEIGHTS(NEXT) ADD(__VA_ARGS__)
#define TWOS(NEXT, ...)                                                                              \
    PRODUCTS("smull", 0, "v28") PRODUCTS("smlal", 1, "v29") ADD(__VA_ARGS__)                         \
    PRODUCTS("smull", 2, "v30") PRODUCTS("smlal", 3, "v31") WEIGHTS(NEXT) ADD(__VA_ARGS__)
#define TWO_BLOCKS(SUMS) SUMS("w", 0, 1, 4, 5) SUMS("v", 2, 3, 6, 7) SUMS("v", 8, 9, 12, 13) SUMS("w", 10, 11, 14, 15)

#define BLOCK_AND_HALF(SUMS) SUMS("w", 0, 1, 4, 5) SUMS("v", 2, 3, 6, 7) "add %[v], %[v], #64\n" SUMS("w", 8, 9, 10, 11)
#define PAIR_TAP(BLOCKS, BEGIN, END)                                                                                            \
    __asm__("ldrb %w[limit], [%[l]], #1\n" WEIGHTS("w")                                                                         \
            "tbz %w[limit], #7, 3f\n" BEGIN                                                                                     \
            "1:\n" PAIR_CODES                                                                                                   \
            "2:\n" PAIR_HALFWORDS BLOCKS(FOURS)                                                                                 \
            "ldrb %w[limit], [%[l]], #1\n"                                                                                      \
            "tbnz %w[limit], #7, 1b\n" END                                                                                      \
            "3: cbz %w[limit], 4f\n" PAIR_CODES                                                                                 \
            "abs %[x0].16b, %[q0].16b\n"                                                                                        \
            "umaxv %b[x0], %[x0].16b\n"                                                                                         \
            "umov %w[most], %[x0].b[0]\n"                                                                                       \
            "cmp %w[most], %w[limit]\n"                                                                                         \
            "b.ls 2b\n" PAIR_HALFWORDS BLOCKS(TWOS)                                                                             \
            "ldrb %w[limit], [%[l]], #1\n"                                                                                      \
            "tbnz %w[limit], #7, 1b\n"                                                                                          \
            "b 3b\n"                                                                                                            \
            "4:\n"                                                                                                              \
            : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]),              \
              [s6] "+w"(s[6]), [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]),          \
              [s12] "+w"(s[12]), [s13] "+w"(s[13]), [s14] "+w"(s[14]), [s15] "+w"(s[15]), [x0] "=&w"(x[0]), [x1] "=&w"(x[1]),    \
              [x2] "=&w"(x[2]), [x3] "=&w"(x[3]), [y0] "=&w"(x[4]), [y1] "=&w"(x[5]), [y2] "=&w"(x[6]), [y3] "=&w"(x[7]),        \
              [q0] "=&w"(q[0]), [q1] "=&w"(q[1]), [q2] "=&w"(q[2]), [q3] "=&w"(q[3]), [p0] "+r"(p0), [p1] "+r"(p1), [w] "+r"(w), \
              [v] "+r"(v), [l] "+r"(l), [limit] "=&r"(limit), [most] "=&r"(most)                                                \
            :                                                                                                                   \
            : "cc", "v28", "v29", "v30", "v31")

/// Products of a tap by two blocks' channels or one and a half's; returns the next tap's weights.
INLINE const int8_t *add_tap_2x32(const uint8_t *const codes[], const int8_t *w, size_t plane, const uint8_t **limits, const int half,
                                  int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *l = *limits;
    const int8_t *v = w + plane;
    int limit, most;
    int8x16_t x[8];
    int16x8_t q[4];
    if (half) PAIR_TAP(BLOCK_AND_HALF, , );
    else PAIR_TAP(TWO_BLOCKS, "// LLVM-MCA-BEGIN conv 2x32\n", "// LLVM-MCA-END\n");
    *limits = l;
    return w - 64;
}

// 4 pixels × one block: 16 sums, the weights of 16 channels, 2 pixels' codes in each of 2 registers, 4 halfwords of a pixel's
// codes in every lane, and 2 products.

#define FOUR_CODES                                                                                             \
    "ldr %d[a0], [%[p0]], #8\n" "ldr %d[a1], [%[p2]], #8\n" "movi %[q0].16b, #128\n"                           \
    "ld1 {%[a0].d}[1], [%[p1]], #8\n" "ld1 {%[a1].d}[1], [%[p3]], #8\n"                                        \
    "eor %[a0].16b, %[a0].16b, %[q0].16b\n" "eor %[a1].16b, %[a1].16b, %[q0].16b\n"
#define BLOCK_WEIGHTS                                                                                          \
    "ld1 {v24.16b, v25.16b, v26.16b, v27.16b}, [%[w]], #64\n" "ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [%[w]], #64\n"
#define HALFWORDS(A, K0, K1, K2, K3)                                                                           \
    "dup %[x0].8h, %[" A "].h[" #K0 "]\n" "dup %[x1].8h, %[" A "].h[" #K1 "]\n"                                \
    "dup %[x2].8h, %[" A "].h[" #K2 "]\n" "dup %[x3].8h, %[" A "].h[" #K3 "]\n"
#define ONE_PRODUCT(INSTRUCTION, K, B)                                                                         \
    INSTRUCTION " %[q0].8h, %[x" #K "].8b, " B ".8b\n" INSTRUCTION "2 %[q1].8h, %[x" #K "].16b, " B ".16b\n"
#define ADD_ONE(S0, S1) "sadalp %[s" #S0 "].4s, %[q0].8h\n" "sadalp %[s" #S1 "].4s, %[q1].8h\n"
#define ONE_FOURS(B0, B1, B2, B3, S0, S1)                                                                      \
    ONE_PRODUCT("smull", 0, B0) ONE_PRODUCT("smlal", 1, B1) ONE_PRODUCT("smlal", 2, B2) ONE_PRODUCT("smlal", 3, B3) ADD_ONE(S0, S1)
#define ONE_TWOS(B0, B1, B2, B3, S0, S1)                                                                       \
    ONE_PRODUCT("smull", 0, B0) ONE_PRODUCT("smlal", 1, B1) ADD_ONE(S0, S1)                                    \
    ONE_PRODUCT("smull", 2, B2) ONE_PRODUCT("smlal", 3, B3) ADD_ONE(S0, S1)
#define ONE_PIXEL(SUMS, A, K0, K1, K2, K3, S0, S1, S2, S3)                                                     \
    HALFWORDS(A, K0, K1, K2, K3) SUMS("v24", "v25", "v26", "v27", S0, S1) SUMS("v28", "v29", "v30", "v31", S2, S3)
#define FOUR_PIXELS(SUMS)                                                                                      \
    ONE_PIXEL(SUMS, "a0", 0, 1, 2, 3, 0, 1, 2, 3) ONE_PIXEL(SUMS, "a0", 4, 5, 6, 7, 4, 5, 6, 7)                \
    ONE_PIXEL(SUMS, "a1", 0, 1, 2, 3, 8, 9, 10, 11) ONE_PIXEL(SUMS, "a1", 4, 5, 6, 7, 12, 13, 14, 15)

/// Products of a tap; returns the next tap's weights.
INLINE const int8_t *add_tap_4x16(const uint8_t *const codes[], const int8_t *w, const uint8_t **limits, int32x4_t s[MAX_TILE]) {
    const uint8_t *p0 = codes[0], *p1 = codes[1], *p2 = codes[2], *p3 = codes[3], *l = *limits;
    int limit, most;
    int8x16_t a0, a1, x0, x1, x2, x3;
    int16x8_t q0, q1;
    __asm__(
        "ldrb %w[limit], [%[l]], #1\n"
        "tbz %w[limit], #7, 3f\n"
        "1:\n" FOUR_CODES
        "2:\n" BLOCK_WEIGHTS FOUR_PIXELS(ONE_FOURS)
        "ldrb %w[limit], [%[l]], #1\n"
        "tbnz %w[limit], #7, 1b\n"
        "3: cbz %w[limit], 4f\n" FOUR_CODES
        "abs %[q0].16b, %[a0].16b\n"
        "abs %[q1].16b, %[a1].16b\n"
        "umax %[q0].16b, %[q0].16b, %[q1].16b\n"
        "umaxv %b[q0], %[q0].16b\n"
        "umov %w[most], %[q0].b[0]\n"
        "cmp %w[most], %w[limit]\n"
        "b.ls 2b\n" BLOCK_WEIGHTS FOUR_PIXELS(ONE_TWOS)
        "ldrb %w[limit], [%[l]], #1\n"
        "tbnz %w[limit], #7, 1b\n"
        "b 3b\n"
        "4:\n"
        : [s0] "+w"(s[0]), [s1] "+w"(s[1]), [s2] "+w"(s[2]), [s3] "+w"(s[3]), [s4] "+w"(s[4]), [s5] "+w"(s[5]), [s6] "+w"(s[6]),
          [s7] "+w"(s[7]), [s8] "+w"(s[8]), [s9] "+w"(s[9]), [s10] "+w"(s[10]), [s11] "+w"(s[11]), [s12] "+w"(s[12]), [s13] "+w"(s[13]),
          [s14] "+w"(s[14]), [s15] "+w"(s[15]), [a0] "=&w"(a0), [a1] "=&w"(a1), [x0] "=&w"(x0), [x1] "=&w"(x1), [x2] "=&w"(x2),
          [x3] "=&w"(x3), [q0] "=&w"(q0), [q1] "=&w"(q1), [p0] "+r"(p0), [p1] "+r"(p1), [p2] "+r"(p2), [p3] "+r"(p3), [w] "+r"(w),
          [l] "+r"(l), [limit] "=&r"(limit), [most] "=&r"(most)
        :
        : "cc", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
    *limits = l;
    return w;
}

