// AVX-512 VNNI. A vector is 16 int32 accumulators, or the 4 bytes of each of 16 channels. The parallel loops live elsewhere: code that
// OpenMP outlines would lose the target attribute.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../reference.h"

// Where the number of pixels is not a constant, "#pragma unroll" cannot be followed and need not be.
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))

// Requantization

typedef struct curve {
    __m512i gain, base[2], slope[2];
} curve;

INLINE curve load_curve(const eseg_curve *c) {
    curve v = {_mm512_set1_epi16(c->gain),
               {_mm512_loadu_si512(c->base), _mm512_loadu_si512(c->base + 32)},
               {_mm512_loadu_si512(c->slope), _mm512_loadu_si512(c->slope + 32)}};
    return v;
}

/// 32 int16 codes to output steps, without the zero point. The byte index of a table entry is the high byte of |t| halved.
INLINE __m512i curve_steps(const curve *c, __m512i t) {
    __m512i a = _mm512_min_epu16(_mm512_abs_epi16(t), _mm512_set1_epi16(INT16_MAX));
    __m512i i = _mm512_srli_epi16(a, 9), f = _mm512_slli_epi16(_mm512_and_si512(a, _mm512_set1_epi16(511)), 6);
    __m512i y = _mm512_mulhrs_epi16(_mm512_max_epi16(t, _mm512_setzero_si512()), c->gain);
    y = _mm512_adds_epi16(y, _mm512_permutex2var_epi16(c->base[0], i, c->base[1]));
    y = _mm512_adds_epi16(y, _mm512_mulhrs_epi16(f, _mm512_permutex2var_epi16(c->slope[0], i, c->slope[1])));
    return _mm512_srai_epi16(_mm512_adds_epi16(y, _mm512_set1_epi16(32)), 6);
}

/// Undoes the interleaving of 128-bit lanes by two rounds of packs: dword order 0,4,8,12, 1,5,9,13, …
INLINE __m512i unpermute(__m512i codes) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), codes);
}

/// 64 codes from four vectors of scaled values, in the order that packing leaves; saturating the sum in 16 bits equals saturating it in 32.
INLINE __m512i packed64(const __m512i v[4], int count, __m512i zero16, const curve *c) {
    __m512i low = _mm512_packs_epi32(v[0], count > 1 ? v[1] : v[0]);
    __m512i high = count > 2 ? _mm512_packs_epi32(v[2], count > 3 ? v[3] : v[2]) : low;
    if (c) low = curve_steps(c, low), high = count > 2 ? curve_steps(c, high) : low;
    return _mm512_packus_epi16(_mm512_adds_epi16(low, zero16), _mm512_adds_epi16(high, zero16));
}

/// The same in channel order.
INLINE __m512i codes64(const __m512i v[4], int count, __m512i zero16, const curve *c) {
    return unpermute(packed64(v, count, zero16, c));
}

/// The codes of vector `n` of packed64, each in all four bytes of its dword.
INLINE __m512i spread(__m512i packed, const int n) {
    const __m512i lanes = _mm512_setr_epi32(0x00000000, 0x01010101, 0x02020202, 0x03030303, 0x10101010, 0x11111111, 0x12121212, 0x13131313,
                                            0x20202020, 0x21212121, 0x22222222, 0x23232323, 0x30303030, 0x31313131, 0x32323232, 0x33333333);
    return _mm512_permutexvar_epi8(_mm512_add_epi8(lanes, _mm512_set1_epi8((char)(4 * n))), packed);
}

INLINE __m512i scale(__m512i accumulator, __m512 multiplier) {
    return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(accumulator), multiplier));
}

INLINE uint64_t low_bits(int count) { return count >= 64 ? ~0ull : count <= 0 ? 0 : (1ull << count) - 1; }

/// Lowest bytes of 16 dwords: a ring's slot.
static const __mmask64 EVERY_FOURTH = 0x1111111111111111;

