// Upsampling. In general rows are blended once into [classes][source_width] values ×128 and their differences; 16 pixels span at most 16
// columns. By 4, all weights of columns are odd eighths: values leave 6 bits for their class, so that the greatest of all brings it along,
// and the values of the 4 pixels between two columns lie in a line.

INLINE void blend_rows(const eseg_s8_argmax_row *row, int class, int32_t *left, int32_t *rise) {
    const __m512i weight = _mm512_set1_epi32(row->bottom_weight);
    const int16_t *top = row->top + class * row->plane_stride, *bottom = row->bottom + class * row->plane_stride;
    for (int x = 0; x < row->source_width; x += ESEG_LANES) {
        const __m512i t = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(top + x)));
        const __m512i b = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(bottom + x)));
        _mm512_storeu_si512(left + x, _mm512_add_epi32(_mm512_slli_epi32(t, 7), _mm512_mullo_epi32(weight, _mm512_sub_epi32(b, t))));
    }
    left[row->source_width] = left[row->source_width - 1];
    for (int x = 0; x < row->source_width; x += ESEG_LANES)
        _mm512_storeu_si512(rise + x, _mm512_sub_epi32(_mm512_loadu_si512(left + x + 1), _mm512_loadu_si512(left + x)));
}

/// Factors of 16 pixels' classes.
INLINE __m512 class_factors(const float *table, __m512i classes, const int at_most_16) {
    return at_most_16 ? _mm512_permutexvar_ps(classes, _mm512_loadu_ps(table)) : _mm512_i32gather_ps(classes, table, 4);
}

INLINE __m512i doubt_codes(__m512i margin, __m512i best, __m512i second, const eseg_s8_doubt_scales *scales, int classes) {
    const int few = classes <= 16;
    __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(margin), class_factors(scales->best, best, few));
    value = _mm512_mul_ps(value, class_factors(scales->second, second, few));
    return _mm512_sub_epi32(_mm512_set1_epi32(255), _mm512_cvtps_epi32(_mm512_min_ps(value, _mm512_set1_ps(255))));
}

INLINE void choose_classes(const eseg_s8_argmax_row *row, const int32_t *left, const int32_t *rise, const int with_doubt) {
    for (int p = 0; p < row->pixels; p += ESEG_LANES) {
        const int first = row->columns[p];
        const __m512i at = _mm512_sub_epi32(_mm512_loadu_si512(row->columns + p), _mm512_set1_epi32(first));
        const __m512i w = _mm512_loadu_si512(row->weights + p);
        __m512i most = _mm512_set1_epi32(INT32_MIN), next = most, best = _mm512_setzero_si512(), second = best;
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            const __m512i a = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(left + plane));
            const __m512i d = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(rise + plane));
            const __m512i v = _mm512_add_epi32(_mm512_slli_epi32(a, 7), _mm512_mullo_epi32(d, w));
            const __mmask16 is_best = _mm512_cmpgt_epi32_mask(v, most);
            if (with_doubt) {
                second = _mm512_mask_mov_epi32(second, _mm512_cmpgt_epi32_mask(v, next), _mm512_set1_epi32(c));
                second = _mm512_mask_mov_epi32(second, is_best, best);
                next = _mm512_max_epi32(next, _mm512_min_epi32(most, v));
            }
            best = _mm512_mask_mov_epi32(best, is_best, _mm512_set1_epi32(c));
            most = _mm512_max_epi32(most, v);
        }
        const __mmask16 mask = (__mmask16)low_bits(row->pixels - p);
        _mm512_mask_cvtepi32_storeu_epi8(row->out + p, mask, best);
        if (!with_doubt) continue;
        const __m512i doubt = doubt_codes(_mm512_sub_epi32(most, next), best, second, &row->doubt_scales, row->classes);
        _mm512_mask_cvtepi32_storeu_epi8(row->doubt + p, mask, doubt);
    }
}

enum { KEYED_COLUMNS = 16 };

INLINE void blend_keyed(const eseg_s8_argmax_row *row, int class, int32_t *left) {
    const int32_t top_weight = (ESEG_S8_ARGMAX_ONE - row->bottom_weight) << CLASS_BITS, bottom_weight = row->bottom_weight << CLASS_BITS;
    const __m512i weights = _mm512_set1_epi32(top_weight | bottom_weight << 16);
    const int16_t *top = row->top + class * row->plane_stride, *bottom = row->bottom + class * row->plane_stride;
    for (int x = 0; x < row->source_width; x += ESEG_LANES) {
        const __m512i t = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(top + x)));
        const __m512i b = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(bottom + x)));
        _mm512_storeu_si512(left + x, _mm512_madd_epi16(_mm512_or_si512(t, _mm512_slli_epi32(b, 16)), weights));
    }
    left[row->source_width] = left[row->source_width - 1];
}

/// Bytes of 4 vectors, each in the lowest of a lane, as those of a lane's 4 pixels.
INLINE __m512i pixels_of_lanes(const __m512i v[4]) {
    const __m512i low = _mm512_or_si512(v[0], _mm512_slli_epi32(v[1], 8)), high = _mm512_or_si512(v[2], _mm512_slli_epi32(v[3], 8));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// The 4 pixels between each of 16 columns and the next one.
INLINE void choose_keyed(const eseg_s8_argmax_row *row, const int32_t *left, int column, const int with_doubt) {
    __m512i most[4], next[4], key = _mm512_set1_epi32(MAX_KEYED - 1);
    for (int i = 0; i < 4; ++i) most[i] = next[i] = _mm512_set1_epi32(INT32_MIN);
    const int32_t *plane = left + column;
    for (int c = 0; c < row->classes; ++c, plane += row->plane_stride) {
        const __m512i l = _mm512_loadu_si512(plane), eighth = _mm512_sub_epi32(_mm512_loadu_si512(plane + 1), l);
        const __m512i step = _mm512_add_epi32(eighth, eighth);
        __m512i v = _mm512_add_epi32(_mm512_add_epi32(eighth, key), _mm512_slli_epi32(l, 3));
        for (int i = 0; i < 4; ++i, v = _mm512_add_epi32(v, step)) {
            if (with_doubt) next[i] = _mm512_max_epi32(next[i], _mm512_min_epi32(most[i], v));
            most[i] = _mm512_max_epi32(most[i], v);
        }
        key = _mm512_sub_epi32(key, _mm512_set1_epi32(1));
    }
    const __mmask64 mask = low_bits(4 * (row->source_width - 1 - column));
    const int at = 2 + 4 * column;
    __m512i values[4];
    for (int i = 0; i < 4; ++i) values[i] = _mm512_andnot_si512(most[i], _mm512_set1_epi32(MAX_KEYED - 1));
    _mm512_mask_storeu_epi8(row->out + at, mask, pixels_of_lanes(values));
    if (!with_doubt) return;
    for (int i = 0; i < 4; ++i) {
        const __m512i above = _mm512_srai_epi32(most[i], CLASS_BITS), below = _mm512_srai_epi32(next[i], CLASS_BITS);
        const __m512i second = _mm512_andnot_si512(next[i], _mm512_set1_epi32(MAX_KEYED - 1));
        values[i] = doubt_codes(_mm512_slli_epi32(_mm512_sub_epi32(above, below), 4), values[i], second, &row->doubt_scales, row->classes);
    }
    _mm512_mask_storeu_epi8(row->doubt + at, mask, pixels_of_lanes(values));
}
