// NEON: codes in the lanes of a register times weights of 4 channels, added to int32 sums.

#if defined(__aarch64__)

#include <arm_neon.h>
#include <string.h>

#include "eseg_s8.h"

#include "../kernels.h"

#pragma clang diagnostic ignored "-Wpass-failed"

#define INLINE static inline __attribute__((always_inline))
#define KERNEL(NAME) eseg_s16_##NAME##_neon

enum { LANES = 4, BATCH = 16, TILE_PIXELS = 4, TAP = 4, BLOCK_VECTORS = ESEG_LANES / LANES };

typedef int32x4_t ints;
typedef float32x4_t floats;
typedef int16x4_t taps, factors;

INLINE ints i_load(const int32_t *p) { return vld1q_s32(p); }
INLINE ints i_codes(const int16_t *p) { return vmovl_s16(vld1_s16(p)); }
INLINE factors i_factors(const int16_t *p) { return vld1_s16(p); }
INLINE taps i_taps(const int16_t *p) { return vld1_s16(p); }
INLINE ints i_multiply_add(ints sum, taps codes, factors weights) { return vmlal_s16(sum, codes, weights); }

INLINE floats f_load(const float *p) { return vld1q_f32(p); }
/// Channels are a multiple of LANES.
INLINE floats f_load_n(const float *p, int n) { return (void)n, vld1q_f32(p); }
INLINE void f_store_n(float *p, floats v, int n) {
    if (n > 0) vst1q_f32(p, v);
}
INLINE floats f_of(ints v) { return vcvtq_f32_s32(v); }
INLINE floats f_set(float x) { return vdupq_n_f32(x); }
INLINE floats f_min(floats a, floats b) { return vminq_f32(a, b); }
INLINE floats f_max(floats a, floats b) { return vmaxq_f32(a, b); }
/// Values, those below 0 times `slope`.
INLINE floats f_bend(floats v, floats slope) { return vbslq_f32(vcltzq_f32(v), vmulq_f32(v, slope), v); }
INLINE floats f_scale(floats v, floats n) {
    return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(v), vshlq_n_s32(vreinterpretq_s32_f32(n), 23)));
}

#include "../../int8/arm/q/curve_tmpl.h"

typedef int16x4_t codes_16;

INLINE codes_16 c_set(int16_t x) { return vdup_n_s16(x); }
INLINE codes_16 c_of(floats v) { return vqmovn_s32(vcvtnq_s32_f32(v)); }
INLINE codes_16 c_max(codes_16 a, codes_16 b) { return vmax_s16(a, b); }
INLINE void put_words(int16_t *out, codes_16 codes, int n) {
    if (n >= LANES) vst1_s16(out, codes);
    else memcpy(out, &codes, n * sizeof *out);
}
INLINE void put_bytes(uint8_t *out, codes_16 codes, codes_16 zero, int n) {
    const int16x4_t sum = vqadd_s16(codes, zero);
    const uint8x8_t bytes = vqmovun_s16(vcombine_s16(sum, sum));
    if (n >= LANES) memcpy(out, &bytes, LANES);
    else memcpy(out, &bytes, n);
}

INLINE void store_batch(const floats values[4], const eseg_s16_output *output, const curve *table, void *out) {
    ints v[4];
    for (int k = 0; k < 4; ++k) v[k] = vcvtnq_s32_f32(values[k]);
    const int16x8_t t[2] = {vqmovn_high_s32(vqmovn_s32(v[0]), v[1]), vqmovn_high_s32(vqmovn_s32(v[2]), v[3])};
    if (output->bytes == 1) {
        vst1q_u8(out, values_to_codes(t, vdupq_n_s16((int16_t)output->zero_point), table));
        return;
    }
    const int16x8_t least = vdupq_n_s16(output->relu ? 0 : INT16_MIN);
    for (int k = 0; k < 2; ++k) vst1q_s16((int16_t *)out + 8 * k, vmaxq_s16(t[k], least));
}

#include "../vector/put_tmpl.h"
#include "../vector/slope_tmpl.h"

// Convolution: 4 pixels of a block of 16 channels, which is stored as one where all of it are codes of the output that `block` then is.

#define ADD_LANE(LANE)                                                                   \
    {                                                                                    \
        const int16x8_t low = vld1q_s16(weights + (LANE)*ESEG_LANES);                    \
        const int16x8_t high = vld1q_s16(weights + (LANE)*ESEG_LANES + ESEG_LANES / 2);  \
        for (int i = 0; i < pixels; ++i) {                                               \
            sums[i][0] = vmlal_lane_s16(sums[i][0], vget_low_s16(low), codes[i], LANE);  \
            sums[i][1] = vmlal_high_lane_s16(sums[i][1], low, codes[i], LANE);           \
            sums[i][2] = vmlal_lane_s16(sums[i][2], vget_low_s16(high), codes[i], LANE); \
            sums[i][3] = vmlal_high_lane_s16(sums[i][3], high, codes[i], LANE);          \
        }                                                                                \
    }

INLINE void conv_tile(const eseg_s16_conv_row *row, const target *to, const eseg_s16_output *block, int p, int c, const int pixels) {
    ints sums[TILE_PIXELS][BLOCK_VECTORS];
    for (int v = 0; v < BLOCK_VECTORS; ++v)
        for (int i = 0; i < pixels; ++i) sums[i][v] = i_load(row->scaling.bias + c + v * LANES);
    const int16_t *weights = row->weights + (size_t)c * row->tap_count * row->tap_codes;
    for (int t = 0; t < row->tap_count; ++t)
        for (int k = 0; k < row->tap_codes; k += TAP, weights += TAP * ESEG_LANES) {
            int16x4_t codes[TILE_PIXELS];
            for (int i = 0; i < pixels; ++i) codes[i] = vld1_s16(row->taps[t] + (p + i) * row->pixel_stride + k);
            ADD_LANE(0)
            ADD_LANE(1)
            ADD_LANE(2)
            ADD_LANE(3)
        }
    floats multiplier[BLOCK_VECTORS];
    for (int v = 0; v < BLOCK_VECTORS; ++v) multiplier[v] = f_load(row->scaling.multiplier + c + v * LANES);
    for (int i = 0; i < pixels; ++i) {
        floats values[BLOCK_VECTORS];
        for (int v = 0; v < BLOCK_VECTORS; ++v) values[v] = f_of(sums[i][v]) * multiplier[v];
        if (block) store_batch(values, block, NULL, to->codes + (p + i) * to->stride);
        else
            for (int v = 0; v < BLOCK_VECTORS; ++v) put(&to[v], p + i, values[v]);
    }
}

void KERNEL(conv_row)(const eseg_s16_conv_row *row) {
    // What stores write cannot change a copy.
    const eseg_s16_output output = row->to.values ? (eseg_s16_output){0} : *row->to.output;
    for (int c = 0; c < row->channels; c += ESEG_LANES) {
        target to[BLOCK_VECTORS];
        for (int v = 0; v < BLOCK_VECTORS; ++v) to[v] = target_of(&row->to, row->channels, c + v * LANES);
        const eseg_s16_output *block = !row->to.values && to->lanes >= BATCH ? &output : NULL;
        int p = 0;
        for (; p + TILE_PIXELS <= row->pixels; p += TILE_PIXELS) conv_tile(row, to, block, p, c, TILE_PIXELS);
        for (; p < row->pixels; ++p) conv_tile(row, to, block, p, c, 1);
    }
    bend_values(row->to.values, row->pixels, row->channels, row->scaling.slope);
}

#include "../vector/kernels_tmpl.h"
#include "../vector/resampling_tmpl.h"

#endif
