// Upsampling. In general rows are blended once into [classes][source_width] values ×128 and their differences; 8 pixels then span at most 8
// columns. By 4 it is as in zmm/argmax_tmpl.h.

INLINE void blend_rows(const eseg_s8_argmax_row *row, int class, int32_t *left, int32_t *rise) {
    const __m256i weight = _mm256_set1_epi32(row->bottom_weight);
    const int16_t *top = row->top + class * row->plane_stride, *bottom = row->bottom + class * row->plane_stride;
    for (int x = 0; x < row->source_width; x += LANES) {
        const __m256i t = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(top + x)));
        const __m256i b = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(bottom + x)));
        const __m256i v = _mm256_add_epi32(_mm256_slli_epi32(t, 7), _mm256_mullo_epi32(weight, _mm256_sub_epi32(b, t)));
        _mm256_storeu_si256((__m256i *)(left + x), v);
    }
    left[row->source_width] = left[row->source_width - 1];
    for (int x = 0; x < row->source_width; x += LANES) {
        const __m256i a = _mm256_loadu_si256((const __m256i *)(left + x)), b = _mm256_loadu_si256((const __m256i *)(left + x + 1));
        _mm256_storeu_si256((__m256i *)(rise + x), _mm256_sub_epi32(b, a));
    }
}

INLINE void store_values(uint8_t *out, __m256i values, int left_over) {
    const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
    store_bytes(out, _mm_packus_epi16(words, words), left_over < LANES ? left_over : LANES);
}

/// Factors of 8 pixels' classes.
INLINE __m256 class_factors(const float *table, __m256i classes, const int at_most_16) {
    if (!at_most_16) return _mm256_i32gather_ps(table, classes, 4);
    const __m256 low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), classes);
    const __m256 high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), classes);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(classes, 28)));
}

INLINE __m256i doubt_codes(__m256i margin, __m256i best, __m256i second, const eseg_s8_doubt_scales *scales, int classes) {
    const int few = classes <= 16;
    __m256 value = _mm256_mul_ps(_mm256_cvtepi32_ps(margin), class_factors(scales->best, best, few));
    value = _mm256_mul_ps(value, class_factors(scales->second, second, few));
    return _mm256_sub_epi32(_mm256_set1_epi32(255), _mm256_cvtps_epi32(_mm256_min_ps(value, _mm256_set1_ps(255))));
}

INLINE void choose_classes(const eseg_s8_argmax_row *row, const int32_t *left, const int32_t *rise, const int with_doubt) {
    for (int p = 0; p < row->pixels; p += LANES) {
        const int first = row->columns[p];
        const __m256i at = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(row->columns + p)), _mm256_set1_epi32(first));
        const __m256i w = _mm256_loadu_si256((const __m256i *)(row->weights + p));
        __m256i most = _mm256_set1_epi32(INT32_MIN), next = most, best = _mm256_setzero_si256(), second = best;
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            const __m256i a = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(left + plane)), at);
            const __m256i d = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(rise + plane)), at);
            const __m256i v = _mm256_add_epi32(_mm256_slli_epi32(a, 7), _mm256_mullo_epi32(d, w));
            const __m256i is_best = _mm256_cmpgt_epi32(v, most);
            if (with_doubt) {
                second = _mm256_blendv_epi8(second, _mm256_set1_epi32(c), _mm256_cmpgt_epi32(v, next));
                second = _mm256_blendv_epi8(second, best, is_best);
                next = _mm256_max_epi32(next, _mm256_min_epi32(most, v));
            }
            best = _mm256_blendv_epi8(best, _mm256_set1_epi32(c), is_best);
            most = _mm256_max_epi32(most, v);
        }
        store_values(row->out + p, best, row->pixels - p);
        if (!with_doubt) continue;
        const __m256i doubt = doubt_codes(_mm256_sub_epi32(most, next), best, second, &row->doubt_scales, row->classes);
        store_values(row->doubt + p, doubt, row->pixels - p);
    }
}

