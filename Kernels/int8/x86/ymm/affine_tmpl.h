// Affine: 8 channels of 4 pixels at a time, 32 codes; behind the last pixel it repeats.

/// Curve and slopes: NULL: none.
INLINE void affine_channels(const eseg_s8_affine_row *row, int channel, const curve *c, const float *slopes) {
    const eseg_s8_scaling *s = &row->scaling;
    const int left = row->channels - channel;
    const __m256i weights = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(row->weights + channel)));
    const __m256i bias = _mm256_loadu_si256((const __m256i *)(s->bias + channel)), zero = _mm256_set1_epi16((short)s->zero_point);
    const __m256 multiplier = _mm256_loadu_ps(s->multiplier + channel);
    const __m256 slope = slopes ? _mm256_loadu_ps(slopes + channel) : _mm256_setzero_ps();
    const size_t in_stride = row->in_stride, out_stride = row->out_stride;
    const uint8_t *in = row->in + channel;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += 4, in += 4 * in_stride, out += 4 * out_stride) {
        __m256i v[4];
        for (int i = 0; i < 4; ++i) {
            const uint8_t *from = in + (p + i < row->pixels ? i : 0) * in_stride;
            const __m256i codes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from));
            v[i] = _mm256_add_epi32(bias, _mm256_madd_epi16(codes, weights));
            v[i] = slopes ? scale_and_bend(v[i], multiplier, slope) : scale(v[i], multiplier);
        }
        store_four_pixels(out, out_stride, codes32(v, zero, c), row->pixels - p, left < LANES ? left : LANES);
    }
}

INLINE void affine_all(const eseg_s8_affine_row *row, const curve *c, const float *slopes) {
    for (int channel = 0; channel < row->channels; channel += LANES) affine_channels(row, channel, c, slopes);
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
