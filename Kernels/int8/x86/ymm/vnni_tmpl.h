// vpdpbusd on 256 bits. The file that includes this has set the target and defined DPBUSD, the intrinsic in that target's encoding.

#define INLINE static inline __attribute__((always_inline))

enum { PARTS = 1, MOST_PIXELS_1 = 12, MOST_PIXELS_2 = 6, PEAK_CHAINS = 12 };

/// Factors of dot products of 4 bytes in each of 8 lanes.
typedef struct factors {
    __m256i part[PARTS];
} factors;

INLINE factors code_factors(__m256i codes) { return (factors){{codes}}; }

INLINE factors weight_factors(__m256i weights) { return (factors){{weights}}; }

INLINE __m256i dot(__m256i sum, factors codes, factors weights) { return DPBUSD(sum, codes.part[0], weights.part[0]); }

#include "kernels_tmpl.h"
