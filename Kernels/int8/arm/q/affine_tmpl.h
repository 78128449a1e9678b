// Affine: 16 channels of a pixel at a time. Products of a code and a weight fit into int16.

/// Curve and slopes: NULL: none.
INLINE void affine_channels(const eseg_s8_affine_row *row, int channel, const curve *c, const float *slopes) {
    const eseg_s8_scaling *s = &row->scaling;
    const int count = row->channels - channel < ESEG_LANES ? row->channels - channel : ESEG_LANES;
    const int8x16_t bytes = vld1q_s8(row->weights + channel);
    const int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_high_s8(bytes), zero = vdupq_n_s16((int16_t)s->zero_point);
    int32x4_t bias[4];
    float32x4_t multiplier[4], slope[4];
    for (int n = 0; n < 4; ++n) {
        bias[n] = vld1q_s32(s->bias + channel + LANES * n);
        multiplier[n] = vld1q_f32(s->multiplier + channel + LANES * n);
        slope[n] = slopes ? vld1q_f32(slopes + channel + LANES * n) : vdupq_n_f32(0);
    }
    for (int p = 0; p < row->pixels; ++p) {
        const uint8x16_t codes = vld1q_u8(row->in + p * row->in_stride + channel);
        const int16x8_t first = vmulq_s16(vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(codes))), low);
        const int16x8_t second = vmulq_s16(vreinterpretq_s16_u16(vmovl_high_u8(codes)), high);
        int32x4_t v[4] = {vaddw_s16(bias[0], vget_low_s16(first)), vaddw_high_s16(bias[1], first), vaddw_s16(bias[2], vget_low_s16(second)),
                          vaddw_high_s16(bias[3], second)};
        for (int n = 0; n < 4; ++n) v[n] = slopes ? scale_and_bend(v[n], multiplier[n], slope[n]) : scale(v[n], multiplier[n]);
        store_bytes(row->out + p * row->out_stride + channel, codes16(v, zero, c), count);
    }
}

INLINE void affine_all(const eseg_s8_affine_row *row, const curve *c, const float *slopes) {
    for (int channel = 0; channel < row->channels; channel += ESEG_LANES) affine_channels(row, channel, c, slopes);
}

void KERNEL(affine_row)(const eseg_s8_affine_row *row) {
    if (row->scaling.curve) {
        const curve c = load_curve(row->scaling.curve);
        affine_all(row, &c, NULL);
    } else if (row->scaling.slope) {
        affine_all(row, NULL, row->scaling.slope);
    } else {
        affine_all(row, NULL, NULL);
    }
}
