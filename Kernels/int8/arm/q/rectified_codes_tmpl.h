// Rectified codes (see ../rectified.h) of sums in any registers.

/// Loads the addends of 4 FMAs anew, which takes half as many instructions as copies do.
INLINE void load_offsets(const float32x4_t offset[4], float32x4_t v[4]) {
    __asm__("ldp %q[a], %q[b], [%[offset]]\n"
            "ldp %q[c], %q[d], [%[offset], #32]\n"
            : [a] "=&w"(v[0]), [b] "=&w"(v[1]), [c] "=&w"(v[2]), [d] "=w"(v[3])
            : [offset] "r"(offset), "m"(*(const float32x4_t(*)[4])offset));
}

INLINE uint8x16_t rectified_codes(const float32x4_t offset[4], const float32x4_t multiplier[4], const int32x4_t sums[4]) {
    float32x4_t v[4];
    int16x8_t values[4];
    load_offsets(offset, v);
    for (int i = 0; i < 4; ++i)
        values[i] = vreinterpretq_s16_s32(vcvtnq_s32_f32(vfmaq_f32(v[i], vreinterpretq_f32_s32(sums[i]), multiplier[i])));
    return vqmovun_high_s16(vqmovun_s16(vuzp1q_s16(values[0], values[1])), vuzp1q_s16(values[2], values[3]));
}
