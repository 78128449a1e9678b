// Convolution: a tile of MR pixels × NR blocks in registers, accumulated and stored by one function for each size.

enum { MAX_TILE = 24 };

typedef struct tile {
    const eseg_s8_conv_row *row;
    const int8_t *weights;  // of the first block
    size_t block_stride;
    int pixel;
    int channel, channels;    // channels that exist, of up to 16 · NR
    const int32_t *start[4];  // of each block's accumulators: biases, zeros for the high bytes of int16 weights
    const float *multiplier;
} tile;

INLINE void accumulate(const tile *t, const int mr, const int nr, __m512i sums[MAX_TILE]) {
    for (int n = 0; n < nr; ++n) {
        const __m512i start = _mm512_loadu_si512(t->start[n]);
        for (int m = 0; m < mr; ++m) sums[m * nr + n] = start;
    }
    const eseg_s8_conv_row *row = t->row;
    const int8_t *w = t->weights;
    const size_t stride = row->pixel_stride;
    for (int tap = 0; tap < row->tap_count; ++tap) {
        const uint8_t *a[3];
        for (int i = 0; i < 3; ++i) a[i] = row->taps[tap] + (t->pixel + 4 * i) * stride;
        for (int q = 0; q < row->tap_quads; ++q) {
            __m512i b[4];
            for (int n = 0; n < nr; ++n) b[n] = _mm512_loadu_si512(w + n * t->block_stride);
            w += ESEG_LANES * 4;
            for (int m = 0; m < mr; ++m) {
                int32_t quad;
                memcpy(&quad, a[m / 4] + m % 4 * stride, 4);
                __m512i codes = _mm512_set1_epi32(quad);
                for (int n = 0; n < nr; ++n) sums[m * nr + n] = _mm512_dpbusd_epi32(sums[m * nr + n], codes, b[n]);
            }
            for (int i = 0; i < 3; ++i) a[i] += 4;
        }
    }
}

/// What the epilogues of a tile's pixels share.
typedef struct epilogue {
    __m512 multiplier[4];
    __m512i zero;
    __mmask64 channels;
    size_t channel;
} epilogue;

INLINE epilogue epilogue_of(const tile *t, const int nr) {
    epilogue e = {.zero = _mm512_set1_epi16((short)t->row->scaling.zero_point),
                  .channels = low_bits(t->channels),
                  .channel = t->channel - t->row->channel_begin};
    for (int n = 0; n < nr; ++n) e.multiplier[n] = _mm512_loadu_ps(t->multiplier + n * ESEG_LANES);
    return e;
}

/// The sums of a block. Where weights are int16, blocks alternate between high and low bytes.
INLINE __m512i block_sums(const __m512i *sums, int n, const int int16_weights) {
    return int16_weights ? _mm512_add_epi32(_mm512_slli_epi32(sums[2 * n], 8), sums[2 * n + 1]) : sums[n];
}

/// Scaled values of one pixel.
INLINE void scaled(const epilogue *e, const __m512i *sums, const int nr, const int int16_weights, __m512i v[4]) {
    for (int n = 0; n < nr; ++n) v[n] = scale(block_sums(sums, n, int16_weights), e->multiplier[n]);
}

/// Pixels whose codes fill a vector.
INLINE int pixels_together(const int nr) { return nr == 1 ? 4 : nr == 2 ? 2 : 1; }

/// Codes of `count` pixels that lie in a vector.
INLINE void store_together(uint8_t *out, size_t stride, const epilogue *e, __m512i codes, const int nr, const int count) {
    if (nr == 1) {
        store_four_pixels(out, stride, codes, count, (__mmask16)e->channels);
    } else if (nr == 2) {
        _mm256_mask_storeu_epi8(out, (__mmask32)e->channels, _mm512_castsi512_si256(codes));
        if (count > 1) _mm256_mask_storeu_epi8(out + stride, (__mmask32)e->channels, _mm512_extracti64x4_epi64(codes, 1));
    } else {
        _mm512_mask_storeu_epi8(out, e->channels, codes);
    }
}

INLINE void store_codes(const tile *t, const __m512i *sums, const int mr, const int nr, const int int16_weights, const curve *c) {
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = t->row->out_stride;
    const int most = pixels_together(nr);
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel;
#pragma unroll
    for (int m = 0; m < mr; m += most) {
        const int count = mr - m < most ? mr - m : most;
        __m512i v[4];
        for (int i = 0; i < count; ++i) scaled(&e, sums + (m + i) * nr * (1 + int16_weights), nr, int16_weights, v + i * nr);
        store_together(out + m * stride, stride, &e, codes64(v, count * nr, e.zero, c), nr, count);
    }
}

