// Upsampling: rows are blended once into [classes][source_width] values ×128 and their differences; 16 pixels span at most 16 columns.

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

/// Doubt from the greatest two of a pixel's values.
INLINE __m512i doubt_codes(__m512i most, __m512i second, float scale) {
    const __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(most, second)), _mm512_set1_ps(scale));
    return _mm512_sub_epi32(_mm512_set1_epi32(255), _mm512_cvtps_epi32(_mm512_min_ps(value, _mm512_set1_ps(255))));
}

INLINE void choose_classes(const eseg_s8_argmax_row *row, const int32_t *left, const int32_t *rise, const int with_doubt) {
    for (int p = 0; p < row->pixels; p += ESEG_LANES) {
        const int first = row->columns[p];
        const __m512i at = _mm512_sub_epi32(_mm512_loadu_si512(row->columns + p), _mm512_set1_epi32(first));
        const __m512i w = _mm512_loadu_si512(row->weights + p);
        __m512i most = _mm512_set1_epi32(INT32_MIN), second = most, best = _mm512_setzero_si512();
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            const __m512i a = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(left + plane));
            const __m512i d = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(rise + plane));
            const __m512i v = _mm512_add_epi32(_mm512_slli_epi32(a, 7), _mm512_mullo_epi32(d, w));
            best = _mm512_mask_mov_epi32(best, _mm512_cmpgt_epi32_mask(v, most), _mm512_set1_epi32(c));
            if (with_doubt) second = _mm512_max_epi32(second, _mm512_min_epi32(most, v));
            most = _mm512_max_epi32(most, v);
        }
        const __mmask16 mask = (__mmask16)low_bits(row->pixels - p);
        _mm512_mask_cvtepi32_storeu_epi8(row->out + p, mask, best);
        if (with_doubt) _mm512_mask_cvtepi32_storeu_epi8(row->doubt + p, mask, doubt_codes(most, second, row->doubt_scale));
    }
}

void KERNEL(argmax_row)(const eseg_s8_argmax_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    for (int c = 0; c < row->classes; ++c) blend_rows(row, c, left + c * row->plane_stride, rise + c * row->plane_stride);
    if (row->doubt) choose_classes(row, left, rise, 1);
    else choose_classes(row, left, rise, 0);
}