// Convolution: a tile of MR pixels × NR blocks in registers, accumulated and stored by one function for each size.

enum { MAX_TILE = 24 };

typedef struct tile {
    const eseg_conv_row *row;
    const int8_t *weights;    // of the first block
    size_t block_stride;
    int pixel;
    int channel, channels;    // channels that exist, of up to 16 · NR
    const int32_t *start[4];  // of each block's accumulators: biases, zeros for the high bytes of wide weights
} tile;

INLINE void accumulate(const tile *t, const int mr, const int nr, __m512i sums[MAX_TILE]) {
    for (int n = 0; n < nr; ++n) {
        const __m512i start = _mm512_loadu_si512(t->start[n]);
        for (int m = 0; m < mr; ++m) sums[m * nr + n] = start;
    }
    const eseg_conv_row *row = t->row;
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
    epilogue e = {.zero = _mm512_set1_epi16((short)t->row->scaling.zero_point), .channels = low_bits(t->channels),
                  .channel = t->channel - t->row->channel_begin};
    for (int n = 0; n < nr; ++n) e.multiplier[n] = _mm512_loadu_ps(t->row->scaling.multiplier + t->channel + n * ESEG_LANES);
    return e;
}

/// Scaled values of one pixel. Where weights are wide, blocks alternate between high and low bytes.
INLINE void scaled(const epilogue *e, const __m512i *sums, const int nr, const int wide, __m512i v[4]) {
    for (int n = 0; n < nr; ++n)
        v[n] = scale(wide ? _mm512_add_epi32(_mm512_slli_epi32(sums[2 * n], 8), sums[2 * n + 1]) : sums[n], e->multiplier[n]);
}

INLINE void store_masked(uint8_t *out, __mmask64 mask, __m512i codes, const int nr) {
    if (nr == 1) _mm_mask_storeu_epi8(out, (__mmask16)mask, _mm512_castsi512_si128(codes));
    else if (nr == 2) _mm256_mask_storeu_epi8(out, (__mmask32)mask, _mm512_castsi512_si256(codes));
    else _mm512_mask_storeu_epi8(out, mask, codes);
}

INLINE void store_codes(const tile *t, const __m512i *sums, const int mr, const int nr, const int wide, const curve *c) {
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = t->row->out_stride;
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel;
#pragma unroll
    for (int m = 0; m < mr; ++m, out += stride) {
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + wide), nr, wide, v);
        store_masked(out, e.channels, codes64(v, nr, e.zero, c), nr);
    }
}

INLINE void store_ring(const tile *t, const __m512i *sums, const int mr, const int nr, const int wide, const curve *c) {
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = t->row->out_stride;
    __mmask64 slot[4];
    for (int n = 0; n < nr; ++n) slot[n] = EVERY_FOURTH & low_bits(4 * (t->channels - 16 * n));
    uint8_t *out = (uint8_t *)t->row->out + t->pixel * stride + e.channel * 4;
#pragma unroll
    for (int m = 0; m < mr; ++m, out += stride) {
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + wide), nr, wide, v);
        const __m512i codes = packed64(v, nr, e.zero, c);
        for (int n = 0; n < nr; ++n) _mm512_mask_storeu_epi8(out + 64 * n, slot[n], spread(codes, n));
    }
}

INLINE void store_sum(const tile *t, const __m512i *sums, const int mr, const int nr, const int wide) {
    const eseg_conv_row *row = t->row;
    const epilogue e = epilogue_of(t, nr);
    const size_t stride = row->out_stride, residual_stride = row->residual_stride;
    const __m512i factor = _mm512_set1_epi32((uint16_t)row->residual_multiplier);
    const __m512i half = _mm512_set1_epi32((1 << (row->shift - 1)) - row->residual_zero_point * row->residual_multiplier);
    const __m512i least = _mm512_set1_epi32(row->relu_before_add ? 0 : INT32_MIN);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const uint8_t *residual = row->residual + t->pixel * residual_stride + e.channel;
    uint8_t *out = (uint8_t *)row->out + t->pixel * stride + e.channel;
#pragma unroll
    for (int m = 0; m < mr; ++m, out += stride, residual += residual_stride) {
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + wide), nr, wide, v);
        for (int n = 0; n < nr; ++n) {
            __m512i r = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(residual + 16 * n)));
            v[n] = _mm512_add_epi32(_mm512_max_epi32(v[n], least), half);
            v[n] = _mm512_sra_epi32(_mm512_dpwssd_epi32(v[n], r, factor), shift);
        }
        store_masked(out, e.channels, codes64(v, nr, e.zero, NULL), nr);
    }
}

