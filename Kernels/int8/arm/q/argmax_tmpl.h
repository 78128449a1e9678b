// Upsampling. In general rows are blended once into [classes][source_width] values ×128² and their differences ×128; 4 pixels then span at
// most 4 columns, 8 mostly too. By 4, all weights of columns are odd eighths: values leave 6 bits for their class, so that the greatest of
// all brings it along, and the values of the 4 pixels between two columns lie in a line.

INLINE void blend_rows(const eseg_s8_argmax_row *row, int class, int32_t *left, int32_t *rise) {
    const int16x4_t weight = vdup_n_s16((int16_t)row->bottom_weight), rest = vdup_n_s16((int16_t)(ESEG_S8_ARGMAX_ONE - row->bottom_weight));
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

enum { KEYED_COLUMNS = 8 };

/// The weights of both rows, shifted to make room for a class.
typedef struct keyed_weights {
    int16x8_t top, bottom;
} keyed_weights;

/// Values of 8 columns.
INLINE void keyed_column(const int16_t *top, const int16_t *bottom, const keyed_weights *w, int32x4_t v[2]) {
    const int16x8_t t = vld1q_s16(top), b = vld1q_s16(bottom);
    v[0] = vmlal_s16(vmull_s16(vget_low_s16(t), vget_low_s16(w->top)), vget_low_s16(b), vget_low_s16(w->bottom));
    v[1] = vmlal_high_s16(vmull_high_s16(t, w->top), b, w->bottom);
}

/// What is chosen for the 4 pixels between each of 8 columns and the next one.
typedef struct keyed_choice {
    uint8x8x4_t classes, doubt;
} keyed_choice;

/// Factors of 4 pixels' classes.
INLINE float32x4_t class_factors(const float *table, int32x4_t classes, const int at_most_16) {
    if (at_most_16) {
        const uint8x16_t at = vreinterpretq_u8_s32(vmlaq_s32(vdupq_n_s32(0x03020100), classes, vdupq_n_s32(0x04040404)));
        return vreinterpretq_f32_u8(vqtbl4q_u8(vld1q_u8_x4((const uint8_t *)table), at));
    }
    const float values[4] = {table[vgetq_lane_s32(classes, 0)], table[vgetq_lane_s32(classes, 1)], table[vgetq_lane_s32(classes, 2)],
                             table[vgetq_lane_s32(classes, 3)]};
    return vld1q_f32(values);
}

INLINE int32x4_t doubt_codes(int32x4_t margin, int32x4_t best, int32x4_t second, const eseg_s8_argmax_row *row) {
    const int few = row->classes <= 16;
    float32x4_t value = vmulq_f32(vcvtq_f32_s32(margin), class_factors(row->doubt_scales.best, best, few));
    value = vmulq_f32(value, class_factors(row->doubt_scales.second, second, few));
    return vsubq_s32(vdupq_n_s32(255), vcvtnq_s32_f32(vminq_f32(value, vdupq_n_f32(255))));
}

INLINE int32x4_t keyed_class(int32x4_t key) { return vbicq_s32(vdupq_n_s32(MAX_KEYED - 1), key); }

/// Doubt from keys, which are values over 16 above their classes.
INLINE int16x4_t keyed_doubt(int32x4_t most, int32x4_t next, const eseg_s8_argmax_row *row) {
    const int32x4_t margin = vsubq_s32(vshrq_n_s32(most, CLASS_BITS), vshrq_n_s32(next, CLASS_BITS));
    return vmovn_s32(doubt_codes(vshlq_n_s32(margin, 4), keyed_class(most), keyed_class(next), row));
}

INLINE keyed_choice keyed_pixels(const eseg_s8_argmax_row *row, int column, const keyed_weights *w, const int with_doubt) {
    const int16_t *top = row->top + column, *bottom = row->bottom + column;
    int32x4_t most[2][4], next[2][4], key = vdupq_n_s32(MAX_KEYED - 1);
    for (int i = 0; i < 8; ++i) most[i / 4][i % 4] = next[i / 4][i % 4] = vdupq_n_s32(INT32_MIN);
    for (int c = 0; c < row->classes; ++c, top += row->plane_stride, bottom += row->plane_stride) {
        int32x4_t left[2], right[2];
        keyed_column(top, bottom, w, left);
        keyed_column(top + 1, bottom + 1, w, right);
        for (int k = 0; k < 2; ++k) {
            const int32x4_t eighth = vsubq_s32(right[k], left[k]), step = vaddq_s32(eighth, eighth);
            int32x4_t v = vmlaq_s32(vaddq_s32(eighth, key), left[k], vdupq_n_s32(8));
            for (int i = 0; i < 4; ++i, v = vaddq_s32(v, step)) {
                if (with_doubt) next[k][i] = vmaxq_s32(next[k][i], vminq_s32(most[k][i], v));
                most[k][i] = vmaxq_s32(most[k][i], v);
            }
        }
        key = vsubq_s32(key, vdupq_n_s32(1));
    }
    keyed_choice choice;
    for (int i = 0; i < 4; ++i) {
        const int16x8_t keys = vuzp1q_s16(vreinterpretq_s16_s32(most[0][i]), vreinterpretq_s16_s32(most[1][i]));
        choice.classes.val[i] = vbic_u8(vdup_n_u8(MAX_KEYED - 1), vmovn_u16(vreinterpretq_u16_s16(keys)));
        if (!with_doubt) continue;
        const int16x4_t low = keyed_doubt(most[0][i], next[0][i], row), high = keyed_doubt(most[1][i], next[1][i], row);
        choice.doubt.val[i] = vqmovun_s16(vcombine_s16(low, high));
    }
    return choice;
}

INLINE void store_keyed(uint8_t *out, uint8x8x4_t values, int pixels) {
    if (pixels >= 4 * KEYED_COLUMNS) {
        vst4_u8(out, values);
    } else {
        uint8_t held[4 * KEYED_COLUMNS];
        vst4_u8(held, values);
        memcpy(out, held, (size_t)pixels);
    }
}

INLINE void upsample_by_4(const eseg_s8_argmax_row *row, const int with_doubt) {
    const int last = row->source_width - 1, weight = row->bottom_weight;
    const keyed_weights w = {.top = vdupq_n_s16((int16_t)((ESEG_S8_ARGMAX_ONE - weight) << CLASS_BITS)),
                             .bottom = vdupq_n_s16((int16_t)(weight << CLASS_BITS))};
    for (int column = 0; column < last; column += KEYED_COLUMNS) {
        const keyed_choice choice = keyed_pixels(row, column, &w, with_doubt);
        store_keyed(row->out + 2 + 4 * column, choice.classes, 4 * (last - column));
        if (with_doubt) store_keyed(row->doubt + 2 + 4 * column, choice.doubt, 4 * (last - column));
    }
    eseg_s8_argmax_ends(row);
}

INLINE void store_values(uint8_t *out, int32x4_t low, int32x4_t high, int pixels) {
    const uint8x8_t codes = vqmovun_s16(vcombine_s16(vmovn_s32(low), vmovn_s32(high)));
    store_bytes(out, vcombine_u8(codes, codes), pixels < 8 ? pixels : 8);
}

INLINE void choose_classes(const eseg_s8_argmax_row *row, const int32_t *left, const int32_t *rise, const int with_doubt) {
    for (int p = 0; p < row->pixels; p += 8) {
        const int first[2] = {row->columns[p], row->columns[p + 7] - row->columns[p] < LANES ? row->columns[p] : row->columns[p + 4]};
        uint8x16_t at[2];
        int32x4_t w[2], most[2], next[2], best[2], second[2];
        for (int k = 0; k < 2; ++k) {
            at[k] = column_bytes(row->columns + p + LANES * k, first[k]);
            w[k] = vld1q_s32(row->weights + p + LANES * k);
            most[k] = next[k] = vdupq_n_s32(INT32_MIN);
            best[k] = second[k] = vdupq_n_s32(0);
        }
        int32x4_t class = vdupq_n_s32(0);
        size_t plane = 0;
        for (int c = 0; c < row->classes; ++c, plane += row->plane_stride, class = vaddq_s32(class, vdupq_n_s32(1)))
            for (int k = 0; k < 2; ++k) {
                const int32x4_t v = vmlaq_s32(values_of(left + plane + first[k], at[k]), values_of(rise + plane + first[k], at[k]), w[k]);
                const uint32x4_t is_best = vcgtq_s32(v, most[k]);
                if (with_doubt) {
                    second[k] = vbslq_s32(is_best, best[k], vbslq_s32(vcgtq_s32(v, next[k]), class, second[k]));
                    next[k] = vmaxq_s32(next[k], vminq_s32(most[k], v));
                }
                best[k] = vbslq_s32(is_best, class, best[k]);
                most[k] = vmaxq_s32(most[k], v);
            }
        store_values(row->out + p, best[0], best[1], row->pixels - p);
        if (!with_doubt) continue;
        for (int k = 0; k < 2; ++k) most[k] = doubt_codes(vsubq_s32(most[k], next[k]), best[k], second[k], row);
        store_values(row->doubt + p, most[0], most[1], row->pixels - p);
    }
}
