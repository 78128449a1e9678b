// Fusion: 16 channels of a pixel at a time, two pixels to a store.

/// Sums of one pixel.
typedef struct sources {
    const uint8_t *rows[ESEG_MAX_FUSED];
    const int32_t *columns[ESEG_MAX_FUSED];
    __m512i multipliers[ESEG_MAX_FUSED];
    __m512i bias;
    const int32_t *coarse, *coarse_columns;
} sources;

INLINE sources sources_of(const eseg_s8_fusion_row *row, int channel, const int inputs) {
    sources s = {.bias = row->bias ? _mm512_loadu_si512(row->bias + channel) : _mm512_setzero_si512(),
                 .coarse = row->coarse ? row->coarse + channel : NULL,
                 .coarse_columns = row->coarse_columns};
    for (int i = 0; i < inputs; ++i) {
        s.rows[i] = row->rows[i] + channel;
        s.columns[i] = row->columns[i];
        s.multipliers[i] = _mm512_and_si512(_mm512_loadu_si512(row->multipliers[i] + channel), _mm512_set1_epi32(0xffff));
    }
    return s;
}

INLINE __m512i sum_sources(const sources *s, int pixel, const int inputs, const int coarse) {
    __m512i sum = s->bias;
    if (coarse) sum = _mm512_add_epi32(sum, _mm512_loadu_si512(s->coarse + s->coarse_columns[pixel]));
    for (int i = 0; i < inputs; ++i) {
        const __m128i codes = _mm_loadu_si128((const __m128i *)(s->rows[i] + s->columns[i][pixel]));
        sum = _mm512_dpwssd_epi32(sum, _mm512_cvtepu8_epi32(codes), s->multipliers[i]);
    }
    return sum;
}

/// Four pixels at a time; behind the last one it repeats.
INLINE void fuse_packed(const eseg_s8_fusion_row *row, int channel, const sources *s, const int inputs, const int coarse, const curve *c) {
    const __mmask16 mask = (__mmask16)low_bits(row->channels - channel);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const __m512i zero = _mm512_set1_epi16((short)row->zero_point);
    const size_t stride = row->out_stride;
    const int pixels = row->pixels;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < pixels; p += 4, out += 4 * stride) {
        __m512i v[4];
        for (int i = 0; i < 4; ++i) v[i] = _mm512_sra_epi32(sum_sources(s, p + i < pixels ? p + i : p, inputs, coarse), shift);
        store_four_pixels(out, stride, codes64(v, 4, zero, c), pixels - p, mask);
    }
}

INLINE void fuse_block(const eseg_s8_fusion_row *row, int channel, const int inputs, const int coarse, const curve *c) {
    const int left = row->channels - channel;
    const sources s = sources_of(row, channel, inputs);
    if (row->accumulators) {
        for (int p = 0; p < row->pixels; ++p)
            _mm512_mask_storeu_epi32(row->accumulators + p * row->accumulator_stride + channel, (__mmask16)low_bits(left),
                                     sum_sources(&s, p, inputs, coarse));
        return;
    }
    if (row->packed) {
        fuse_packed(row, channel, &s, inputs, coarse, c);
        return;
    }
    const __mmask64 slot = EVERY_FOURTH & low_bits(4 * left);
    const __m128i shift = _mm_cvtsi32_si128(row->shift);
    const __m512i zero = _mm512_set1_epi16((short)row->zero_point);
    const size_t stride = row->out_stride;
    uint8_t *out = row->out + channel * 4;
    for (int p = 0; p < row->pixels; p += 2, out += 2 * stride) {
        const int next = p + 1 < row->pixels;
        const __m512i v[2] = {_mm512_sra_epi32(sum_sources(&s, p, inputs, coarse), shift),
                              _mm512_sra_epi32(sum_sources(&s, p + next, inputs, coarse), shift)};
        const __m512i codes = packed64(v, 2, zero, c);
        _mm512_mask_storeu_epi8(out, slot, spread(codes, 0));
        if (next) _mm512_mask_storeu_epi8(out + stride, slot, spread(codes, 1));
    }
}

void KERNEL(fusion_row)(const eseg_s8_fusion_row *row) {
    curve held;
    if (row->curve) held = load_curve(row->curve);
#define FUSE(N, COARSE) row->curve ? fuse_block(row, channel, N, COARSE, &held) : fuse_block(row, channel, N, COARSE, NULL)
    for (int channel = 0; channel < row->channels; channel += ESEG_LANES) {
        if (row->coarse && row->inputs == 1) FUSE(1, 1);
        else if (row->coarse) FUSE(row->inputs, 1);
        else if (row->inputs == 2) FUSE(2, 0);
        else if (row->inputs == 3) FUSE(3, 0);
        else FUSE(row->inputs, 0);
    }
#undef FUSE
}
