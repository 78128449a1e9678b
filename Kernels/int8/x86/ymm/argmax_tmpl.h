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

void KERNEL(argmax_row)(const eseg_s8_argmax_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    for (int c = 0; c < row->classes; ++c) blend_rows(row, c, left + c * row->plane_stride, rise + c * row->plane_stride);
    for (int p = 0; p < row->pixels; p += LANES) {
        const int first = row->columns[p];
        const __m256i at = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(row->columns + p)), _mm256_set1_epi32(first));
        const __m256i w = _mm256_loadu_si256((const __m256i *)(row->weights + p));
        __m256i most = _mm256_set1_epi32(INT32_MIN), best = _mm256_setzero_si256();
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            const __m256i a = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(left + plane)), at);
            const __m256i d = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(rise + plane)), at);
            const __m256i v = _mm256_add_epi32(_mm256_slli_epi32(a, 7), _mm256_mullo_epi32(d, w));
            best = _mm256_blendv_epi8(best, _mm256_set1_epi32(c), _mm256_cmpgt_epi32(v, most));
            most = _mm256_max_epi32(most, v);
        }
        const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(best), _mm256_extracti128_si256(best, 1));
        const int left_over = row->pixels - p;
        store_bytes(row->out + p, _mm_packus_epi16(words, words), left_over < LANES ? left_over : LANES);
    }
}
