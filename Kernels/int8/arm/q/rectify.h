// Rectified codes (see ../rectified.h), 16 of them in 13 instructions: their values take v28…v31.

#define SCALE_TO(V, SUM, MULTIPLIER) "fmla v" #V ".4s, " SUM ".4s, " MULTIPLIER ".4s\n"
#define ROUND(V) "fcvtns v" #V ".4s, v" #V ".4s\n"
/// Values of 4 vectors of sums by 4 of multipliers, in v28 and v30. `OFFSET`: a register that points to them.
#define RECTIFY_BY(M0, M1, M2, M3, S0, S1, S2, S3, OFFSET)                                  \
    "ld1 {v28.4s-v31.4s}, [" OFFSET "]\n"                                                   \
    SCALE_TO(28, S0, M0) SCALE_TO(29, S1, M1) SCALE_TO(30, S2, M2) SCALE_TO(31, S3, M3)     \
    ROUND(28) ROUND(29) ROUND(30) ROUND(31)                                                 \
    "uzp1 v28.8h, v28.8h, v29.8h\n" "uzp1 v30.8h, v30.8h, v31.8h\n"
/// … and as 16 codes in register V.
#define SATURATE_TO(V) "sqxtun v" #V ".8b, v28.8h\n" "sqxtun2 v" #V ".16b, v30.8h\n"

/// Multipliers of a whole block in v24…v27.
#define RECTIFY(S0, S1, S2, S3, OFFSET) RECTIFY_BY("v24", "v25", "v26", "v27", S0, S1, S2, S3, OFFSET)
#define LOAD_MULTIPLIERS(FROM) "ld1 {v24.4s-v27.4s}, [" FROM "]\n"
#define LOAD_SLOTS "ld4 {v20.16b-v23.16b}, [%[out]]\n"
#define STORE_SLOTS "st4 {v20.16b-v23.16b}, [%[out]], %[stride]\n"
#define STORE_CODES(V) "st1 {v" #V ".16b}, [%[out]], %[stride]\n"
