// Fusion: 8 channels of 4 pixels at a time, of the last pixels one by one.

/// What the pixels of 8 channels add up.
typedef struct sources {
    __m256i bias, multipliers[ESEG_MAX_FUSED];
    const uint8_t *rows[ESEG_MAX_FUSED];
    const int32_t *columns[ESEG_MAX_FUSED];
    const int32_t *coarse, *coarse_columns;
} sources;

INLINE sources sources_of(const eseg_s8_fusion_row *row, int channel, const int inputs) {
    sources s = {.bias = row->bias ? _mm256_loadu_si256((const __m256i *)(row->bias + channel)) : _mm256_setzero_si256(),
                 .coarse = row->coarse ? row->coarse + channel : NULL,
                 .coarse_columns = row->coarse_columns};
    for (int i = 0; i < inputs; ++i) {
        s.rows[i] = row->rows[i] + channel;
        s.columns[i] = row->columns[i];
        s.multipliers[i] = _mm256_loadu_si256((const __m256i *)(row->multipliers[i] + channel));
    }
    return s;
}

INLINE __m256i sum_sources(const sources *s, int pixel, const int inputs, const int coarse) {
    __m256i sum = s->bias;
    if (coarse) sum = _mm256_add_epi32(sum, _mm256_loadu_si256((const __m256i *)(s->coarse + s->coarse_columns[pixel])));
    for (int i = 0; i < inputs; ++i) {
        const __m128i codes = _mm_loadl_epi64((const __m128i *)(s->rows[i] + s->columns[i][pixel]));
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_cvtepu8_epi32(codes), s->multipliers[i]));
    }
    return sum;
}

/// Behind the last pixel it repeats.
INLINE void fuse_packed(const eseg_s8_fusion_row *row, int channel, const sources *s, const int inputs, const int coarse, const curve *c) {
    const int left = row->channels - channel, pixels = row->pixels;
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const __m256i zero = _mm256_set1_epi16((short)row->zero_point);
    const size_t stride = row->out_stride;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < pixels; p += 4, out += 4 * stride) {
        __m256i v[4];
        for (int i = 0; i < 4; ++i) v[i] = _mm256_sra_epi32(sum_sources(s, p + i < pixels ? p + i : p, inputs, coarse), shift);
        store_four_pixels(out, stride, codes32(v, zero, c), pixels - p, left < LANES ? left : LANES);
    }
}

INLINE void fuse_channels(const eseg_s8_fusion_row *row, int channel, const int inputs, const int coarse, const curve *c) {
    const int left = row->channels - channel, pixels = row->pixels;
    const sources s = sources_of(row, channel, inputs);
    if (row->accumulators) {
        const __m256i mask = lane_mask(left);
        for (int p = 0; p < pixels; ++p)
            _mm256_maskstore_epi32(row->accumulators + p * row->accumulator_stride + channel, mask, sum_sources(&s, p, inputs, coarse));
        return;
    }
    if (row->packed) {
        fuse_packed(row, channel, &s, inputs, coarse, c);
        return;
    }
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const __m256i zero = _mm256_set1_epi16((short)row->zero_point);
    const size_t stride = row->out_stride;
    uint8_t *out = row->out + channel * 4;
    __m256i v[4];
    int p = 0;
    for (; p + 4 <= pixels; p += 4, out += 4 * stride) {
        for (int k = 0; k < 4; ++k) v[k] = _mm256_sra_epi32(sum_sources(&s, p + k, inputs, coarse), shift);
        const __m256i codes = packed32(v, zero, c);
        for (int k = 0; k < 4; ++k) store_slot(out + k * stride, spread(codes, k), left);
    }
    for (; p < pixels; ++p, out += stride) {
        v[0] = v[1] = v[2] = v[3] = _mm256_sra_epi32(sum_sources(&s, p, inputs, coarse), shift);
        store_slot(out, spread(packed32(v, zero, c), 0), left);
    }
}

void KERNEL(fusion_row)(const eseg_s8_fusion_row *row) {
    curve held;
    if (row->curve) held = load_curve(row->curve);
#define FUSE(N, COARSE) row->curve ? fuse_channels(row, channel, N, COARSE, &held) : fuse_channels(row, channel, N, COARSE, NULL)
    for (int channel = 0; channel < row->channels; channel += LANES) {
        if (row->coarse && row->inputs == 1) FUSE(1, 1);
        else if (row->coarse) FUSE(row->inputs, 1);
        else if (row->inputs == 2) FUSE(2, 0);
        else if (row->inputs == 3) FUSE(3, 0);
        else FUSE(row->inputs, 0);
    }
#undef FUSE
}
