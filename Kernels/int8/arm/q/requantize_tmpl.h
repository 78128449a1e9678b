// From accumulators to codes, and codes to memory.

enum { LANES = 4 };

#include "curve_tmpl.h"

/// Four vectors of scaled values, in 16 bits.
INLINE void narrowed(const int32x4_t v[4], waiting t) {
    for (int i = 0; i < 2; ++i) t[i] = vqmovn_high_s32(vqmovn_s32(v[2 * i]), v[2 * i + 1]);
}

/// 16 codes from four vectors of scaled values.
INLINE uint8x16_t codes16(const int32x4_t v[4], int16x8_t zero, const curve *c) {
    waiting t;
    narrowed(v, t);
    return values_to_codes(t, zero, c);
}

INLINE int32x4_t scale(int32x4_t accumulator, float32x4_t multiplier) {
    return vcvtnq_s32_f32(vmulq_f32(vcvtq_f32_s32(accumulator), multiplier));
}

INLINE int32x4_t scale_and_bend(int32x4_t accumulator, float32x4_t multiplier, float32x4_t slope) {
    const float32x4_t value = vmulq_f32(vcvtq_f32_s32(accumulator), multiplier);
    const float32x4_t bent = vbslq_f32(vcltzq_f32(value), vmulq_f32(value, slope), value);
    return vcvtnq_s32_f32(vminq_f32(vmaxq_f32(bent, vdupq_n_f32(-ESEG_S8_STEEPEST)), vdupq_n_f32(ESEG_S8_STEEPEST)));
}

/// The first `count` bytes, 16 at most, and zeros: not those behind, which another thread may be writing.
INLINE uint8x16_t load_bytes(const uint8_t *from, int count) {
    if (count >= 16) return vld1q_u8(from);
    uint8_t held[16] = {0};
    memcpy(held, from, count);
    return vld1q_u8(held);
}

/// Stores the first `count` bytes, 16 at most.
INLINE void store_bytes(void *to, uint8x16_t bytes, int count) {
    uint8_t *out = to;
    if (count >= 16) {
        vst1q_u8(out, bytes);
        return;
    }
    if (count & 8) {
        vst1_u8(out, vget_low_u8(bytes));
        bytes = vextq_u8(bytes, bytes, 8);
        out += 8;
    }
    uint64_t rest = vgetq_lane_u64(vreinterpretq_u64_u8(bytes), 0);
    for (int size = 4; size > 0; size /= 2)
        if (count & size) {
            memcpy(out, &rest, size);
            rest >>= 8 * size;
            out += size;
        }
}

#if !defined(RING_FLIP)
#define RING_FLIP 0
#endif

/// Codes as they lie in rings.
INLINE uint8x16_t ring_codes(uint8x16_t codes) { return RING_FLIP ? veorq_u8(codes, vdupq_n_u8(RING_FLIP)) : codes; }

/// Stores 16 values, saturated to ring codes, to every fourth byte. Between them, bytes are written as they are. The four registers must be
/// neighbors: compilers would move three of them.
INLINE void store_slot_values(uint8_t *out, int16x8_t low, int16x8_t high) {
#define STORE_SLOT_VALUES(FLIP)                                                                   \
    __asm__("ld4 {v28.16b-v31.16b}, [%[out]]\n"                                                   \
            "sqxtun v28.8b, %[low].8h\n"                                                          \
            "sqxtun2 v28.16b, %[high].8h\n" FLIP "st4 {v28.16b-v31.16b}, [%[out]]\n"              \
            : "+m"(*(uint8_t(*)[64])out)                                                          \
            : [out] "r"(out), [low] "w"(low), [high] "w"(high), [flip] "w"(vdupq_n_u8(RING_FLIP)) \
            : "v28", "v29", "v30", "v31")
    if (RING_FLIP) STORE_SLOT_VALUES("eor v28.16b, v28.16b, %[flip].16b\n");
    else STORE_SLOT_VALUES("");
#undef STORE_SLOT_VALUES
}

/// Stores `count` codes, 16 at most, to every fourth byte. Between them, bytes are written as they are.
INLINE void store_slot(uint8_t *out, uint8x16_t codes, int count) {
    // The four registers must be neighbors: compilers would move three of them, not one.
    if (count >= 16) {
        __asm__("ld4 {v28.16b-v31.16b}, [%[out]]\n"
                "mov v28.16b, %[codes].16b\n"
                "st4 {v28.16b-v31.16b}, [%[out]]\n"
                : "+m"(*(uint8_t(*)[64])out)
                : [out] "r"(out), [codes] "w"(codes)
                : "v28", "v29", "v30", "v31");
        return;
    }
    if (count & 8) {
        __asm__("ld4 {v28.8b-v31.8b}, [%[out]]\n"
                "mov v28.8b, %[codes].8b\n"
                "st4 {v28.8b-v31.8b}, [%[out]]\n"
                : "+m"(*(uint8_t(*)[32])out)
                : [out] "r"(out), [codes] "w"(codes)
                : "v28", "v29", "v30", "v31");
        codes = vextq_u8(codes, codes, 8);
        out += 32;
    }
    uint8_t rest[8];
    vst1_u8(rest, vget_low_u8(codes));
    for (int i = 0; i < (count & 7); ++i) out[4 * i] = rest[i];
}
