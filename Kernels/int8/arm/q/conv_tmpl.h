// Convolution: tiles are accumulated by the instruction set's `accumulate` and stored by one function for each size.

/// What the epilogues of a tile's pixels share.
typedef struct epilogue {
    int16x8_t zero;
    float32x4_t multiplier[4];
#if defined(SQUARES)
    float32x4_t square[8];  // multipliers of 2 pixels × 2 channels
#endif
    size_t channel;
} epilogue;

INLINE epilogue epilogue_of(const tile *t, const int nv) {
    epilogue e = {.zero = vdupq_n_s16((int16_t)t->row->scaling.zero_point), .channel = t->channel - t->row->channel_begin};
    for (int n = 0; n < nv; ++n) e.multiplier[n] = vld1q_f32(t->row->scaling.multiplier + t->channel + LANES * n);
#if defined(SQUARES)
    for (int n = 0; n < 2 * nv; ++n) {
        const float64x2_t pairs = vreinterpretq_f64_f32(e.multiplier[n / 2]);
        e.square[n] = vreinterpretq_f32_f64(n % 2 ? vdupq_laneq_f64(pairs, 1) : vdupq_laneq_f64(pairs, 0));
    }
#endif
    return e;
}

#if defined(SQUARES)
/// The codes of two pixels' 16 channels, still without a curve: bytes are fewer to separate than sums.
INLINE void codes_of_squares(const epilogue *e, const int32x4_t squares[8], uint8x16_t codes[2]) {
    uint16x8_t pairs[2];
    for (int half = 0; half < 2; ++half) {
        int32x4_t v[4];
        for (int i = 0; i < 4; ++i) v[i] = scale(squares[4 * half + i], e->square[4 * half + i]);
        pairs[half] = vreinterpretq_u16_u8(codes16(v, e->zero, NULL));
    }
    codes[0] = vreinterpretq_u8_u16(vuzp1q_u16(pairs[0], pairs[1]));
    codes[1] = vreinterpretq_u8_u16(vuzp2q_u16(pairs[0], pairs[1]));
}

/// Stores whole tiles of 4 vectors from squares.
INLINE void store_squares(const tile *t, const epilogue *e, const int32x4_t *squares, const int mr, const int ring) {
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e->channel * (ring ? 4 : 1);
#pragma unroll
    for (int m = 0; m < mr; m += 2) {
        uint8x16_t codes[2];
        codes_of_squares(e, squares + 4 * m, codes);
        for (int i = 0; i < 2 && m + i < mr; ++i, out += stride) {
            if (ring) store_slot(out, codes[i], 16);
            else store_bytes(out, codes[i], 16);
        }
    }
}
#endif

/// Scaled values of the 4 / NV pixels from `m` on; behind the tile's last pixel it repeats.
INLINE void scaled(const epilogue *e, const int32x4_t *sums, int m, const int mr, const int nv, int32x4_t v[4]) {
    for (int i = 0; i < 4; ++i) v[i] = scale(sums[(m + i / nv < mr ? m + i / nv : mr - 1) * nv + i % nv], e->multiplier[i % nv]);
}

/// Stores the codes of 4 / NV pixels, or as many as are left, with `store`.
#define STORE_PIXELS(STORE, OUT, STRIDE, LEFT, NV, CODES, COUNT)                              \
    do {                                                                                      \
        const uint8x16_t all_ = (CODES);                                                      \
        STORE(OUT, all_, COUNT);                                                              \
        if ((NV) == 2 && (LEFT) > 1) STORE((OUT) + (STRIDE), vextq_u8(all_, all_, 8), COUNT); \
    } while (0)

INLINE void store_codes(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv, int count, const curve *c) {
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e->channel;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        int32x4_t v[4];
        scaled(e, sums, m, mr, nv, v);
        STORE_PIXELS(store_bytes, out, stride, mr - m, nv, codes16(v, e->zero, c), count);
    }
}

