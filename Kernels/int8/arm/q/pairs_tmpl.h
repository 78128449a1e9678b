// Tiles of two blocks that exist whole, or of a block and a half, by no curve: their sums lie block by block, each as a tile's.

/// What rectified codes need, of both blocks.
typedef struct rectified_pair {
    int32x4_t start[8];
    float32x4_t multiplier[8], offset[8];
} rectified_pair;

INLINE int find_rectified_pair(const tile *t, rectified_pair *p) {
    if (t->row->scaling.zero_point || t->row->store == ESEG_S8_STORE_SUM) return 0;
    for (int i = 0; i < 2; ++i) {
        const eseg_s8_rectified r = eseg_s8_rectified_at(t->weights - ESEG_S8_RECTIFIED_SIZE(ESEG_LANES) + i * t->plane, ESEG_LANES);
        if (!r.holds) return 0;
        memcpy(p->start + 4 * i, r.start, ESEG_LANES * sizeof *r.start);
        memcpy(p->multiplier + 4 * i, r.multiplier, ESEG_LANES * sizeof *r.multiplier);
        memcpy(p->offset + 4 * i, r.offset, ESEG_LANES * sizeof *r.offset);
    }
    return 1;
}

#define RECTIFY_SUMS                                      \
    "ld1 {v28.4s, v29.4s, v30.4s, v31.4s}, [%[offset]]\n" \
    "fmla v28.4s, %[s0].4s, %[m0].4s\n"                   \
    "fmla v29.4s, %[s1].4s, %[m1].4s\n"                   \
    "fmla v30.4s, %[s2].4s, %[m2].4s\n"                   \
    "fmla v31.4s, %[s3].4s, %[m3].4s\n"                   \
    "fcvtns v28.4s, v28.4s\n"                             \
    "fcvtns v29.4s, v29.4s\n"                             \
    "fcvtns v30.4s, v30.4s\n"                             \
    "fcvtns v31.4s, v31.4s\n"                             \
    "uzp1 v28.8h, v28.8h, v29.8h\n"                       \
    "uzp1 v30.8h, v30.8h, v31.8h\n"
#define RECTIFY_OPERANDS                                                                                                         \
    [out] "r"(out), [offset] "r"(offset), "m"(*(const float32x4_t(*)[4])offset), [s0] "w"(s[0]), [s1] "w"(s[1]), [s2] "w"(s[2]), \
        [s3] "w"(s[3]), [m0] "w"(m[0]), [m1] "w"(m[1]), [m2] "w"(m[2]), [m3] "w"(m[3])

/// Stores the codes of 16 sums; registers that must be neighbors are named.
INLINE void store_rectified(const int32x4_t s[4], const float32x4_t m[4], const float32x4_t *offset, uint8_t *out, const int ring) {
    if (ring)
        __asm__(RECTIFY_SUMS "ld4 {v24.16b, v25.16b, v26.16b, v27.16b}, [%[out]]\n"
                             "sqxtun v24.8b, v28.8h\n"
                             "sqxtun2 v24.16b, v30.8h\n"
                             "eor v24.16b, v24.16b, %[flip].16b\n"
                             "st4 {v24.16b, v25.16b, v26.16b, v27.16b}, [%[out]]\n"
                : "+m"(*(uint8_t(*)[64])out)
                : RECTIFY_OPERANDS, [flip] "w"(vdupq_n_u8(RING_FLIP))
                : "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
    else
        __asm__(RECTIFY_SUMS "sqxtun v28.8b, v28.8h\n"
                             "sqxtun2 v28.16b, v30.8h\n"
                             "str q28, [%[out]]\n"
                : "=m"(*(uint8_t(*)[16])out)
                : RECTIFY_OPERANDS
                : "v28", "v29", "v30", "v31");
}

INLINE void store_rectified_pair(const rectified_pair *p, const int32x4_t *sums, const int mr, uint8_t *out, size_t stride,
                                 const int ring) {
    for (int i = 0; i < 2; ++i) {
        float32x4_t m[4];
        for (int n = 0; n < 4; ++n) m[n] = p->multiplier[4 * i + n];
#pragma unroll
        for (int k = 0; k < mr; ++k)
            store_rectified(sums + 4 * (mr * i + k), m, p->offset + 4 * i, out + k * stride + ESEG_LANES * i * (ring ? 4 : 1), ring);
    }
}

INLINE void run_rectified_pairs(tile *t, const rectified_pair *p, int count, const int mr, const int ring) {
    const size_t step = mr * t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * t->row->out_stride + (t->channel - t->row->channel_begin) * (ring ? 4 : 1);
    for (; count > 0; --count, t->pixel += mr, out += step) {
        int32x4_t sums[MAX_TILE];
        add_pair(t, p->start, mr, 0, sums);
        store_rectified_pair(p, sums, mr, out, t->row->out_stride, ring);
    }
}

INLINE void store_block(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv) {
    if (t->row->store == ESEG_S8_STORE_RING) store_ring(t, e, sums, mr, nv, LANES * nv, NULL);
    else if (t->row->store == ESEG_S8_STORE_SUM) store_sum(t, e, sums, mr, nv, LANES * nv);
    else store_codes(t, e, sums, mr, nv, LANES * nv, NULL);
}

INLINE void run_other_pairs(tile *t, int count, const int mr, const int half) {
    tile next = *t;
    next.channel += ESEG_LANES;
    const epilogue e[2] = {epilogue_of(t, 4), epilogue_of(&next, half ? 2 : 4)};
    int32x4_t start[8];
    for (int n = 0; n < 8; ++n) start[n] = t->start[n];
    for (; count > 0; --count, t->pixel += mr) {
        int32x4_t sums[MAX_TILE];
        add_pair(t, start, mr, half, sums);
        store_block(t, &e[0], sums, mr, 4);
        store_block(t, &e[1], sums + 4 * mr, mr, half ? 2 : 4);
    }
}

/// `count` tiles, one behind the other.
INLINE void run_pairs(tile *all, int count, const int mr, const int half) {
    const eseg_s8_conv_row row = *all->row;
    tile t = *all;
    rectified_pair p;
    t.row = &row;
    if (half || !find_rectified_pair(&t, &p)) run_other_pairs(&t, count, mr, half);
    else if (row.store == ESEG_S8_STORE_RING) run_rectified_pairs(&t, &p, count, mr, 1);
    else run_rectified_pairs(&t, &p, count, mr, 0);
    all->pixel = t.pixel;
}
static void tiles_1x6(tile *t, int count) { run_pairs(t, count, 1, 1); }
static void tiles_2x6(tile *t, int count) { run_pairs(t, count, 2, 1); }
static void tiles_1x8(tile *t, int count) { run_pairs(t, count, 1, 0); }
static void tiles_2x8(tile *t, int count) { run_pairs(t, count, 2, 0); }
