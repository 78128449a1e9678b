// Fusion: 8 channels of 4 pixels at a time, of the last pixels one by one.

/// What all pixels share of 8 channels of a row.
typedef struct fuse_state {
    const uint8_t *rows[ESEG_MAX_FUSED];
    const int32_t *columns[ESEG_MAX_FUSED];
    __m256i multipliers[ESEG_MAX_FUSED], bias, zero;
    __m128i shift;
    size_t stride;
    int channels;
} fuse_state;

INLINE void fuse_pixels(const fuse_state *s, int pixel, const int count, const int inputs, const curve *c, uint8_t *out) {
    __m256i v[4] = {s->bias, s->bias, s->bias, s->bias};
    for (int i = 0; i < inputs; ++i)
        for (int k = 0; k < count; ++k) {
            const __m128i codes = _mm_loadl_epi64((const __m128i *)(s->rows[i] + s->columns[i][pixel + k]));
            v[k] = _mm256_add_epi32(v[k], _mm256_madd_epi16(_mm256_cvtepu8_epi32(codes), s->multipliers[i]));
        }
    for (int k = 0; k < count; ++k) v[k] = _mm256_sra_epi32(v[k], s->shift);
    const __m256i codes = packed32(v, s->zero, c);
    for (int k = 0; k < count; ++k) store_slot(out + k * s->stride, spread(codes, k), s->channels);
}

INLINE void fuse_channels(const eseg_fuse_row *row, int channel, const int inputs, const curve *c) {
    fuse_state s = {.bias = _mm256_loadu_si256((const __m256i *)(row->bias + channel)), .zero = _mm256_set1_epi16((short)row->zero_point),
                    .shift = _mm_cvtsi32_si128(row->shift), .stride = row->out_stride, .channels = row->channels - channel};
    for (int i = 0; i < inputs; ++i) {
        s.rows[i] = row->rows[i] + channel;
        s.columns[i] = row->columns[i];
        s.multipliers[i] = _mm256_loadu_si256((const __m256i *)(row->multipliers[i] + channel));
    }
    uint8_t *out = row->out + channel * 4;
    int p = 0;
    for (const int pixels = row->pixels; p + 4 <= pixels; p += 4, out += 4 * s.stride) fuse_pixels(&s, p, 4, inputs, c, out);
    for (const int pixels = row->pixels; p < pixels; ++p, out += s.stride) fuse_pixels(&s, p, 1, inputs, c, out);
}

static void fuse_row(const eseg_fuse_row *row) {
    curve c;
    if (row->curve) c = load_curve(row->curve);
#define FUSE(N) row->curve ? fuse_channels(row, channel, N, &c) : fuse_channels(row, channel, N, NULL)
    for (int channel = 0; channel < row->channels; channel += LANES) {
        if (row->inputs == 2) FUSE(2);
        else if (row->inputs == 3) FUSE(3);
        else FUSE(row->inputs);
    }
#undef FUSE
}