INLINE void store_s16(const tile *t, const __m512i *sums, const int mr, const int nr, const int wide) {
    const eseg_conv_row *row = t->row;
    const epilogue e = epilogue_of(t, nr);
    for (int m = 0; m < mr; ++m) {
        int16_t *out = (int16_t *)((uint8_t *)row->out + (t->pixel + m) * row->out_stride) + e.channel;
        __m512i v[4];
        scaled(&e, sums + m * nr * (1 + wide), nr, wide, v);
        for (int n = 0; n < nr; ++n) _mm256_mask_storeu_epi16(out + 16 * n, (__mmask16)(e.channels >> 16 * n), _mm512_cvtsepi32_epi16(v[n]));
    }
}

/// Stores of wide weights, curves and logits.
static void store_rare(const tile *t, const __m512i *sums, int mr, int nr) {
    const eseg_conv_row *row = t->row;
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
#define STORE(NR, WIDE) \
    row->store == ESEG_STORE_S16    ? store_s16(t, sums, mr, NR, WIDE) \
    : row->store == ESEG_STORE_ADD  ? store_sum(t, sums, mr, NR, WIDE) \
    : row->store == ESEG_STORE_RING ? c ? store_ring(t, sums, mr, NR, WIDE, c) : store_ring(t, sums, mr, NR, WIDE, NULL) \
    : c                             ? store_codes(t, sums, mr, NR, WIDE, c) \
                                    : store_codes(t, sums, mr, NR, WIDE, NULL)
    switch (nr) {
    case 1: STORE(1, 0); break;
    case 2: row->wide ? STORE(1, 1) : STORE(2, 0); break;
    case 3: STORE(3, 0); break;
    default: row->wide ? STORE(2, 1) : STORE(4, 0); break;
    }
#undef STORE
}

/// One tile: the stores that every network uses straight from registers, the rarer ones from memory, by the loops at `store_rare`.
INLINE void run_tile(const tile *t, const int mr, const int nr) {
    __m512i sums[MAX_TILE];
    accumulate(t, mr, nr, sums);
    const eseg_conv_row *row = t->row;
    if (row->scaling.curve || row->store == ESEG_STORE_S16 || (row->wide && (nr % 2 || row->store == ESEG_STORE_ADD))) {
        __m512i kept[MAX_TILE];
#pragma unroll
        for (int i = 0; i < mr * nr; ++i) kept[i] = sums[i];
        store_rare(t, kept, mr, nr);
    } else if (row->store == ESEG_STORE_RING) {
        row->wide ? store_ring(t, sums, mr, nr / 2, 1, NULL) : store_ring(t, sums, mr, nr, 0, NULL);
    } else if (row->store == ESEG_STORE_ADD) {
        store_sum(t, sums, mr, nr, 0);
    } else {
        row->wide ? store_codes(t, sums, mr, nr / 2, 1, NULL) : store_codes(t, sums, mr, nr, 0, NULL);
    }
}

#define TILE(MR, NR) \
    static void tile_##MR##x##NR(const tile *t) { run_tile(t, MR, NR); }