INLINE void store_ring(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv, int count, const curve *c) {
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e->channel * 4;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        int32x4_t v[4];
        scaled(e, sums, m, mr, nv, v);
        STORE_PIXELS(store_slot, out, stride, mr - m, nv, ring_codes(codes16(v, e->zero, c)), count);
    }
}

INLINE void store_rounded_sum(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv, int count,
                              const int relu) {
    const eseg_s8_conv_row *row = t->row;
    const size_t stride = row->out_stride, residual_stride = row->residual_stride;
    const int16x4_t factor = vdup_n_s16(row->residual_multiplier);
    const uint8x8_t residual_zero = vdup_n_u8((uint8_t)row->residual_zero_point);
    const int32x4_t zeros = vdupq_n_s32(0), shift = vdupq_n_s32(-row->shift);
    const uint8_t *residual = row->residual + t->pixel * residual_stride + e->channel;
    uint8_t *out = (uint8_t *)row->out + t->pixel * stride + e->channel;
#pragma unroll
    for (int m = 0; m < mr; m += 4 / nv, out += 4 / nv * stride) {
        int32x4_t v[4];
        scaled(e, sums, m, mr, nv, v);
        for (int i = 0; i < 4; i += 2) {
            const uint8_t *from = residual + (m + i / nv < mr ? m + i / nv : mr - 1) * residual_stride + LANES * (i % nv);
            const int16x8_t r = vreinterpretq_s16_u16(vsubl_u8(vld1_u8(from), residual_zero));
            if (relu) v[i] = vmaxq_s32(v[i], zeros), v[i + 1] = vmaxq_s32(v[i + 1], zeros);
            v[i] = vmlal_s16(v[i], vget_low_s16(r), factor);
            v[i + 1] = vmlal_high_s16(v[i + 1], r, vcombine_s16(factor, factor));
        }
        for (int i = 0; i < 4; ++i) v[i] = vrshlq_s32(v[i], shift);
        STORE_PIXELS(store_bytes, out, stride, mr - m, nv, codes16(v, e->zero, NULL), count);
    }
}

INLINE void store_sum(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv, int count) {
    if (t->row->relu_before_add) store_rounded_sum(t, e, sums, mr, nv, count, 1);
    else store_rounded_sum(t, e, sums, mr, nv, count, 0);
}

INLINE void store_s16(const tile *t, const epilogue *e, const int32x4_t *sums, const int mr, const int nv) {
    for (int i = 0; i < mr * nv; i += 2) {
        const int channel = LANES * (i % nv), left = t->channels - channel;
        int16_t *out = (int16_t *)((uint8_t *)t->row->out + (t->pixel + i / nv) * t->row->out_stride) + e->channel + channel;
        const int16x4_t low = vqmovn_s32(scale(sums[i], e->multiplier[i % nv]));
        if (left > 0) store_bytes(out, vreinterpretq_u8_s16(vqmovn_high_s32(low, scale(sums[i + 1], e->multiplier[i % nv + 1]))), 2 * left);
    }
}

/// Scales sums where negative values have slopes. What was rounded to an integer is a float too: multipliers of 1 keep it.
INLINE void bend_sums(const tile *t, epilogue *e, int32x4_t *sums, int mr, const int nv) {
    for (int n = 0; n < nv; ++n) {
        const float32x4_t slope = vld1q_f32(t->row->scaling.slope + t->channel + LANES * n);
        for (int m = 0; m < mr; ++m) sums[m * nv + n] = scale_and_bend(sums[m * nv + n], e->multiplier[n], slope);
        e->multiplier[n] = vdupq_n_f32(1);
    }
}

