// A convolution's tile of MR pixels × NV vectors of 4 channels.

#include "../limits.h"
#include "../rectified.h"

typedef struct tile {
    const eseg_s8_conv_row *row;
    const int8_t *weights;                // of the tile's first channel, in the block's first plane
    size_t plane;                         // bytes to the low bytes of int16 weights, or to the next block's weights in a tile of two blocks
    const uint8_t *limits, *pair_limits;  // plain NEON: of the codes by which 4 products fit into an int16, of one and of two blocks
    const curve *curve;                   // NULL: none
    const uint8_t *pairs;                 // see span: of pixel 0
    int pixel;
    int channel, channels;              // channels that exist, of up to 4 · NV
    int32x4_t start[8];                 // of the sums (i8mm: squares): biases, and what signed codes take away
    float multipliers[2 * ESEG_LANES];  // of a tile that is stored straight from registers, as the sums lie
    eseg_s8_rectified rectified;
} tile;

enum { MAX_TILE = 24, MAX_PIXELS = 8 };

/// Bytes of a pair of pixels.
INLINE size_t pair_bytes(int quads) { return (size_t)(quads + 1) / 2 * 16; }

/// The taps of a tile's first pixel.
typedef struct span {
    const uint8_t *const *taps;
    int tap_count, quads;
    size_t stride, offset;  // from pixel to pixel, and to the first one
    const uint8_t *pairs;   // i8mm: the codes of the first pair of pixels, 8 of each, then the next 8; NULL: not paired
} span;

INLINE span span_of(const tile *t) {
    const eseg_s8_conv_row *row = t->row;
    return (span){row->taps,
                  row->tap_count,
                  row->tap_quads,
                  row->pixel_stride,
                  t->pixel * row->pixel_stride,
                  t->pairs ? t->pairs + t->pixel / 2 * pair_bytes(row->tap_quads) : NULL};
}

/// What stores of a tile straight from its registers read.
typedef struct finish {
    const float *multiplier, *offset;
    const int32_t *zero;
} finish;

/// Ends of a loop that `make mca` analyzes. Assembly names its own; for the others ESEG_MCA puts comments in, which bind the scheduler.
#if defined(ESEG_MCA)
#define MCA_BEGIN(NAME) __asm__ volatile("// LLVM-MCA-BEGIN " NAME ::: "memory")
#define MCA_END(SUMS) __asm__ volatile("// LLVM-MCA-END" : "+w"((SUMS)[0]), "+w"((SUMS)[1]), "+w"((SUMS)[2]), "+w"((SUMS)[3]) : : "memory")
#else
#define MCA_BEGIN(NAME) ((void)0)
#define MCA_END(SUMS) ((void)0)
#endif

/// The codes of each pixel of the tile in one tap.
INLINE void pixel_codes(const tile *t, int tap, const int mr, const uint8_t *codes[MAX_PIXELS]) {
    const size_t stride = t->row->pixel_stride;
    const uint8_t *first = t->row->taps[tap] + t->pixel * stride;
    for (int m = 0; m < mr; ++m) codes[m] = first + m * stride;
}

/// What the sums of each pixel start from; i8mm has pairs of pixels, and twice as many vectors. One loop for pixels and vectors together is
/// not always unrolled, and then it divides.
INLINE void begin_sums(const tile *t, const int mr, const int nv, int32x4_t sums[MAX_TILE]) {
#pragma unroll
    for (int m = 0; m < mr; ++m)
#pragma unroll
        for (int n = 0; n < nv; ++n) sums[m * nv + n] = t->start[n];
}
