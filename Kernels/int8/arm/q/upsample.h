// Upsampling: rows are blended once into [classes][source_width] values ×128² and their differences ×128; 4 pixels then span at most 4
// columns, 8 mostly too.

INLINE void blend_rows(const eseg_upsample_row *row, int class, int32_t *left, int32_t *rise) {
    const int16x4_t weight = vdup_n_s16((int16_t)row->bottom_weight), rest = vdup_n_s16((int16_t)(ESEG_UPSAMPLE_ONE - row->bottom_weight));
    const int16_t *top = row->top + class * row->plane_stride, *bottom = row->bottom + class * row->plane_stride;
    for (int x = 0; x < row->source_width; x += LANES) {
        const int32x4_t v = vmlal_s16(vmull_s16(vld1_s16(top + x), rest), vld1_s16(bottom + x), weight);
        vst1q_s32(left + x, vshlq_n_s32(v, 7));
    }
    left[row->source_width] = left[row->source_width - 1];
    for (int x = 0; x < row->source_width; x += LANES)
        vst1q_s32(rise + x, vshrq_n_s32(vsubq_s32(vld1q_s32(left + x + 1), vld1q_s32(left + x)), 7));
}

/// Byte indices, within a vector of 4 columns, of the columns of 4 pixels.
INLINE uint8x16_t column_bytes(const int32_t *columns, int first) {
    const int32x4_t at = vsubq_s32(vld1q_s32(columns), vdupq_n_s32(first));
    return vreinterpretq_u8_s32(vmlaq_s32(vdupq_n_s32(0x03020100), at, vdupq_n_s32(0x04040404)));
}

INLINE int32x4_t values_of(const int32_t *values, uint8x16_t at) {
    return vreinterpretq_s32_u8(vqtbl1q_u8(vreinterpretq_u8_s32(vld1q_s32(values)), at));
}

static void upsample_row(const eseg_upsample_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    for (int c = 0; c < row->classes; ++c) blend_rows(row, c, left + c * row->plane_stride, rise + c * row->plane_stride);
    for (int p = 0; p < row->pixels; p += 8) {
        const int first[2] = {row->columns[p], row->columns[p + 7] - row->columns[p] < LANES ? row->columns[p] : row->columns[p + 4]};
        uint8x16_t at[2];
        int32x4_t w[2], most[2];
        uint32x4_t best[2];
        for (int k = 0; k < 2; ++k) {
            at[k] = column_bytes(row->columns + p + LANES * k, first[k]);
            w[k] = vld1q_s32(row->weights + p + LANES * k);
            most[k] = vdupq_n_s32(INT32_MIN);
            best[k] = vdupq_n_u32(0);
        }
        uint32x4_t class = vdupq_n_u32(0);
        size_t plane = 0;
        for (int c = 0; c < row->classes; ++c, plane += row->plane_stride, class = vaddq_u32(class, vdupq_n_u32(1)))
            for (int k = 0; k < 2; ++k) {
                const int32x4_t v = vmlaq_s32(values_of(left + plane + first[k], at[k]), values_of(rise + plane + first[k], at[k]), w[k]);
                best[k] = vbslq_u32(vcgtq_s32(v, most[k]), class, best[k]);
                most[k] = vmaxq_s32(most[k], v);
            }
        const uint8x8_t codes = vmovn_u16(vmovn_high_u32(vmovn_u32(best[0]), best[1]));
        store_bytes(row->out + p, vcombine_u8(codes, codes), row->pixels - p < 8 ? row->pixels - p : 8);
    }
}