#define TILE_6(NR) TILE(1, NR) TILE(2, NR) TILE(3, NR) TILE(4, NR) TILE(5, NR) TILE(6, NR)
#define TILE_8(NR) TILE_6(NR) TILE(7, NR) TILE(8, NR)
#define TILE_12(NR) TILE_8(NR) TILE(9, NR) TILE(10, NR) TILE(11, NR) TILE(12, NR)
TILE_12(1) TILE_12(2) TILE_8(3) TILE_6(4)

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

static void conv_row(const eseg_conv_row *row) {
    static const int32_t zeros[ESEG_LANES] = {0};
    const int planes = row->wide ? 2 : 1;
    const size_t block_stride = (size_t)row->tap_count * row->tap_quads * ESEG_LANES * 4;
    for (int c = row->channel_begin; c < row->channel_end;) {
        const int left = eseg_blocks(row->channel_end - c) * planes, nr = left > 4 && left < 7 ? (left + 1) / 2 / planes * planes : left < 4 ? left : 4;
        const int lanes = nr / planes * ESEG_LANES;
        tile t = {row, row->weights + (size_t)(c / ESEG_LANES) * planes * block_stride, block_stride, 0, c,
                  row->channel_end - c < lanes ? row->channel_end - c : lanes, {0}};
        for (int n = 0; n < nr; ++n)
            t.start[n] = row->wide && n % 2 == 0 ? zeros : row->scaling.bias + c + n / planes * ESEG_LANES;
        conv_blocks(&t, nr);
        c += lanes;
    }
}

// Depthwise: columns of the kernel as dot products of four rows' bytes; the weights turn to the ring's slot, not the rows.

INLINE __m512i rotate_bytes(__m512i v, int bytes) { return _mm512_rolv_epi32(v, _mm512_set1_epi32(8 * bytes)); }

/// The kernel's columns for a ring whose first row lies in slot `first`.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, __m512i w[10]) {
    for (int x = 0; x < kernel; ++x)
        if (kernel == 3) {
            w[x] = rotate_bytes(_mm512_loadu_si512(packed + 64 * x), first);
        } else {
            // Rows 0…3 and 4 of eight slots: what leaves the first group at its end enters the second.
            __m512i a = rotate_bytes(_mm512_loadu_si512(packed + 128 * x), first % 4);
            __m512i b = rotate_bytes(_mm512_loadu_si512(packed + 128 * x + 64), first % 4);
            __mmask64 stays = EVERY_FOURTH * (0xfu & 0xfu << first % 4);
            w[2 * x + first / 4] = _mm512_mask_mov_epi8(b, stays, a);
            w[2 * x + 1 - first / 4] = _mm512_mask_mov_epi8(a, stays, b);
        }
}

/// NB blocks of channels of 4 / NB pixels at a time: 64 codes.
INLINE void depthwise_blocks(const eseg_depthwise_row *row, int channel, const int nb, const int kernel, const int stride, const curve *c) {
    const int groups = (kernel + 3) / 4, step = 4 / nb;
    const eseg_scaling *s = &row->scaling;
    const __mmask32 mask = (__mmask32)low_bits(row->channels - channel);
    const __m512i zero = _mm512_set1_epi16((short)s->zero_point);
    __m512i w[2][10], bias[2];
    __m512 multiplier[2];
    for (int n = 0; n < nb; ++n) {
        const int first = channel + n * ESEG_LANES;
        turned_weights(row->weights + (size_t)first * kernel * groups * 4, row->first_slot, kernel, w[n]);
        bias[n] = _mm512_loadu_si512(s->bias + first);
        multiplier[n] = _mm512_loadu_ps(s->multiplier + first);
    }
    const size_t pixel_stride = row->pixel_stride, group_stride = row->group_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += step, ring += step * stride * pixel_stride, out += step * out_stride) {
        __m512i v[4];
        for (int i = 0; i < 4; ++i) v[i] = bias[i % nb];
        for (int g = 0; g < groups; ++g)
            for (int x = 0; x < kernel + (step - 1) * stride; ++x)
                for (int n = 0; n < nb; ++n) {
                    const __m512i codes = _mm512_loadu_si512(ring + g * group_stride + x * pixel_stride + 64 * n);
                    for (int i = 0; i < step; ++i)
                        if (x - i * stride >= 0 && x - i * stride < kernel)
                            v[i * nb + n] = _mm512_dpbusd_epi32(v[i * nb + n], codes, w[n][(x - i * stride) * groups + g]);
                }
        for (int i = 0; i < 4; ++i) v[i] = scale(v[i], multiplier[i % nb]);
        const __m512i codes = codes64(v, 4, zero, c);
        if (nb == 2) {
            _mm256_mask_storeu_epi8(out, mask, _mm512_castsi512_si256(codes));
            if (p + 1 < row->pixels) _mm256_mask_storeu_epi8(out + out_stride, mask, _mm512_extracti64x4_epi64(codes, 1));
        } else {
            const __m128i pixel[4] = {_mm512_castsi512_si128(codes), _mm512_extracti32x4_epi32(codes, 1),
                                      _mm512_extracti32x4_epi32(codes, 2), _mm512_extracti32x4_epi32(codes, 3)};
            for (int i = 0; i < 4; ++i)
                if (p + i < row->pixels) _mm_mask_storeu_epi8(out + i * out_stride, (__mmask16)mask, pixel[i]);
        }
    }
}