enum { KEYED_COLUMNS = LANES };

INLINE void blend_keyed(const eseg_s8_argmax_row *row, int class, int32_t *left) {
    const int32_t top_weight = (ESEG_S8_ARGMAX_ONE - row->bottom_weight) << CLASS_BITS, bottom_weight = row->bottom_weight << CLASS_BITS;
    const __m256i weights = _mm256_set1_epi32(top_weight | bottom_weight << 16);
    const int16_t *top = row->top + class * row->plane_stride, *bottom = row->bottom + class * row->plane_stride;
    for (int x = 0; x < row->source_width; x += LANES) {
        const __m256i t = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(top + x)));
        const __m256i b = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(bottom + x)));
        _mm256_storeu_si256((__m256i *)(left + x), _mm256_madd_epi16(_mm256_or_si256(t, _mm256_slli_epi32(b, 16)), weights));
    }
    left[row->source_width] = left[row->source_width - 1];
}

/// Stores bytes of 4 vectors, each in the lowest of a lane, as those of a lane's 4 pixels.
INLINE void store_keyed(uint8_t *out, const __m256i v[4], int pixels) {
    const __m256i low = _mm256_or_si256(v[0], _mm256_slli_epi32(v[1], 8)), high = _mm256_or_si256(v[2], _mm256_slli_epi32(v[3], 8));
    const __m256i all = _mm256_or_si256(low, _mm256_slli_epi32(high, 16));
    if (pixels >= 4 * KEYED_COLUMNS) {
        _mm256_storeu_si256((__m256i *)out, all);
    } else {
        uint8_t held[4 * KEYED_COLUMNS];
        _mm256_storeu_si256((__m256i *)held, all);
        memcpy(out, held, (size_t)pixels);
    }
}

/// The 4 pixels between each of 8 columns and the next one.
INLINE void choose_keyed(const eseg_s8_argmax_row *row, const int32_t *left, int column, const int with_doubt) {
    __m256i most[4], next[4], key = _mm256_set1_epi32(MAX_KEYED - 1);
    for (int i = 0; i < 4; ++i) most[i] = next[i] = _mm256_set1_epi32(INT32_MIN);
    const int32_t *plane = left + column;
    for (int c = 0; c < row->classes; ++c, plane += row->plane_stride) {
        const __m256i l = _mm256_loadu_si256((const __m256i *)plane);
        const __m256i eighth = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(plane + 1)), l);
        const __m256i step = _mm256_add_epi32(eighth, eighth);
        __m256i v = _mm256_add_epi32(_mm256_add_epi32(eighth, key), _mm256_slli_epi32(l, 3));
        for (int i = 0; i < 4; ++i, v = _mm256_add_epi32(v, step)) {
            if (with_doubt) next[i] = _mm256_max_epi32(next[i], _mm256_min_epi32(most[i], v));
            most[i] = _mm256_max_epi32(most[i], v);
        }
        key = _mm256_sub_epi32(key, _mm256_set1_epi32(1));
    }
    const int pixels = 4 * (row->source_width - 1 - column), at = 2 + 4 * column;
    __m256i values[4];
    for (int i = 0; i < 4; ++i) values[i] = _mm256_andnot_si256(most[i], _mm256_set1_epi32(MAX_KEYED - 1));
    store_keyed(row->out + at, values, pixels);
    if (!with_doubt) return;
    for (int i = 0; i < 4; ++i) {
        const __m256i above = _mm256_srai_epi32(most[i], CLASS_BITS), below = _mm256_srai_epi32(next[i], CLASS_BITS);
        const __m256i second = _mm256_andnot_si256(next[i], _mm256_set1_epi32(MAX_KEYED - 1));
        values[i] = doubt_codes(_mm256_slli_epi32(_mm256_sub_epi32(above, below), 4), values[i], second, &row->doubt_scales, row->classes);
    }
    store_keyed(row->doubt + at, values, pixels);
}
