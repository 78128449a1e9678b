// Convolution: a tile of MR pixels × NV vectors in registers, accumulated and stored by one function for each size. The last 8 channels or
// fewer take one vector a pixel, all others two.

/// What the epilogues of a tile's pixels share.
typedef struct epilogue {
    __m256i zero;
    __m256 multiplier[2];
    size_t channel;
} epilogue;

INLINE epilogue epilogue_of(const tile *t, const int nv) {
    epilogue e = {.zero = _mm256_set1_epi16((short)t->row->scaling.zero_point), .channel = t->channel - t->row->channel_begin};
    for (int n = 0; n < nv; ++n) e.multiplier[n] = _mm256_loadu_ps(t->multiplier + LANES * n);
    return e;
}

/// Scaled values of the 4 / NV pixels from `m` on; behind the tile's last pixel it repeats.
INLINE void scaled(const epilogue *e, const __m256i *sums, int m, const int mr, const int nv, __m256i v[4]) {
    for (int i = 0; i < 4; ++i) v[i] = scale(sums[(m + i / nv < mr ? m + i / nv : mr - 1) * nv + i % nv], e->multiplier[i % nv]);
}

/// Stores the codes of 4 / NV pixels, or as many as are left.
INLINE void store_pixels(const tile *t, uint8_t *out, int left, const int nv, __m256i codes) {
    const size_t stride = t->row->out_stride;
    const __m128i halves[2] = {_mm256_castsi256_si128(codes), _mm256_extracti128_si256(codes, 1)};
    for (int i = 0; i < 4 / nv; ++i) {
        const __m128i pixel = nv == 2 ? halves[i] : i % 2 ? _mm_unpackhi_epi64(halves[i / 2], halves[i / 2]) : halves[i / 2];
        if (i < left) store_bytes(out + i * stride, pixel, t->channels);
    }
}

INLINE void store_codes(const tile *t, const __m256i *sums, const int mr, const int nv, const curve *c) {
    const epilogue e = epilogue_of(t, nv);
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        __m256i v[4];
        scaled(&e, sums, m, mr, nv, v);
        store_pixels(t, out, mr - m, nv, codes32(v, e.zero, c));
    }
}

INLINE void store_ring(const tile *t, const __m256i *sums, const int mr, const int nv, const curve *c) {
    const epilogue e = epilogue_of(t, nv);
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel * 4;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        __m256i v[4];
        scaled(&e, sums, m, mr, nv, v);
        const __m256i codes = packed32(v, e.zero, c);
        for (int i = 0; i < 4; ++i)
            if (m + i / nv < mr) store_slot(out + i / nv * stride + 32 * (i % nv), spread(codes, i), t->channels - LANES * (i % nv));
    }
}

INLINE void store_sum(const tile *t, const __m256i *sums, const int mr, const int nv) {
    const eseg_s8_conv_row *row = t->row;
    const epilogue e = epilogue_of(t, nv);
    const size_t stride = row->out_stride, residual_stride = row->residual_stride;
    const __m256i factor = _mm256_set1_epi32(row->residual_multiplier);
    const __m256i half = _mm256_set1_epi32((1 << (row->shift - 1)) - row->residual_zero_point * row->residual_multiplier);
    const __m256i least = _mm256_set1_epi32(row->relu_before_add ? 0 : INT32_MIN);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const uint8_t *residual = row->residual + t->pixel * residual_stride + e.channel;
    uint8_t *out = (uint8_t *)row->out + t->pixel * stride + e.channel;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        __m256i v[4];
        scaled(&e, sums, m, mr, nv, v);
        for (int i = 0; i < 4; ++i) {
            const uint8_t *from = residual + (m + i / nv < mr ? m + i / nv : mr - 1) * residual_stride + LANES * (i % nv);
            const __m256i r = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from));
            v[i] = _mm256_add_epi32(_mm256_add_epi32(_mm256_max_epi32(v[i], least), half), _mm256_madd_epi16(r, factor));
            v[i] = _mm256_sra_epi32(v[i], shift);
        }
        store_pixels(t, out, mr - m, nv, codes32(v, e.zero, NULL));
    }
}

INLINE void store_s16(const tile *t, const __m256i *sums, const int mr, const int nv) {
    const epilogue e = epilogue_of(t, nv);
    for (int i = 0; i < mr * nv; ++i) {
        const int channel = LANES * (i % nv);
        int16_t *out = (int16_t *)((uint8_t *)t->row->out + (t->pixel + i / nv) * t->row->out_stride) + e.channel + channel;
        const __m256i v = scale(sums[i], e.multiplier[i % nv]);
        store_bytes(out, _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)), 2 * (t->channels - channel));
    }
}