INLINE void depthwise_channels(const eseg_depthwise_row *row, const int kernel, const int stride, const curve *c) {
    int channel = 0;
    for (; row->channels - channel > ESEG_LANES; channel += 2 * ESEG_LANES) depthwise_blocks(row, channel, 2, kernel, stride, c);
    if (channel < row->channels) depthwise_blocks(row, channel, 1, kernel, stride, c);
}

static void depthwise_row(const eseg_depthwise_row *row) {
    curve held;
    if (row->scaling.curve) held = load_curve(row->scaling.curve);
#define DEPTHWISE(K, S) row->scaling.curve ? depthwise_channels(row, K, S, &held) : depthwise_channels(row, K, S, NULL)
    if (row->kernel == 3 && row->stride == 1) DEPTHWISE(3, 1);
    else if (row->kernel == 3) DEPTHWISE(3, 2);
    else if (row->stride == 1) DEPTHWISE(5, 1);
    else DEPTHWISE(5, 2);
#undef DEPTHWISE
}

// Fusion

/// Sums of one pixel.
typedef struct sources {
    const uint8_t *rows[ESEG_MAX_FUSED];
    const int32_t *columns[ESEG_MAX_FUSED];
    __m512i multipliers[ESEG_MAX_FUSED];
    __m512i bias;
    const int32_t *coarse, *coarse_columns;
} sources;

INLINE sources sources_of(const eseg_fuse_row *row, int channel, const int inputs) {
    sources s = {.bias = row->bias ? _mm512_loadu_si512(row->bias + channel) : _mm512_setzero_si512(),
                 .coarse = row->coarse ? row->coarse + channel : NULL, .coarse_columns = row->coarse_columns};
    for (int i = 0; i < inputs; ++i) {
        s.rows[i] = row->rows[i] + channel;
        s.columns[i] = row->columns[i];
        s.multipliers[i] = _mm512_and_si512(_mm512_loadu_si512(row->multipliers[i] + channel), _mm512_set1_epi32(0xffff));
    }
    return s;
}

INLINE __m512i sum_sources(const sources *s, int pixel, const int inputs, const int coarse) {
    __m512i sum = s->bias;
    if (coarse) sum = _mm512_add_epi32(sum, _mm512_loadu_si512(s->coarse + s->coarse_columns[pixel]));
    for (int i = 0; i < inputs; ++i) {
        const __m128i codes = _mm_loadu_si128((const __m128i *)(s->rows[i] + s->columns[i][pixel]));
        sum = _mm512_dpwssd_epi32(sum, _mm512_cvtepu8_epi32(codes), s->multipliers[i]);
    }
    return sum;
}

