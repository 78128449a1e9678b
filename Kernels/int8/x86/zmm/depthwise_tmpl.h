// Depthwise: columns of the kernel as dot products of four rows' bytes; the weights turn to the ring's slot, not the rows.

/// Most vectors of weights that a block takes: columns × groups of four slots.
enum { MOST_COLUMNS = ESEG_S8_DEPTHWISE_KERNEL * ((ESEG_S8_DEPTHWISE_KERNEL + 3) / 4) };

/// The kernel's columns for a ring whose first row lies in slot `first`. What leaves a group of slots at its end enters the next one.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, __m512i w[MOST_COLUMNS]) {
    const int groups = (kernel + 3) / 4;
    const __m512i bits = _mm512_set1_epi32(8 * (first % 4));
    const __mmask64 stays = EVERY_FOURTH * (0xfu & 0xfu << first % 4);
    for (int x = 0; x < kernel; ++x, packed += 64 * groups)
        for (int g = 0; g < groups; ++g) {
            const __m512i rows = _mm512_rolv_epi32(_mm512_loadu_si512(packed + 64 * g), bits);
            const __m512i before = _mm512_rolv_epi32(_mm512_loadu_si512(packed + 64 * ((g + groups - 1) % groups)), bits);
            w[x * groups + (g + first / 4) % groups] = groups == 1 ? rows : _mm512_mask_mov_epi8(before, stays, rows);
        }
}

/// NB blocks of channels of 4 / NB pixels at a time: 64 codes. Curve and slopes: NULL: none.
INLINE void depthwise_blocks(const eseg_s8_depthwise_row *row, int channel, const int nb, const int kernel, const int stride,
                             const curve *c, const float *slopes) {
    const int groups = (kernel + 3) / 4, step = 4 / nb;
    const eseg_s8_scaling *s = &row->scaling;
    const __mmask32 mask = (__mmask32)low_bits(row->channels - channel);
    const __m512i zero = _mm512_set1_epi16((short)s->zero_point);
    __m512i w[2][MOST_COLUMNS], bias[2];
    __m512 multiplier[2], slope[2];
    for (int n = 0; n < nb; ++n) {
        const int first = channel + n * ESEG_LANES;
        turned_weights(row->weights + (size_t)first * kernel * groups * 4, row->first_slot, kernel, w[n]);
        bias[n] = _mm512_loadu_si512(s->bias + first);
        multiplier[n] = _mm512_loadu_ps(s->multiplier + first);
        if (slopes) slope[n] = _mm512_loadu_ps(slopes + first);
    }
    const size_t pixel_stride = row->pixel_stride, group_stride = row->group_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += step, ring += step * stride * pixel_stride, out += step * out_stride) {
        __m512i v[4];
        for (int i = 0; i < 4; ++i) v[i] = bias[i % nb];
        for (int g = 0; g < groups; ++g)
            for (int x = 0; x < kernel + (step - 1) * stride; ++x)
                for (int n = 0; n < nb; ++n) {
                    const __m512i codes = _mm512_loadu_si512(ring + g * group_stride + x * pixel_stride + 64 * n);
                    for (int i = 0; i < step; ++i)
                        if (x - i * stride >= 0 && x - i * stride < kernel)
                            v[i * nb + n] = _mm512_dpbusd_epi32(v[i * nb + n], codes, w[n][(x - i * stride) * groups + g]);
                }
        for (int i = 0; i < 4; ++i)
            v[i] = slopes ? scale_and_bend(v[i], multiplier[i % nb], slope[i % nb]) : scale(v[i], multiplier[i % nb]);
        const __m512i codes = codes64(v, 4, zero, c);
        if (nb == 2) {
            _mm256_mask_storeu_epi8(out, mask, _mm512_castsi512_si256(codes));
            if (p + 1 < row->pixels) _mm256_mask_storeu_epi8(out + out_stride, mask, _mm512_extracti64x4_epi64(codes, 1));
        } else {
            const __m128i pixel[4] = {_mm512_castsi512_si128(codes), _mm512_extracti32x4_epi32(codes, 1),
                                      _mm512_extracti32x4_epi32(codes, 2), _mm512_extracti32x4_epi32(codes, 3)};
            for (int i = 0; i < 4; ++i)
                if (p + i < row->pixels) _mm_mask_storeu_epi8(out + i * out_stride, (__mmask16)mask, pixel[i]);
        }
    }
}

INLINE void depthwise_all(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c, const float *slopes) {
    int channel = 0;
    for (; row->channels - channel > ESEG_LANES; channel += 2 * ESEG_LANES) depthwise_blocks(row, channel, 2, kernel, stride, c, slopes);
    if (channel < row->channels) depthwise_blocks(row, channel, 1, kernel, stride, c, slopes);
}

#define DEPTHWISE(NAME, K, S)                                                            \
    static void depthwise_##NAME(const eseg_s8_depthwise_row *row, const curve *c) {     \
        if (c) depthwise_all(row, K, S, c, NULL);                                        \
        else if (row->scaling.slope) depthwise_all(row, K, S, NULL, row->scaling.slope); \
        else depthwise_all(row, K, S, NULL, NULL);                                       \
    }
DEPTHWISE(3_1, 3, 1)
DEPTHWISE(3_2, 3, 2)
DEPTHWISE(5_1, 5, 1)
DEPTHWISE(5_2, 5, 2)
DEPTHWISE(any, row->kernel, row->stride)
#undef DEPTHWISE

void KERNEL(depthwise_row)(const eseg_s8_depthwise_row *row) {
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
    if (row->kernel == 3) (row->stride == 1 ? depthwise_3_1 : depthwise_3_2)(row, c);
    else if (row->kernel == 5) (row->stride == 1 ? depthwise_5_1 : depthwise_5_2)(row, c);
    else depthwise_any(row, c);
}
