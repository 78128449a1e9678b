// Upsampling: rows are blended once into [classes][source_width] values ×128 and their differences; 8 pixels then span at most 8 columns.

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

/// Doubt from the greatest two of a pixel's values.
INLINE __m256i doubt_codes(__m256i most, __m256i second, float scale) {
    const __m256 value = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(most, second)), _mm256_set1_ps(scale));
    return _mm256_sub_epi32(_mm256_set1_epi32(255), _mm256_cvtps_epi32(_mm256_min_ps(value, _mm256_set1_ps(255))));
}

INLINE void choose_classes(const eseg_s8_argmax_row *row, const int32_t *left, const int32_t *rise, const int with_doubt) {
    for (int p = 0; p < row->pixels; p += LANES) {
        const int first = row->columns[p];
        const __m256i at = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(row->columns + p)), _mm256_set1_epi32(first));
        const __m256i w = _mm256_loadu_si256((const __m256i *)(row->weights + p));
        __m256i most = _mm256_set1_epi32(INT32_MIN), second = most, best = _mm256_setzero_si256();
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            const __m256i a = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(left + plane)), at);
            const __m256i d = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(rise + plane)), at);
            const __m256i v = _mm256_add_epi32(_mm256_slli_epi32(a, 7), _mm256_mullo_epi32(d, w));
            best = _mm256_blendv_epi8(best, _mm256_set1_epi32(c), _mm256_cmpgt_epi32(v, most));
            if (with_doubt) second = _mm256_max_epi32(second, _mm256_min_epi32(most, v));
            most = _mm256_max_epi32(most, v);
        }
        store_values(row->out + p, best, row->pixels - p);
        if (with_doubt) store_values(row->doubt + p, doubt_codes(most, second, row->doubt_scale), row->pixels - p);
    }
}

void KERNEL(argmax_row)(const eseg_s8_argmax_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    for (int c = 0; c < row->classes; ++c) blend_rows(row, c, left + c * row->plane_stride, rise + c * row->plane_stride);
    if (row->doubt) choose_classes(row, left, rise, 1);
    else choose_classes(row, left, rise, 0);
}
