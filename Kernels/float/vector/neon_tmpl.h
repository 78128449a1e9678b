#define LANES 4
/// Pixels and vectors of the largest convolution tile: 24 accumulators of 32 registers.
#define TILE_PIXELS 6
#define TILE_VECTORS 4
/// Broadcasting costs an instruction of its own, multiplying by a lane does not.
#define MULTIPLIES_BY_LANE 1
/// Outputs of one row that share their loaded inputs in a depthwise convolution at stride 1 and 2.
#define SPAN_1 8
#define SPAN_2 4
/// Hides how an address or offset came to be from the compiler, which else would derive each from the last at an add apiece.
#define HIDE(x) __asm__("" : "+r"(x))

typedef float32x4_t vec;

INLINE vec v_set(float x) { return vdupq_n_f32(x); }
INLINE vec v_load(const float *p) { return vld1q_f32(p); }
INLINE void v_store(float *p, vec v) { vst1q_f32(p, v); }
INLINE vec v_load_n(const float *p, int n) {
    if (n >= LANES) return v_load(p);
    vec v = v_set(0);
    if (n > 0) v = vld1q_lane_f32(p, v, 0);
    if (n > 1) v = vld1q_lane_f32(p + 1, v, 1);
    if (n > 2) v = vld1q_lane_f32(p + 2, v, 2);
    return v;
}
INLINE void v_store_n(float *p, vec v, int n) {
    if (n >= LANES) return v_store(p, v);
    if (n > 0) vst1q_lane_f32(p, v, 0);
    if (n > 1) vst1q_lane_f32(p + 1, v, 1);
    if (n > 2) vst1q_lane_f32(p + 2, v, 2);
}
INLINE vec v_load_bytes(const uint8_t *p) {
    uint32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(bytes)))));
}
INLINE void v_store_bytes_n(uint8_t *p, vec v, int n) {
    uint16x4_t words = vqmovn_u32(vcvtnq_u32_f32(v));
    uint32_t bytes = vget_lane_u32(vreinterpret_u32_u8(vqmovn_u16(vcombine_u16(words, words))), 0);
    memcpy(p, &bytes, (size_t)least(n, LANES));
}
/// p[at] for whole at.
INLINE vec v_gather(const float *p, vec at) {
    int32x4_t i = vcvtq_s32_f32(at);
    vec v = v_set(p[vgetq_lane_s32(i, 0)]);
    v = vld1q_lane_f32(p + vgetq_lane_s32(i, 1), v, 1);
    v = vld1q_lane_f32(p + vgetq_lane_s32(i, 2), v, 2);
    return vld1q_lane_f32(p + vgetq_lane_s32(i, 3), v, 3);
}
/// p[at] for whole at below LANES. The four bytes of lane i are 4 * i and the three behind it.
INLINE vec v_pick(const float *p, vec at) {
    uint32x4_t bytes = vmlaq_n_u32(vdupq_n_u32(0x03020100), vcvtq_u32_f32(at), 0x04040404);
    return vreinterpretq_f32_u8(vqtbl1q_u8(vreinterpretq_u8_f32(v_load(p)), vreinterpretq_u8_u32(bytes)));
}
/// 0, 1, 2 and so on.
INLINE vec v_indices(void) { return (vec){0, 1, 2, 3}; }

INLINE vec v_add(vec a, vec b) { return vaddq_f32(a, b); }
INLINE vec v_sub(vec a, vec b) { return vsubq_f32(a, b); }
INLINE vec v_mul(vec a, vec b) { return vmulq_f32(a, b); }
INLINE vec v_fma(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
/// a[lane] * b + c
INLINE vec v_fma_lane(vec a, const int lane, vec b, vec c) {
    switch (lane) {
    case 0: return vfmaq_laneq_f32(c, b, a, 0);
    case 1: return vfmaq_laneq_f32(c, b, a, 1);
    case 2: return vfmaq_laneq_f32(c, b, a, 2);
    default: return vfmaq_laneq_f32(c, b, a, 3);
    }
}
INLINE vec v_min(vec a, vec b) { return vminq_f32(a, b); }
INLINE vec v_max(vec a, vec b) { return vmaxq_f32(a, b); }
INLINE vec v_round(vec a) { return vrndnq_f32(a); }
INLINE vec v_floor(vec a) { return vrndmq_f32(a); }
/// a * 2^n for whole n in [-126, 127].
INLINE vec v_scale(vec a, vec n) {
    int32x4_t exponent = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
    return v_mul(a, vreinterpretq_f32_s32(vshlq_n_s32(exponent, 23)));
}
INLINE vec v_reciprocal(vec a) { return vdivq_f32(v_set(1), a); }
INLINE float v_sum(vec a) { return vaddvq_f32(a); }
/// x > y ? a : b
INLINE vec v_select_greater(vec x, vec y, vec a, vec b) { return vbslq_f32(vcgtq_f32(x, y), a, b); }
