// Packing for NEON. Every instruction set reads the codes of a pixel in pieces of its own; a block holds, if the instruction set's products
// take signed codes, what that adds to each channel's sum (codes − 128: 128 · Σ weights), then what its rectified codes need, then the
// pieces of all taps.

#if defined(__aarch64__)

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "rectified.h"

enum { CORRECTION = ESEG_LANES * sizeof(int32_t) };

/// Where a tap's bytes go: into `bytes` for each channel, weights of tap byte `byte` of channel `lane` at `place`.
typedef struct layout {
    int corrected;
    int rectified;  // values of each kind; 0: none
    int squares;    // they lie in squares
    int limited;    // plain NEON: limits stand behind the taps, or pairs of columns behind a depthwise kernel
    int ahead;      // bytes behind a block that tiles load, but do not use
    size_t (*tap_size)(int tap_quads);
    size_t (*place)(int tap_quads, int byte, int lane);
} layout;

// Plain NEON: eights of 8 channels, each in pairs of bytes: [eight][8 channels][pair][channel][2].

static size_t neon_tap_size(int tap_quads) { return (size_t)(tap_quads + 1) / 2 * 8 * ESEG_LANES; }
static size_t neon_place(int tap_quads, int byte, int lane) {
    (void)tap_quads;
    return (size_t)(byte / 8) * 8 * ESEG_LANES + (size_t)(lane / 8) * 64 + (size_t)(byte % 8 / 2) * 16 + (size_t)(lane % 8) * 2 + byte % 2;
}

// Dotprod: quads of a channel.

static size_t dotprod_tap_size(int tap_quads) { return (size_t)tap_quads * 4 * ESEG_LANES; }
static size_t dotprod_place(int tap_quads, int byte, int lane) {
    (void)tap_quads;
    return ((size_t)(byte / 4) * ESEG_LANES + lane) * 4 + byte % 4;
}

// I8mm: eights of a channel; two channels' are an operand.

static size_t i8mm_tap_size(int tap_quads) { return (size_t)(tap_quads + 1) / 2 * 8 * ESEG_LANES; }
static size_t i8mm_place(int tap_quads, int byte, int lane) {
    (void)tap_quads;
    return ((size_t)(byte / 8) * ESEG_LANES + lane) * 8 + byte % 8;
}

static const layout neon = {1, ESEG_LANES, 0, 1, 0, neon_tap_size, neon_place};
static const layout dotprod = {1, ESEG_LANES, 0, 0, 64, dotprod_tap_size, dotprod_place};
static const layout i8mm = {0, 2 * ESEG_LANES, 1, 0, 0, i8mm_tap_size, i8mm_place};

/// Depthwise convolutions of signed and of unsigned codes.
static const layout neon_depthwise = {1, ESEG_LANES, 0, 1, 0, NULL, NULL}, signed_depthwise = {1, ESEG_LANES, 0, 0, 0, NULL, NULL};
static const layout unsigned_depthwise = {0, ESEG_LANES, 0, 0, 0, NULL, NULL};

static size_t correction_size(const layout *l) { return l->corrected ? CORRECTION : 0; }
static size_t header_size(const layout *l) { return correction_size(l) + (l->rectified ? ESEG_S8_RECTIFIED_SIZE(l->rectified) : 0); }

static size_t conv_size(const layout *l, int channels, int tap_count, int tap_quads, int int16_weights) {
    const size_t limits = l->limited ? 2 * eseg_s8_limits_size(tap_count, tap_quads) : 0;
    return eseg_blocks(channels) * (header_size(l) + (int16_weights ? 2 : 1) * tap_count * l->tap_size(tap_quads) + limits + l->ahead);
}

static void correct(const layout *l, int8_t *block, int lane, int weight) {
    if (!l->corrected) return;
    int32_t sum;
    memcpy(&sum, block + 4 * lane, sizeof sum);
    sum = (int32_t)((uint32_t)sum + 128u * (uint32_t)weight);
    memcpy(block + 4 * lane, &sum, sizeof sum);
}

/// What a channel's sum can be without its bias.
typedef struct range {
    int64_t low, high;
} range;

static void widen(range *r, int weight) { *(weight < 0 ? &r->low : &r->high) += 255 * weight; }