INLINE void fuse_block(const eseg_fuse_row *row, int channel, const int inputs, const int coarse, const curve *c) {
    const int left = row->channels - channel;
    const sources s = sources_of(row, channel, inputs);
    if (row->wide) {
        for (int p = 0; p < row->pixels; ++p)
            _mm512_mask_storeu_epi32(row->wide + p * row->wide_stride + channel, (__mmask16)low_bits(left), sum_sources(&s, p, inputs, coarse));
        return;
    }
    const __mmask64 slot = EVERY_FOURTH & low_bits(4 * left);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const __m512i zero = _mm512_set1_epi16((short)row->zero_point);
    const size_t stride = row->out_stride;
    uint8_t *out = row->out + channel * 4;
    for (int p = 0; p < row->pixels; p += 2, out += 2 * stride) {
        const int next = p + 1 < row->pixels;
        const __m512i v[2] = {_mm512_sra_epi32(sum_sources(&s, p, inputs, coarse), shift),
                              _mm512_sra_epi32(sum_sources(&s, p + next, inputs, coarse), shift)};
        const __m512i codes = packed64(v, 2, zero, c);
        _mm512_mask_storeu_epi8(out, slot, spread(codes, 0));
        if (next) _mm512_mask_storeu_epi8(out + stride, slot, spread(codes, 1));
    }
}

static void fuse_row(const eseg_fuse_row *row) {
    curve held;
    if (row->curve) held = load_curve(row->curve);
#define FUSE(N, COARSE) row->curve ? fuse_block(row, channel, N, COARSE, &held) : fuse_block(row, channel, N, COARSE, NULL)
    for (int channel = 0; channel < row->channels; channel += ESEG_LANES) {
        if (row->coarse && row->inputs == 1) FUSE(1, 1);
        else if (row->coarse) FUSE(row->inputs, 1);
        else if (row->inputs == 2) FUSE(2, 0);
        else if (row->inputs == 3) FUSE(3, 0);
        else FUSE(row->inputs, 0);
    }
#undef FUSE
}

// Moving, pooling, gating

static void copy_row(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; c += ESEG_LANES) {
            __mmask16 mask = (__mmask16)low_bits(channels - c);
            __m512i codes = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, in + p * in_stride + c));
            _mm512_mask_storeu_epi8(out + p * out_stride + 4 * c, EVERY_FOURTH & low_bits(4 * (channels - c)), codes);
        }
}

static void pool_row(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out, size_t out_stride) {
    for (int c = 0; c < channels; c += 64) {
        const __mmask64 mask = low_bits(channels - c);
        for (int p = 0; p < out_width; ++p) {
            __m512i max = _mm512_setzero_si512();
            for (int x = 2 * p > 0 ? 2 * p - 1 : 0; x <= 2 * p + 1 && x < in_width; ++x)
                for (int y = 0; y < 3; ++y) max = _mm512_max_epu8(max, _mm512_maskz_loadu_epi8(mask, rows[y] + x * in_stride + c));
            _mm512_mask_storeu_epi8(out + p * out_stride + c, mask, max);
        }
    }
}

static void sum_row(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    for (int c = 0; c < channels; c += ESEG_LANES) {
        const __mmask16 mask = (__mmask16)low_bits(channels - c);
        __m512i sum = _mm512_maskz_loadu_epi32(mask, sums + c);
        for (int p = 0; p < pixels; ++p) sum = _mm512_add_epi32(sum, _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, in + p * in_stride + c)));
        _mm512_mask_storeu_epi32(sums + c, mask, sum);
    }
}