/// Scales sums where negative values have slopes. What was rounded to an integer is a float too: the stores' multipliers of 1 keep it.
INLINE void bend_sums(tile *t, __m256i *sums, int mr, const int nv) {
    static const float ones[ESEG_LANES] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    for (int n = 0; n < nv; ++n) {
        const __m256 multiplier = _mm256_loadu_ps(t->multiplier + LANES * n);
        const __m256 slope = _mm256_loadu_ps(t->row->scaling.slope + t->channel + LANES * n);
        for (int m = 0; m < mr; ++m) sums[m * nv + n] = scale_and_bend(sums[m * nv + n], multiplier, slope);
    }
    t->multiplier = ones;
}

/// Stores of curves, slopes and logits.
INLINE void store_rare(tile t, __m256i *sums, int mr, const int nv) {
    if (t.row->scaling.slope) bend_sums(&t, sums, mr, nv);
    switch (t.row->store) {
    case ESEG_S8_STORE_CODES: store_codes(&t, sums, mr, nv, t.curve); break;
    case ESEG_S8_STORE_RING: store_ring(&t, sums, mr, nv, t.curve); break;
    case ESEG_S8_STORE_SUM: store_sum(&t, sums, mr, nv); break;
    case ESEG_S8_STORE_LOGITS: store_s16(&t, sums, mr, nv); break;
    }
}

static void store_rare_1(const tile *t, __m256i *sums, int mr) { store_rare(*t, sums, mr, 1); }
static void store_rare_2(const tile *t, __m256i *sums, int mr) { store_rare(*t, sums, mr, 2); }

/// One tile: the stores that every network uses straight from registers, the rarer ones from memory, by loops.
INLINE void run_tile(const tile *t, const int mr, const int nv) {
    __m256i sums[MAX_TILE];
    accumulate(t, mr, nv, sums);
    if (t->curve || t->row->scaling.slope || t->row->store == ESEG_S8_STORE_LOGITS) {
        __m256i kept[MAX_TILE];
#pragma unroll
        for (int i = 0; i < mr * nv; ++i) kept[i] = sums[i];
        (nv == 1 ? store_rare_1 : store_rare_2)(t, kept, mr);
    } else if (t->row->store == ESEG_S8_STORE_RING) {
        store_ring(t, sums, mr, nv, NULL);
    } else if (t->row->store == ESEG_S8_STORE_SUM) {
        store_sum(t, sums, mr, nv);
    } else {
        store_codes(t, sums, mr, nv, NULL);
    }
}

#define TILE(MR, NV) \
    static __attribute__((noinline)) void tile_##MR##x##NV(const tile *t) { run_tile(t, MR, NV); }
TILE(1, 2)
TILE(2, 2)
TILE(3, 2)
TILE(4, 2)
TILE(5, 2)
TILE(6, 2)
TILE(1, 1)
TILE(2, 1)
TILE(3, 1)
TILE(4, 1)
TILE(5, 1)
TILE(6, 1)
TILE(7, 1)
TILE(8, 1)
TILE(9, 1)
TILE(10, 1)
TILE(11, 1)
TILE(12, 1)

#define CASE(MR, NV)                                     \
    case MR:                                             \
        if (MR <= MOST_PIXELS_##NV) tile_##MR##x##NV(t); \
        break;
static void run_tile_1(const tile *t, int pixels) {
    switch (pixels) {
        CASE(1, 1)
        CASE(2, 1) CASE(3, 1) CASE(4, 1) CASE(5, 1) CASE(6, 1) CASE(7, 1) CASE(8, 1) CASE(9, 1) CASE(10, 1) CASE(11, 1) CASE(12, 1)
    }
}

static void run_tile_2(const tile *t, int pixels) {
    switch (pixels) { CASE(1, 2) CASE(2, 2) CASE(3, 2) CASE(4, 2) CASE(5, 2) CASE(6, 2) }
}

/// Tiles are as near to each other in width as the pixels allow: 9 pixels are 5 + 4, not 6 + 3.
static void conv_block(tile *t, int most, void (*run)(const tile *t, int pixels)) {
    const int pixels = t->row->pixels, count = (pixels + most - 1) / most;
    for (int i = 0; i < count; ++i) {
        t->pixel = (int)((int64_t)pixels * i / count);
        run(t, (int)((int64_t)pixels * (i + 1) / count) - t->pixel);
    }
}

void KERNEL(conv_row)(const eseg_s8_conv_row *row) {
    const size_t block = LAYOUT.conv_size(1, row->tap_count, row->tap_quads, row->int16_weights);
    curve held;
    if (row->scaling.curve) held = load_curve(row->scaling.curve);
    for (int channel = row->channel_begin; channel < row->channel_end; channel += ESEG_LANES) {
        const int left = row->channel_end - channel;
        tile t = {.row = row,
                  .weights = row->weights + channel / ESEG_LANES * block,
                  .curve = row->scaling.curve ? &held : NULL,
                  .multiplier = row->scaling.multiplier + channel,
                  .channel = channel,
                  .channels = left < ESEG_LANES ? left : ESEG_LANES};
        if (left > LANES) conv_block(&t, MOST_PIXELS_2, run_tile_2);
        else conv_block(&t, MOST_PIXELS_1, run_tile_1);
    }
}