static int code_of(int64_t sum, float multiplier) {
    const float v = rintf((float)sum * multiplier);
    return v < 0 ? 0 : v > 255 ? 255 : (int)v;
}

/// Packs what eseg_s8_rectified describes of a channel; returns the flags. A channel whose code no sum changes, such as one that training
/// has switched off, takes that code as its offset.
static int rectify(const layout *l, int8_t *block, int lane, range r, int32_t bias, float multiplier) {
    enum { BITS_OF_2_23 = 0x4B000000, MOST = 1 << 23 };
    const int64_t low = r.low + bias, high = r.high + bias;
    const int sane = multiplier >= 0 && multiplier < 0x1p64f && low >= INT32_MIN && high <= INT32_MAX;
    const int narrow = sane && (float)high * multiplier < 32000 && (float)low * multiplier > -32000;
    const int fits = narrow && low >= -MOST && high < MOST;
    const int fixed = sane && r.low > -MOST && r.high < MOST && code_of(low, multiplier) == code_of(high, multiplier);
    const float values[2] = {fits ? multiplier : 0, fits ? -0x1p23f * multiplier : fixed ? (float)code_of(low, multiplier) : 0};
    int32_t correction = 0;
    if (l->corrected) memcpy(&correction, block + 4 * lane, sizeof correction);
    const int32_t start = (int32_t)(BITS_OF_2_23 + (fits ? (uint32_t)bias : 0) + (uint32_t)correction);
    const size_t kind = l->rectified * sizeof start;
    int8_t *to = block + correction_size(l) + sizeof start * (l->squares ? lane / 2 * 4 + lane % 2 : lane);
    for (int copy = 0; copy <= l->squares; ++copy, to += 2 * sizeof start) {
        memcpy(to, &start, sizeof start);
        memcpy(to + kind, &values[0], sizeof values[0]);
        memcpy(to + 2 * kind, &values[1], sizeof values[1]);
    }
    return (fits || fixed ? ESEG_S8_HOLDS : 0) | (narrow ? ESEG_S8_NARROW : 0);
}

/// Channels are packed in order: a block has the flags that all of its channels have.
static void rectify_next(const layout *l, int8_t *block, int channel, range r, const eseg_s8_scaling *scaling) {
    if (!l->rectified) return;
    int8_t *flag = block + correction_size(l) + 3 * l->rectified * sizeof(int32_t);
    const int32_t flags = rectify(l, block, channel % ESEG_LANES, r, scaling->bias[channel], scaling->multiplier[channel]) &
                          (channel % ESEG_LANES == 0 ? ESEG_S8_HOLDS | ESEG_S8_NARROW : *flag);
    memcpy(flag, &flags, sizeof flags);
}

/// int16 weights take two planes, of high and of low bytes; gathered taps are one.
static void pack_conv(const layout *l, const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed) {
    const int tap_quads = (kw * in_stride + 3) / 4;
    const int gathered = l->rectified && !l->limited && kh > 1 && kh * kw * in_stride <= ESEG_S8_GATHERED;
    const int quads = gathered ? (kh * kw * in_stride + 3) / 4 : tap_quads, row_bytes = gathered ? kw * in_stride : 0;
    const size_t block_size = conv_size(l, 1, kh, tap_quads, int16_weights), row = gathered ? 0 : l->tap_size(quads);
    const size_t plane = gathered ? l->tap_size(quads) : kh * row;
    memset(packed, 0, conv_size(l, out, kh, tap_quads, int16_weights));
    for (int o = 0; o < out; ++o) {
        int8_t *block = packed + o / ESEG_LANES * block_size;
        range r = {0, 0};
        for (int y = 0; y < kh; ++y)
            for (int x = 0; x < kw; ++x)
                for (int i = 0; i < in; ++i) {
                    const size_t from = (((size_t)o * kh + y) * kw + x) * in + i;
                    const int value = int16_weights ? ((const int16_t *)weights)[from] : ((const int8_t *)weights)[from];
                    int8_t *to = block + header_size(l) + y * row + l->place(quads, y * row_bytes + x * in_stride + i, o % ESEG_LANES);
                    const int8_t low = (int8_t)(value & 255);
                    correct(l, block, o % ESEG_LANES, value);
                    to[0] = int16_weights ? (int8_t)((value - low) / 256) : low;
                    if (int16_weights) to[plane] = low;
                    widen(&r, value);
                }
        rectify_next(l, block, o, r, scaling);
        if (gathered) memcpy(block + correction_size(l) + (3 * l->rectified + 1) * sizeof(int32_t), &row_bytes, sizeof(int32_t));
    }
}