/// Stores of curves, slopes, logits and channels that do not fill a tile.
INLINE void store_rare(const tile *t, int32x4_t *sums, int mr, const int nv) {
    epilogue held = epilogue_of(t, nv), *const e = &held;
    if (t->row->scaling.slope) bend_sums(t, e, sums, mr, nv);
    switch (t->row->store) {
    case ESEG_S8_STORE_CODES: store_codes(t, e, sums, mr, nv, t->channels, t->curve); break;
    case ESEG_S8_STORE_RING: store_ring(t, e, sums, mr, nv, t->channels, t->curve); break;
    case ESEG_S8_STORE_SUM: store_sum(t, e, sums, mr, nv, t->channels); break;
    case ESEG_S8_STORE_LOGITS: store_s16(t, e, sums, mr, nv); break;
    }
}

/// Pixels that wait for a curve: whole tiles.
enum { WAITING_PIXELS = 60 };

/// Whether whole tiles wait for a curve.
INLINE int waits(const tile *t, const int nv) {
    const eseg_s8_store store = t->row->store;
    return nv == 4 && t->curve && !t->row->scaling.slope && t->channels == LANES * nv &&
           (store == ESEG_S8_STORE_CODES || store == ESEG_S8_STORE_RING);
}

/// Scales and narrows the sums, as they lie. Of squares, only a row's last tile has an odd number of pixels.
INLINE void keep_tile(const epilogue *e, const int32x4_t *sums, const int mr, waiting *values) {
#if defined(SQUARES)
    const float32x4_t *multiplier = e->square;
    const int count = (mr + 1) / 2 * 2, period = 2;
#else
    const float32x4_t *multiplier = e->multiplier;
    const int count = mr, period = 1;
#endif
#pragma unroll
    for (int k = 0; k < count; ++k) {
        int32x4_t v[4];
        for (int i = 0; i < 4; ++i) v[i] = scale(sums[4 * k + i], multiplier[4 * (k % period) + i]);
        narrowed(v, values[k]);
    }
}

INLINE void store_sixteen(uint8_t *out, uint8x16_t codes, const int ring) {
    if (ring) store_slot(out, ring_codes(codes), 16);
    else vst1q_u8(out, codes);
}

/// Stores the codes of pixels that have waited, from `out` on.
INLINE void store_waiting(const curve *from, int16x8_t zero, const waiting *values, int pixels, uint8_t *out, size_t stride,
                          const int ring) {
    const curve c = *from;
#if defined(SQUARES)
    for (; pixels > 0; pixels -= 2, values += 2) {
        const uint16x8_t a = vreinterpretq_u16_u8(curve_codes(&c, values[0], zero)),
                         b = vreinterpretq_u16_u8(curve_codes(&c, values[1], zero));
        store_sixteen(out, vreinterpretq_u8_u16(vuzp1q_u16(a, b)), ring);
        out += stride;
        if (pixels == 1) return;
        store_sixteen(out, vreinterpretq_u8_u16(vuzp2q_u16(a, b)), ring);
        out += stride;
    }
#else
    for (; pixels > 0; --pixels, ++values, out += stride) store_sixteen(out, curve_codes(&c, *values, zero), ring);
#endif
}

static void store_waiting_codes(const curve *c, int16x8_t zero, const waiting *values, int pixels, uint8_t *out, size_t stride) {
    store_waiting(c, zero, values, pixels, out, stride, 0);
}
static void store_waiting_ring(const curve *c, int16x8_t zero, const waiting *values, int pixels, uint8_t *out, size_t stride) {
    store_waiting(c, zero, values, pixels, out, stride, 1);
}

/// `count` tiles whose values wait for a curve.
INLINE void run_waiting_tiles(tile *all, int count, const int mr) {
    const eseg_s8_conv_row row = *all->row;
    tile copy = *all, *t = &copy;
    t->row = &row;
    const epilogue e = epilogue_of(t, 4);
    const int ring = row.store == ESEG_S8_STORE_RING;
    uint8_t *out = (uint8_t *)row.out + t->pixel * row.out_stride + e.channel * (ring ? 4 : 1);
    all->pixel += count * mr;
    while (count > 0) {
        waiting values[WAITING_PIXELS];
        const int tiles = count * mr < WAITING_PIXELS ? count : WAITING_PIXELS / mr;
        for (int n = 0; n < tiles; ++n, t->pixel += mr) {
            int32x4_t sums[MAX_TILE];
            accumulate(t, mr, 4, sums);
            keep_tile(&e, sums, mr, values + n * mr);
        }
        (ring ? store_waiting_ring : store_waiting_codes)(t->curve, e.zero, values, tiles * mr, out, row.out_stride);
        out += tiles * mr * row.out_stride;
        count -= tiles;
    }
}