static void gate_row(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const __m512i in = _mm512_set1_epi16((short)in_zero), out = _mm512_set1_epi16((short)out_zero);
    for (int c = 0; c < channels; c += 32) {
        const __mmask32 mask = (__mmask32)low_bits(channels - c);
        const __m512i gate = _mm512_maskz_loadu_epi16(mask, gates + c);
        for (int p = 0; p < pixels; ++p) {
            uint8_t *q = codes + p * stride + c;
            __m512i v = _mm512_sub_epi16(_mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, q)), in);
            v = _mm512_add_epi16(_mm512_mulhrs_epi16(_mm512_slli_epi16(v, 2), gate), out);
            _mm256_mask_storeu_epi8(q, mask, _mm512_cvtusepi16_epi8(_mm512_max_epi16(v, _mm512_setzero_si512())));
        }
    }
}

// Upsampling: rows are blended once into [classes][source_width] values ×128 and their differences; 16 pixels then span at most 16 columns.

static void upsample_row(const eseg_upsample_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    const __m512i weight = _mm512_set1_epi32(row->bottom_weight);
    for (int c = 0; c < row->classes; ++c) {
        const int16_t *top = row->top + c * row->plane_stride, *bottom = row->bottom + c * row->plane_stride;
        int32_t *to = left + c * row->plane_stride;
        for (int x = 0; x < row->source_width; x += ESEG_LANES) {
            __m512i t = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(top + x)));
            __m512i b = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(bottom + x)));
            t = _mm512_add_epi32(_mm512_slli_epi32(t, 7), _mm512_mullo_epi32(weight, _mm512_sub_epi32(b, t)));
            _mm512_storeu_si512(to + x, t);
        }
        to[row->source_width] = to[row->source_width - 1];
        for (int x = 0; x < row->source_width; x += ESEG_LANES) {
            __m512i a = _mm512_loadu_si512(to + x), b = _mm512_loadu_si512(to + x + 1);
            _mm512_storeu_si512(rise + c * row->plane_stride + x, _mm512_sub_epi32(b, a));
        }
    }
    for (int p = 0; p < row->pixels; p += ESEG_LANES) {
        const int first = row->columns[p];
        const __m512i at = _mm512_sub_epi32(_mm512_loadu_si512(row->columns + p), _mm512_set1_epi32(first));
        const __m512i w = _mm512_loadu_si512(row->weights + p);
        __m512i most = _mm512_set1_epi32(INT32_MIN), best = _mm512_setzero_si512();
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            __m512i a = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(left + plane));
            __m512i d = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(rise + plane));
            __m512i v = _mm512_add_epi32(_mm512_slli_epi32(a, 7), _mm512_mullo_epi32(d, w));
            best = _mm512_mask_mov_epi32(best, _mm512_cmpgt_epi32_mask(v, most), _mm512_set1_epi32(c));
            most = _mm512_max_epi32(most, v);
        }
        const __mmask16 mask = (__mmask16)low_bits(row->pixels - p);
        _mm512_mask_cvtepi32_storeu_epi8(row->out + p, mask, best);
    }
}

static int64_t peak(int64_t rounds) {
    static volatile int32_t sink;
    __m512i sums[12];
    for (int i = 0; i < 12; ++i) sums[i] = _mm512_set1_epi32(i);
    __m512i codes = _mm512_set1_epi32(sink), weights = _mm512_set1_epi32(sink + 1);
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < 12; ++i) {
            sums[i] = _mm512_dpbusd_epi32(sums[i], codes, weights);
            __asm__ volatile("" : "+v"(sums[i]));
        }
    for (int i = 1; i < 12; ++i) sums[0] = _mm512_add_epi32(sums[0], sums[i]);
    sink = _mm512_cvtsi512_si32(sums[0]);
    return rounds * 12 * 64;
}

const eseg_kernels eseg_kernels_avx512vnni = {
    .isa = ESEG_ISA_AVX512VNNI,
    .conv_row = conv_row,
    .depthwise_row = depthwise_row,
    .fuse_row = fuse_row,
    .copy_row = copy_row,
    .pool_row = pool_row,
    .sum_row = sum_row,
    .gate_row = gate_row,
    .upsample_row = upsample_row,
    .peak = peak,
};

#pragma clang attribute pop

#endif
