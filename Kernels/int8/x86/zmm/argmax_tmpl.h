// Upsampling: rows are blended once into [classes][source_width] values ×128 and their differences; 16 pixels span at most 16 columns.

void KERNEL(argmax_row)(const eseg_s8_argmax_row *row) {
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    const __m512i weight = _mm512_set1_epi32(row->bottom_weight);
    for (int c = 0; c < row->classes; ++c) {
        const int16_t *top = row->top + c * row->plane_stride, *bottom = row->bottom + c * row->plane_stride;
        int32_t *to = left + c * row->plane_stride;
        for (int x = 0; x < row->source_width; x += ESEG_LANES) {
            __m512i t = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(top + x)));
            __m512i b = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(bottom + x)));
            t = _mm512_add_epi32(_mm512_slli_epi32(t, 7), _mm512_mullo_epi32(weight, _mm512_sub_epi32(b, t)));
            _mm512_storeu_si512(to + x, t);
        }
        to[row->source_width] = to[row->source_width - 1];
        for (int x = 0; x < row->source_width; x += ESEG_LANES) {
            __m512i a = _mm512_loadu_si512(to + x), b = _mm512_loadu_si512(to + x + 1);
            _mm512_storeu_si512(rise + c * row->plane_stride + x, _mm512_sub_epi32(b, a));
        }
    }
    for (int p = 0; p < row->pixels; p += ESEG_LANES) {
        const int first = row->columns[p];
        const __m512i at = _mm512_sub_epi32(_mm512_loadu_si512(row->columns + p), _mm512_set1_epi32(first));
        const __m512i w = _mm512_loadu_si512(row->weights + p);
        __m512i most = _mm512_set1_epi32(INT32_MIN), best = _mm512_setzero_si512();
        for (int c = 0; c < row->classes; ++c) {
            const size_t plane = c * row->plane_stride + first;
            __m512i a = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(left + plane));
            __m512i d = _mm512_permutexvar_epi32(at, _mm512_loadu_si512(rise + plane));
            __m512i v = _mm512_add_epi32(_mm512_slli_epi32(a, 7), _mm512_mullo_epi32(d, w));
            best = _mm512_mask_mov_epi32(best, _mm512_cmpgt_epi32_mask(v, most), _mm512_set1_epi32(c));
            most = _mm512_max_epi32(most, v);
        }
        const __mmask16 mask = (__mmask16)low_bits(row->pixels - p);
        _mm512_mask_cvtepi32_storeu_epi8(row->out + p, mask, best);
    }
}