static void store_rare_2(const tile *t, int32x4_t *sums, int mr) { store_rare(t, sums, mr, 2); }
static void store_rare_4(const tile *t, int32x4_t *sums, int mr) { store_rare(t, sums, mr, 4); }

/// `count` tiles, one behind the other: the stores that every network uses straight from registers, the rarer ones from memory, by loops.
/// They work on copies of the tile and the row that no store can change, so that what they hold stays in registers.
INLINE void run_tiles(tile *all, int count, const int mr, const int nv) {
    const eseg_s8_conv_row row = *all->row;
    tile copy = *all, *t = &copy;
    t->row = &row;
    const epilogue e = epilogue_of(t, nv);
    const eseg_s8_store store = row.store;
    const int rare = t->curve || row.scaling.slope || store == ESEG_S8_STORE_LOGITS || t->channels < LANES * nv;
    for (; count > 0; --count, t->pixel += mr, all->pixel += mr) {
        int32x4_t sums[MAX_TILE];
        accumulate(t, mr, nv, sums);
#if defined(SQUARES)
        if (nv == 4 && !rare && store != ESEG_S8_STORE_SUM) {
            if (store == ESEG_S8_STORE_RING) store_squares(t, &e, sums, mr, 1);
            else store_squares(t, &e, sums, mr, 0);
            continue;
        }
        separate(sums, mr, nv);
#endif
        if (rare) {
            int32x4_t kept[MAX_TILE];
#pragma unroll
            for (int i = 0; i < mr * nv; ++i) kept[i] = sums[i];
            (nv == 2 ? store_rare_2 : store_rare_4)(all, kept, mr);
        } else if (store == ESEG_S8_STORE_RING) {
            store_ring(t, &e, sums, mr, nv, LANES * nv, NULL);
        } else if (store == ESEG_S8_STORE_SUM) {
            store_sum(t, &e, sums, mr, nv, LANES * nv);
        } else {
            store_codes(t, &e, sums, mr, nv, LANES * nv, NULL);
        }
    }
}

#if defined(TILES_8)
#include "pairs_tmpl.h"
#else
#define TILES_6
#define TILES_8
#endif

#define TILE(MR, NV)                                       \
    static void tiles_##MR##x##NV(tile *t, int count) {    \
        if (waits(t, NV)) run_waiting_tiles(t, count, MR); \
        else run_tiles(t, count, MR, NV);                  \
    }
TILES

#if defined(RECTIFIED)
/// How a row's block of 16 channels is stored.
typedef enum straight { STRAIGHT_NOT, STRAIGHT_RECTIFIED, STRAIGHT_SCALED } straight;

/// Readies the tile to be stored straight from registers, if the row and the block allow for it.
INLINE straight begin_straight(tile *t, const int8_t *block) {
    const eseg_s8_conv_row *row = t->row;
    const int codes = row->store == ESEG_S8_STORE_CODES || row->store == ESEG_S8_STORE_RING;
    if (row->scaling.curve || row->scaling.slope || !codes || t->channels < ESEG_LANES || t->channel % ESEG_LANES) return STRAIGHT_NOT;
    t->rectified = eseg_s8_rectified_at(block + HEADER - ESEG_S8_RECTIFIED_SIZE(RECTIFIED), RECTIFIED);
    if (row->scaling.zero_point == 0 && t->rectified.holds && !row->int16_weights) {
        for (int n = 0; n < RECTIFIED / LANES; ++n) t->start[n] = vld1q_s32(t->rectified.start + LANES * n);
        return STRAIGHT_RECTIFIED;
    }
    if (!t->rectified.narrow) return STRAIGHT_NOT;
    const epilogue e = epilogue_of(t, 4);
    for (int n = 0; n < RECTIFIED / LANES; ++n) vst1q_f32(t->multipliers + LANES * n, IN_ORDER_OF_SUMS(e)[n]);
    return STRAIGHT_SCALED;
}

