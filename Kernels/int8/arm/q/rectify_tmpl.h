// Codes from the registers in which the sums of a tile in assembly lie: rectified ones (see ../rectified.h), 16 of them in 13 instructions,
// and others whose values have 15 bits. Values take v28…v31.

#define SCALE_TO(V, SUM, MULTIPLIER) "fmla v" #V ".4s, " SUM ".4s, " MULTIPLIER ".4s\n"
#define ROUND(V) "fcvtns v" #V ".4s, v" #V ".4s\n"
/// Values of 4 vectors of sums by 4 of multipliers, in v28 and v30. `OFFSET`: a register that points to them.
#define RECTIFY_BY(M0, M1, M2, M3, S0, S1, S2, S3, OFFSET)                                  \
    "ld1 {v28.4s-v31.4s}, [" OFFSET "]\n"                                                   \
    SCALE_TO(28, S0, M0) SCALE_TO(29, S1, M1) SCALE_TO(30, S2, M2) SCALE_TO(31, S3, M3)     \
    ROUND(28) ROUND(29) ROUND(30) ROUND(31)                                                 \
    "uzp1 v28.8h, v28.8h, v29.8h\n" "uzp1 v30.8h, v30.8h, v31.8h\n"
/// … or of sums that the fused way cannot take: multipliers in v24…v27; the zero point is added from register ZERO, which LOAD may load.
#define CONVERT(V, SUM) "scvtf v" #V ".4s, " SUM ".4s\n"
#define MULTIPLY_BY(V, MULTIPLIER) "fmul v" #V ".4s, v" #V ".4s, v" #MULTIPLIER ".4s\n"
#define SCALE(S0, S1, S2, S3, ZERO, LOAD)                                                    \
    CONVERT(28, S0) CONVERT(29, S1) CONVERT(30, S2) CONVERT(31, S3)                         \
    MULTIPLY_BY(28, 24) MULTIPLY_BY(29, 25) MULTIPLY_BY(30, 26) MULTIPLY_BY(31, 27)         \
    ROUND(28) ROUND(29) ROUND(30) ROUND(31)                                                 \
    "uzp1 v28.8h, v28.8h, v29.8h\n" "uzp1 v30.8h, v30.8h, v31.8h\n" LOAD                    \
    "sqadd v28.8h, v28.8h, " ZERO ".8h\n" "sqadd v30.8h, v30.8h, " ZERO ".8h\n"
#define LOAD_ZERO(V) "ld1r {v" #V ".8h}, [%[zero]]\n"

/// … as 16 codes in register V.
#define SATURATE_TO(V) "sqxtun v" #V ".8b, v28.8h\n" "sqxtun2 v" #V ".16b, v30.8h\n"

/// Multipliers of a whole block in v24…v27.
#define RECTIFY(S0, S1, S2, S3, OFFSET) RECTIFY_BY("v24", "v25", "v26", "v27", S0, S1, S2, S3, OFFSET)
#define LOAD_MULTIPLIERS(FROM) "ld1 {v24.4s-v27.4s}, [" FROM "]\n"

// The tile's sums, s0… in v0…: as operands of assembly.
#define EACH_20(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19)
#define EACH_24(X) EACH_20(X) X(20) X(21) X(22) X(23)
#define DECLARE(N) register int32x4_t s##N __asm__("v" #N);
#define TAKE(N) s##N = s[N];
#define GIVE(N) s[N] = s##N;
#define OUT(N) "=&w"(s##N),
#define IN_OUT(N) "+w"(s##N),
#define IN(N) "w"(s##N),

#define LOAD_SLOTS "ld4 {v20.16b-v23.16b}, [%[out]]\n"
#define STORE_SLOTS "st4 {v20.16b-v23.16b}, [%[out]], %[stride]\n"
#define STORE_CODES(V) "st1 {v" #V ".16b}, [%[out]], %[stride]\n"