static size_t depthwise_size(const layout *l, int channels, int kernel) {
    const size_t pairs = l->limited ? ESEG_LANES : 0;
    return eseg_blocks(channels) * (header_size(l) + (size_t)kernel * ((kernel + 3) / 4) * ESEG_LANES * 4 + pairs);
}

/// [block][column][group][16][4].
static void pack_depthwise(const layout *l, const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling,
                           int8_t *packed) {
    const int groups = (kernel + 3) / 4;
    memset(packed, 0, depthwise_size(l, channels, kernel));
    for (int c = 0; c < channels; ++c) {
        int8_t *block = packed + c / ESEG_LANES * depthwise_size(l, 1, kernel);
        range r = {0, 0};
        for (int y = 0; y < kernel; ++y)
            for (int x = 0; x < kernel; ++x) {
                const int8_t weight = weights[((size_t)c * kernel + y) * kernel + x];
                correct(l, block, c % ESEG_LANES, weight);
                block[header_size(l) + ((size_t)(x * groups + y / 4) * ESEG_LANES + c % ESEG_LANES) * 4 + y % 4] = weight;
                widen(&r, weight);
            }
        rectify_next(l, block, c, r, scaling);
    }
}

/// Plain NEON multiplies int16 weights by codes as they are: [kh][tap byte][16] int16, no correction; in the last 16 bytes of a block, the
/// bytes of each of the taps that are gathered, or 0.
static size_t int16_tap_size(int tap_quads) { return (size_t)tap_quads * 4 * ESEG_LANES * sizeof(int16_t); }
static size_t int16_size(int tap_count, int tap_quads) { return tap_count * int16_tap_size(tap_quads) + 16; }

static void pack_int16(const int16_t *weights, int out, int kh, int kw, int in, int in_stride, int8_t *packed) {
    const int tap_quads = (kw * in_stride + 3) / 4, gathered = kh > 1 && kh * kw * in_stride <= ESEG_S8_GATHERED;
    const int32_t row_bytes = gathered ? kw * in_stride : 0;
    const size_t block_size = int16_size(kh, tap_quads), row = gathered ? row_bytes * 2 * ESEG_LANES : int16_tap_size(tap_quads);
    memset(packed, 0, eseg_blocks(out) * block_size);
    for (int o = 0; o < out; ++o) {
        int8_t *block = packed + o / ESEG_LANES * block_size;
        memcpy(block + block_size - 16, &row_bytes, sizeof row_bytes);
        for (int y = 0; y < kh; ++y)
            for (int x = 0; x < kw; ++x)
                for (int i = 0; i < in; ++i)
                    memcpy(block + y * row + ((size_t)(x * in_stride + i) * ESEG_LANES + o % ESEG_LANES) * sizeof(int16_t),
                           weights + (((size_t)o * kh + y) * kw + x) * in + i, sizeof(int16_t));
    }
}

/// The greatest magnitude of codes by which 4 products, those of every second byte of an eight, fit into an int16: 64 at least. 128 is
/// every code's. The channels are the 16 of a block.
static uint8_t neon_limit(const int8_t *eight) {
    int most = 0;
    for (int lane = 0; lane < ESEG_LANES; ++lane)
        for (int side = 0; side < 2; ++side) {
            int sum = 0;
            for (int pair = 0; pair < 4; ++pair) sum += abs(eight[neon_place(0, 2 * pair + side, lane)]);
            if (sum > most) most = sum;
        }
    return (uint8_t)(most <= 255 ? 128 : INT16_MAX / most);
}