/// `count` tiles of 16 channels.
INLINE void run_straight(tile *t, int count, const int mr, const int ring, const int rectified, const int paired) {
    const eseg_s8_conv_row *row = t->row;
    const finish f = {rectified ? t->rectified.multiplier : t->multipliers, t->rectified.offset, &row->scaling.zero_point};
    const size_t stride = row->out_stride, plane = !rectified && row->int16_weights ? t->plane : 0;
    const int8_t *w = t->weights;
    const int32_t *start = rectified ? t->rectified.start : (const int32_t *)t->start;
    uint8_t *out = (uint8_t *)row->out + t->pixel * stride + (t->channel - row->channel_begin) * (ring ? 4 : 1);
    const size_t pairs = mr / 2 * pair_bytes(row->tap_quads);
    span s = span_of(t);
    if (mr >= ASSEMBLED_PIXELS) t->pixel += count * mr;
    for (; count != 0; --count, s.offset += mr * s.stride, out += mr * stride) {
        int32x4_t sums[MAX_TILE];
        if (mr >= ASSEMBLED_PIXELS) {
            if (!paired) s.pairs = NULL;
            assembled_products(&s, w, plane, start, mr, sums);
            if (paired) s.pairs += pairs;
            store_assembled(&f, sums, mr, out, stride, ring, rectified);
        } else {
            accumulate(t, mr, 4, sums);
            store_rectified(&f, sums, mr, out, stride, ring);
            t->pixel += mr;
        }
    }
}
#define STRAIGHT_TILE(NAME, MR, RECTIFIED)                                                    \
    static void NAME##_##MR(tile *t, int count) {                                             \
        if (t->row->store == ESEG_S8_STORE_RING) run_straight(t, count, MR, 1, RECTIFIED, 0); \
        else if (t->pairs) run_straight(t, count, MR, 0, RECTIFIED, 1);                       \
        else run_straight(t, count, MR, 0, RECTIFIED, 0);                                     \
    }
#define RECTIFIED_TILE(MR) STRAIGHT_TILE(rectified, MR, 1)
#define SCALED_TILE(MR) STRAIGHT_TILE(scaled, MR, 0)
RECTIFIED_TILES
static void (*const rectified_tiles[])(tile *t, int count) = {NULL, RECTIFIED_NAMES};
static void (*const scaled_tiles[])(tile *t, int count) = {NULL, SCALED_NAMES};
#endif

/// Tiles of [pixels].
static void (*const tiles_2[])(tile *t, int count) = {NULL, TILES_2};
static void (*const tiles_4[])(tile *t, int count) = {NULL, TILES_4};
static void (*const tiles_6[])(tile *t, int count) = {NULL, TILES_6};
static void (*const tiles_8[])(tile *t, int count) = {NULL, TILES_8};
#define MOST(TILES) ((int)(sizeof(TILES) / sizeof(TILES)[0]) - 1)

/// Tiles are as near to each other in width as the pixels allow: 9 pixels are 5 + 4, not 6 + 3. Pairs of pixels are fewer if all tiles but
/// the last one are as large as can be: 15 pixels are 6 + 6 + 3.
static void conv_block(tile *t, void (*const tiles[])(tile *t, int count), int most) {
    t->pixel = 0;
#if defined(SQUARES)
    const int rest = t->row->pixels % most;
    if (t->row->pixels >= most) tiles[most](t, t->row->pixels / most);
    if (rest > 0) tiles[rest](t, 1);
    return;
#endif
    const int count = (t->row->pixels + most - 1) / most, width = t->row->pixels / count, wider = t->row->pixels % count;
    if (wider > 0) tiles[width + 1](t, wider);
    tiles[width](t, count - wider);
}