INLINE void store_ring(const tile *t, const __m512i *sums, const int mr, const int nr, const int int16_weights, const curve *c) {
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = t->row->out_stride;
    __mmask64 slot[4];
    for (int n = 0; n < nr; ++n) slot[n] = EVERY_FOURTH & low_bits(4 * (t->channels - 16 * n));
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel * 4;
#pragma unroll
    for (int m = 0; m < mr; ++m, out += stride) {
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + int16_weights), nr, int16_weights, v);
        const __m512i codes = packed64(v, nr, e.zero, c);
        for (int n = 0; n < nr; ++n) _mm512_mask_storeu_epi8(out + 64 * n, slot[n], spread(codes, n));
    }
}

INLINE void store_sum(const tile *t, const __m512i *sums, const int mr, const int nr, const int int16_weights) {
    const eseg_s8_conv_row *row = t->row;
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = row->out_stride, residual_stride = row->residual_stride;
    const __m512i factor = _mm512_set1_epi32((uint16_t)row->residual_multiplier);
    const __m512i half = _mm512_set1_epi32((1 << (row->shift - 1)) - row->residual_zero_point * row->residual_multiplier);
    const __m512i least = _mm512_set1_epi32(row->relu_before_add ? 0 : INT32_MIN);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const uint8_t *residual = row->residual + t->pixel * residual_stride + e.channel;
    uint8_t *out = (uint8_t *)row->out + t->pixel * stride + e.channel;
    const int most = pixels_together(nr);
#pragma unroll
    for (int m = 0; m < mr; m += most) {
        const int count = mr - m < most ? mr - m : most;
        __m512i v[4];
        for (int i = 0; i < count; ++i) scaled(&e, sums + (m + i) * nr * (1 + int16_weights), nr, int16_weights, v + i * nr);
        for (int k = 0; k < count * nr; ++k) {
            const uint8_t *codes = residual + (m + k / nr) * residual_stride + k % nr * ESEG_LANES;
            const __m512i r = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)codes));
            v[k] = _mm512_add_epi32(_mm512_max_epi32(v[k], least), half);
            v[k] = _mm512_sra_epi32(_mm512_dpwssd_epi32(v[k], r, factor), shift);
        }
        store_together(out + m * stride, stride, &e, codes64(v, count * nr, e.zero, NULL), nr, count);
    }
}

INLINE void store_s16(const tile *t, const __m512i *sums, const int mr, const int nr, const int int16_weights) {
    const eseg_s8_conv_row *row = t->row;
    const epilogue e = epilogue_of(t, nr);
    for (int m = 0; m < mr; ++m) {
        int16_t *out = (int16_t *)((uint8_t *)row->out + (t->pixel + m) * row->out_stride) + e.channel;
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + int16_weights), nr, int16_weights, v);
        for (int n = 0; n < nr; ++n)
            _mm256_mask_storeu_epi16(out + 16 * n, (__mmask16)(e.channels >> 16 * n), _mm512_cvtsepi32_epi16(v[n]));
    }
}

/// Scales sums where negative values have slopes; of int16 weights that leaves half as many.
static void bend_sums(const tile *t, const __m512i *sums, int mr, int nr, int int16_weights, __m512i *bent) {
    const int blocks = int16_weights ? nr / 2 : nr;
    for (int n = 0; n < blocks; ++n) {
        const __m512 multiplier = _mm512_loadu_ps(t->multiplier + n * ESEG_LANES);
        const __m512 slope = _mm512_loadu_ps(t->row->scaling.slope + t->channel + n * ESEG_LANES);
        for (int m = 0; m < mr; ++m) bent[m * blocks + n] = scale_and_bend(block_sums(sums + m * nr, n, int16_weights), multiplier, slope);
    }
}

/// Stores of int16 weights, curves and logits.
static void store_curved(const tile *t, const __m512i *sums, int mr, int nr, int int16_weights) {
    const eseg_s8_conv_row *row = t->row;
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
#define STORE(NR, INT16)                                                                                                      \
    row->store == ESEG_S8_STORE_LOGITS ? store_s16(t, sums, mr, NR, INT16)                                                    \
    : row->store == ESEG_S8_STORE_SUM  ? store_sum(t, sums, mr, NR, INT16)                                                    \
    : row->store == ESEG_S8_STORE_RING ? c ? store_ring(t, sums, mr, NR, INT16, c) : store_ring(t, sums, mr, NR, INT16, NULL) \
    : c ? store_codes(t, sums, mr, NR, INT16, c)                                                                              \
                                       : store_codes(t, sums, mr, NR, INT16, NULL)
    switch (nr) {
    case 1: STORE(1, 0); break;
    case 2: int16_weights ? STORE(1, 1) : STORE(2, 0); break;
    case 3: STORE(3, 0); break;
    default: int16_weights ? STORE(2, 1) : STORE(4, 0); break;
    }
#undef STORE
}

/// … and of slopes. What was rounded to an integer is a float too: multipliers of 1 keep it.
static void store_rare(const tile *t, const __m512i *sums, int mr, int nr) {
    const int int16_weights = t->row->int16_weights;
    if (!t->row->scaling.slope) {
        store_curved(t, sums, mr, nr, int16_weights);
        return;
    }
    float ones[4 * ESEG_LANES];
    for (int i = 0; i < 4 * ESEG_LANES; ++i) ones[i] = 1;
    __m512i bent[MAX_TILE];
    bend_sums(t, sums, mr, nr, int16_weights, bent);
    tile scaled = *t;
    scaled.multiplier = ones;
    store_curved(&scaled, bent, mr, int16_weights ? nr / 2 : nr, 0);
}