/// Limits of the eights of each tap, each tap's ended by 0, twice behind a block: its own, and the lower of its own and the next block's.
static void neon_pack_limits(int out, int tap_count, int tap_quads, int8_t *packed) {
    const size_t size = conv_size(&neon, 1, tap_count, tap_quads, 0), count = eseg_s8_limits_size(tap_count, tap_quads);
    const int eights = (tap_quads + 1) / 2;
    for (int block = eseg_blocks(out) - 1; block >= 0; --block) {
        const int8_t *weights = packed + block * size + header_size(&neon);
        uint8_t *own = (uint8_t *)packed + block * size + header_size(&neon) + tap_count * neon_tap_size(tap_quads), *both = own + count;
        for (int tap = 0; tap < tap_count; ++tap, *own++ = 0, *both++ = 0)
            for (int i = 0; i < eights; ++i, ++own, ++both, weights += 8 * ESEG_LANES) {
                *own = *both = neon_limit(weights);
                if (block + 1 < eseg_blocks(out) && own[size] < *both) *both = own[size];
            }
    }
}

static size_t neon_conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    return int16_weights ? eseg_blocks(channels) * int16_size(tap_count, tap_quads) : conv_size(&neon, channels, tap_count, tap_quads, 0);
}
static void neon_pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                           const eseg_s8_scaling *scaling, int8_t *packed) {
    if (int16_weights) {
        pack_int16(weights, out, kh, kw, in, in_stride, packed);
        return;
    }
    pack_conv(&neon, weights, 0, out, kh, kw, in, in_stride, scaling, packed);
    neon_pack_limits(out, kh, (kw * in_stride + 3) / 4, packed);
}

static size_t dotprod_conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    return conv_size(&dotprod, channels, tap_count, tap_quads, int16_weights);
}
static void dotprod_pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                              const eseg_s8_scaling *scaling, int8_t *packed) {
    pack_conv(&dotprod, weights, int16_weights, out, kh, kw, in, in_stride, scaling, packed);
}

static size_t i8mm_conv_size(int channels, int tap_count, int tap_quads, int int16_weights) {
    return conv_size(&i8mm, channels, tap_count, tap_quads, int16_weights);
}
static void i8mm_pack_conv(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                           const eseg_s8_scaling *scaling, int8_t *packed) {
    pack_conv(&i8mm, weights, int16_weights, out, kh, kw, in, in_stride, scaling, packed);
}

/// In a ring of 8 slots, the first and the last of 5 rows share an int16, the others are alone.
static int neon_columns_pair(const int8_t weights[25], int x) {
    for (int y = 0; y < 4; ++y) {
        int sum = abs(weights[5 * y + x]) + abs(weights[5 * y + x + 1]);
        if (y == 0) sum += abs(weights[20 + x]) + abs(weights[20 + x + 1]);
        if (sum > 255) return 0;
    }
    return 1;
}

static size_t neon_depthwise_size(int channels, int kernel) { return depthwise_size(&neon_depthwise, channels, kernel); }
static void neon_depthwise_pack(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    const size_t size = neon_depthwise_size(1, kernel);
    pack_depthwise(&neon_depthwise, weights, channels, kernel, scaling, packed);
    for (int c = 0; c < channels && kernel == 5; ++c)
        packed[(c / ESEG_LANES + 1) * size - ESEG_LANES + c % ESEG_LANES] =
            neon_columns_pair(weights + 25 * c, 0) && neon_columns_pair(weights + 25 * c, 2);
}
static size_t signed_depthwise_size(int channels, int kernel) { return depthwise_size(&signed_depthwise, channels, kernel); }
static void signed_depthwise_pack(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    pack_depthwise(&signed_depthwise, weights, channels, kernel, scaling, packed);
}
static size_t unsigned_depthwise_size(int channels, int kernel) { return depthwise_size(&unsigned_depthwise, channels, kernel); }
static void unsigned_depthwise_pack(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed) {
    pack_depthwise(&unsigned_depthwise, weights, channels, kernel, scaling, packed);
}

const eseg_s8_layout eseg_s8_layout_neon = {neon_conv_size, neon_pack_conv, neon_depthwise_size, neon_depthwise_pack, ESEG_S8_SIGNED_FLIP};
const eseg_s8_layout eseg_s8_layout_dotprod = {dotprod_conv_size, dotprod_pack_conv, signed_depthwise_size, signed_depthwise_pack,
                                               ESEG_S8_SIGNED_FLIP};
const eseg_s8_layout eseg_s8_layout_i8mm = {i8mm_conv_size, i8mm_pack_conv, unsigned_depthwise_size, unsigned_depthwise_pack, 0};

#endif