static void conv_blocks(const eseg_s8_conv_row *row, size_t block_size, const uint8_t *pairs) {
    curve held;
    if (row->scaling.curve) held = load_curve(row->scaling.curve);
    tile t = {.row = row, .curve = row->scaling.curve ? &held : NULL, .pairs = pairs};
    const int plain = !row->scaling.curve && !row->scaling.slope && !row->int16_weights && row->store != ESEG_S8_STORE_LOGITS;
    for (int channel = row->channel_begin; channel < row->channel_end; channel += t.channels) {
        const int left = row->channel_end - channel, four_vectors = MOST(tiles_4) > 0 && left > 2 * LANES;
        const int pair = MOST(tiles_8) > 0 && left >= 6 * LANES && plain && channel % ESEG_LANES == 0;
        const int lanes = pair ? (left >= 8 * LANES ? 8 : 6) * LANES : four_vectors ? 4 * LANES : 2 * LANES;
        t.channel = channel;
        t.channels = left < lanes ? left : lanes;
        const int8_t *block = row->weights + (size_t)(channel / ESEG_LANES) * block_size;
        set_weights(&t, block);
#if defined(RECTIFIED)
        const straight way = begin_straight(&t, block);
        if (way != STRAIGHT_RECTIFIED) set_start(&t, block);
        if (way != STRAIGHT_NOT) {
            conv_block(&t, way == STRAIGHT_RECTIFIED ? rectified_tiles : scaled_tiles, MOST(rectified_tiles));
            continue;
        }
#endif
        if (lanes == 8 * LANES) conv_block(&t, tiles_8, MOST(tiles_8));
        else if (lanes == 6 * LANES) conv_block(&t, tiles_6, MOST(tiles_6));
        else if (four_vectors) conv_block(&t, tiles_4, MOST(tiles_4));
        else conv_block(&t, tiles_2, MOST(tiles_2));
    }
}

#if defined(RECTIFIED)
#define GATHERED_BYTES(ROW, BLOCK_SIZE) eseg_s8_gathered_at((ROW)->weights + HEADER - ESEG_S8_RECTIFIED_SIZE(RECTIFIED), RECTIFIED)
#endif

#if defined(GATHERED_BYTES)
/// The bytes of all taps of each pixel, one pixel behind the other. Later bytes are stored over what earlier taps read too much.
INLINE void gather(const uint8_t *const *taps, size_t stride, const int tap_count, int tap_bytes, int pixels, uint8_t *out) {
    for (size_t at = 0; pixels > 0; --pixels, at += stride, out += ESEG_S8_GATHERED)
        for (int k = 0; k < tap_count; ++k) vst1q_u8(out + k * tap_bytes, vld1q_u8(taps[k] + at));
}

static void conv_gathered(const eseg_s8_conv_row *row, int tap_bytes, size_t block_size) {
    enum { STEP = 120 };
    uint8_t gathered[STEP * ESEG_S8_GATHERED + ESEG_SLACK];
    const uint8_t *tap = gathered, *taps[ESEG_S8_GATHERED];
    eseg_s8_conv_row part = *row;
    part.taps = &tap;
    part.tap_count = 1;
    part.tap_quads = (row->tap_count * tap_bytes + 3) / 4;
    part.pixel_stride = ESEG_S8_GATHERED;
    for (int first = 0; first < row->pixels; first += STEP) {
        part.pixels = row->pixels - first < STEP ? row->pixels - first : STEP;
        for (int k = 0; k < row->tap_count; ++k) taps[k] = row->taps[k] + first * row->pixel_stride;
        if (row->tap_count == 3) gather(taps, row->pixel_stride, 3, tap_bytes, part.pixels, gathered);
        else gather(taps, row->pixel_stride, row->tap_count, tap_bytes, part.pixels, gathered);
        part.out = (uint8_t *)row->out + first * row->out_stride;
        if (row->residual) part.residual = row->residual + first * row->residual_stride;
        conv_blocks(&part, block_size, NULL);
    }
}
#endif