/// One tile: the stores that most of a network's codes pass straight from registers, the rarer ones from memory, by `store_rare`.
INLINE void run_tile(const tile *t, const int mr, const int nr) {
    __m512i sums[MAX_TILE];
    accumulate(t, mr, nr, sums);
    const eseg_s8_conv_row *row = t->row;
    const int is_sum = row->store == ESEG_S8_STORE_SUM;
    if (row->store == ESEG_S8_STORE_LOGITS || row->scaling.slope || (row->int16_weights && (nr % 2 || is_sum || row->scaling.curve))) {
        __m512i kept[MAX_TILE];
#pragma unroll
        for (int i = 0; i < mr * nr; ++i) kept[i] = sums[i];
        store_rare(t, kept, mr, nr);
    } else if (is_sum) {
        store_sum(t, sums, mr, nr, 0);
    } else if (row->scaling.curve) {
        const curve c = load_curve(row->scaling.curve);
        row->store == ESEG_S8_STORE_RING ? store_ring(t, sums, mr, nr, 0, &c) : store_codes(t, sums, mr, nr, 0, &c);
    } else if (row->store == ESEG_S8_STORE_RING) {
        row->int16_weights ? store_ring(t, sums, mr, nr / 2, 1, NULL) : store_ring(t, sums, mr, nr, 0, NULL);
    } else {
        row->int16_weights ? store_codes(t, sums, mr, nr / 2, 1, NULL) : store_codes(t, sums, mr, nr, 0, NULL);
    }
}

#define TILE(MR, NR) \
    static void tile_##MR##x##NR(const tile *t) { run_tile(t, MR, NR); }
#define TILE_6(NR) \
    TILE(1, NR)    \
    TILE(2, NR)    \
    TILE(3, NR)    \
    TILE(4, NR)    \
    TILE(5, NR)    \
    TILE(6, NR)
#define TILE_8(NR) \
    TILE_6(NR)     \
    TILE(7, NR)    \
    TILE(8, NR)
#define TILE_12(NR) \
    TILE_8(NR)      \
    TILE(9, NR)     \
    TILE(10, NR)    \
    TILE(11, NR)    \
    TILE(12, NR)
TILE_12(1)
TILE_12(2)
TILE_8(3)
TILE_6(4)

#define ROW_6(NR) NULL, tile_1x##NR, tile_2x##NR, tile_3x##NR, tile_4x##NR, tile_5x##NR, tile_6x##NR
#define ROW_8(NR) ROW_6(NR), tile_7x##NR, tile_8x##NR
#define ROW_12(NR) ROW_8(NR), tile_9x##NR, tile_10x##NR, tile_11x##NR, tile_12x##NR
/// Tiles of [blocks][pixels].
static void (*const tiles[5][13])(const tile *) = {{NULL}, {ROW_12(1)}, {ROW_12(2)}, {ROW_8(3)}, {ROW_6(4)}};
static const int most_pixels[5] = {0, 12, 12, 8, 6};

/// Tiles are as near to each other in width as the pixels allow: 15 pixels are 8 + 7, not 12 + 3.
static void conv_blocks(tile *t, int nr) {
    const int pixels = t->row->pixels, count = (pixels + most_pixels[nr] - 1) / most_pixels[nr];
    for (int i = 0; i < count; ++i) {
        t->pixel = (int)((int64_t)pixels * i / count);
        tiles[nr][(int)((int64_t)pixels * (i + 1) / count) - t->pixel](t);
    }
}

void KERNEL(conv_row)(const eseg_s8_conv_row *row) {
    static const int32_t zeros[ESEG_LANES] = {0};
    const int planes = row->int16_weights ? 2 : 1;
    const size_t block_stride = (size_t)row->tap_count * row->tap_quads * ESEG_LANES * 4;
    for (int c = row->channel_begin; c < row->channel_end;) {
        const int left = eseg_blocks(row->channel_end - c) * planes, nr = left > 4 && left < 7 ? (left + 1) / 2 / planes * planes
                                                                          : left < 4           ? left
                                                                                               : 4;
        const int lanes = nr / planes * ESEG_LANES;
        tile t = {.row = row,
                  .weights = row->weights + (size_t)(c / ESEG_LANES) * planes * block_stride,
                  .block_stride = block_stride,
                  .channel = c,
                  .channels = row->channel_end - c < lanes ? row->channel_end - c : lanes,
                  .multiplier = row->scaling.multiplier + c};
        for (int n = 0; n < nr; ++n)
            t.start[n] = row->int16_weights && n % 2 == 0 ? zeros : row->scaling.bias + c + n / planes * ESEG_LANES;
        conv_blocks(&t, nr);
        c += lanes;
    }
}
