// Every kernel in vectors of 8 int32 accumulators, or of the 4 bytes of each of 8 channels: half a packed block. The file that includes
// this has set the target, included requantize_tmpl.h and tile_tmpl.h, and defined LAYOUT, `factors`, `code_factors`, `weight_factors`,
// `dot`, `accumulate` and the sizes of its tiles.

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
    const factors codes = code_factors(_mm256_set1_epi32(sink));
    factors weights = weight_factors(_mm256_set1_epi32(sink + 1));
    for (int64_t r = 0; r < rounds; ++r)
        for (int i = 0; i < PEAK_CHAINS; ++i) {
            sums[i] = dot(sums[i], codes, weights);
            for (int k = 0; k < PARTS; ++k) __asm__ volatile("" : "+x"(weights.part[k]), "+x"(sums[i]));
        }
    for (int i = 1; i < PEAK_CHAINS; ++i) sums[0] = _mm256_add_epi32(sums[0], sums[i]);
    sink = _mm256_cvtsi256_si32(sums[0]);
    return rounds * PEAK_CHAINS * 32;
}