#if defined(SQUARES)
/// Channels from which on it pays to pair the pixels for all of them, and the bytes that are paired at a time.
enum { PAIRED_CHANNELS = 5 * ESEG_LANES, PAIRED_BYTES = 32 << 10 };

/// Pixels that are paired at a time: whole tiles.
static int paired_pixels(const eseg_s8_conv_row *row) {
    return (int)(PAIRED_BYTES / (pair_bytes(row->tap_quads) * MOST(tiles_4) / 2)) * MOST(tiles_4);
}

/// 16 codes of each pixel of a pair, as 8 of each, then the next 8.
INLINE void pair_sixteen(const uint8_t *a, const uint8_t *b, uint8_t *out) {
    const uint8x16_t first = vld1q_u8(a), second = vld1q_u8(b);
    vst1q_u8(out, first_halves(first, second));
    vst1q_u8(out + 16, second_halves(first, second));
}

/// All codes of pairs of pixels. An odd last pixel stands for the one behind it.
static void pair_pixels(const uint8_t *from, size_t stride, int quads, int pixels, uint8_t *out) {
    const int eights = (quads + 1) / 2;
    for (; pixels > 0; pixels -= 2, from += 2 * stride) {
        const uint8_t *a = from, *b = pixels > 1 ? from + stride : from;
        for (int n = eights / 8; n != 0; --n, a += 64, b += 64, out += 128)
            for (int i = 0; i < 4; ++i) pair_sixteen(a + 16 * i, b + 16 * i, out + 32 * i);
        for (int n = eights % 8 / 2; n != 0; --n, a += 16, b += 16, out += 32) pair_sixteen(a, b, out);
        if (eights % 2 == 0) continue;
        vst1q_u8(out, vcombine_u8(vld1_u8(a), vld1_u8(b)));
        out += 16;
    }
}

static void conv_paired(const eseg_s8_conv_row *row, size_t block_size) {
    uint8_t pairs[PAIRED_BYTES];
    const int step = paired_pixels(row);
    eseg_s8_conv_row part = *row;
    const uint8_t *tap = row->taps[0];
    part.taps = &tap;
    for (int first = 0; first < row->pixels; first += step) {
        part.pixels = row->pixels - first < step ? row->pixels - first : step;
        tap = row->taps[0] + first * row->pixel_stride;
        pair_pixels(tap, row->pixel_stride, row->tap_quads, part.pixels, pairs);
        part.out = (uint8_t *)row->out + first * row->out_stride;
        if (row->residual) part.residual = row->residual + first * row->residual_stride;
        conv_blocks(&part, block_size, pairs);
    }
}
#endif

void KERNEL(conv_row)(const eseg_s8_conv_row *row) {
    const size_t block_size = LAYOUT.conv_size(1, row->tap_count, row->tap_quads, row->int16_weights);
#if defined(GATHERED_BYTES)
    const int tap_bytes = GATHERED_BYTES(row, block_size);
    if (tap_bytes > 0) {
        conv_gathered(row, tap_bytes, block_size);
        return;
    }
#endif
#if defined(SQUARES)
    const int channels = row->channel_end - row->channel_begin;
    if (row->tap_count == 1 && !row->int16_weights && row->store != ESEG_S8_STORE_RING && channels >= PAIRED_CHANNELS &&
        paired_pixels(row) > 0) {
        conv_paired(row, block_size);
        return;
    }
#endif
    conv_blocks(row, block_size, NULL);
}
