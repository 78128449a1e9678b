// Every kernel in vectors of 8 int32 accumulators, or of the 4 bytes of each of 8 channels: half a packed block. The file that includes
// this has set the target, included requantize_tmpl.h and tile_tmpl.h, and defined
// - LAYOUT, the sizes of its tiles, and `accumulate`, a tile's sums;
// - `dot`, of PRODUCTS products in each lane, and PEAK_CHAINS, how many of them can run side by side;
// - of a depthwise convolution's ring, what a `dot` takes at a time: PIECES of a kernel, MOST_PIECES, `pieces`, `pieces_of`,
//   `piece_weights`, `ring_piece`, `ring_piece_of` and `piece_codes`.

// Where the number of pixels is not a constant, "#pragma unroll" cannot be followed and need not be.
#pragma clang diagnostic ignored "-Wpass-failed"

#include "conv_tmpl.h"
#include "depthwise_tmpl.h"
#include "affine_tmpl.h"
#include "fusion_tmpl.h"
#include "rows_tmpl.h"
#include "argmax_tmpl.h"
#include "../upsample_tmpl.h"
#include "../../argmax_row_tmpl.h"
#include "../class_tmpl.h"

#define shuffled(v, at) ((bytes16)_mm_shuffle_epi8((__m128i)(v), (__m128i)(at)))
#include "../../shuffle_tmpl.h"

int64_t KERNEL(peak)(int64_t rounds) {
    static volatile int32_t sink;
    __m256i sums[PEAK_CHAINS];
    for (int i = 0; i < PEAK_CHAINS; ++i) sums[i] = _mm256_set1_epi32(i);
    const __m256i codes = _mm256_set1_epi32(sink);
    __m256i weights = _mm256_set1_epi32(sink + 1);
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < PEAK_CHAINS; ++i) {
            sums[i] = dot(sums[i], codes, weights);
            __asm__ volatile("" : "+x"(weights), "+x"(sums[i]));
        }
    for (int i = 1; i < PEAK_CHAINS; ++i) sums[0] = _mm256_add_epi32(sums[0], sums[i]);
    sink = _mm256_cvtsi256_si32(sums[0]);
    return rounds * PEAK_CHAINS * LANES * PRODUCTS;
}
