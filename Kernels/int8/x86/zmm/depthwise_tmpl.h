// Depthwise: columns of the kernel as dot products of four rows' bytes; the weights turn to the ring's slot, not the rows.

INLINE __m512i rotate_bytes(__m512i v, int bytes) { return _mm512_rolv_epi32(v, _mm512_set1_epi32(8 * bytes)); }

/// The kernel's columns for a ring whose first row lies in slot `first`.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, __m512i w[10]) {
    for (int x = 0; x < kernel; ++x)
        if (kernel == 3) {
            w[x] = rotate_bytes(_mm512_loadu_si512(packed + 64 * x), first);
        } else {
            // Rows 0…3 and 4 of eight slots: what leaves the first group at its end enters the second.
            __m512i a = rotate_bytes(_mm512_loadu_si512(packed + 128 * x), first % 4);
            __m512i b = rotate_bytes(_mm512_loadu_si512(packed + 128 * x + 64), first % 4);
            __mmask64 stays = EVERY_FOURTH * (0xfu & 0xfu << first % 4);
            w[2 * x + first / 4] = _mm512_mask_mov_epi8(b, stays, a);
            w[2 * x + 1 - first / 4] = _mm512_mask_mov_epi8(a, stays, b);
        }
}

/// NB blocks of channels of 4 / NB pixels at a time: 64 codes.
INLINE void depthwise_blocks(const eseg_s8_depthwise_row *row, int channel, const int nb, const int kernel, const int stride,
                             const curve *c) {
    const int groups = (kernel + 3) / 4, step = 4 / nb;
    const eseg_s8_scaling *s = &row->scaling;
    const __mmask32 mask = (__mmask32)low_bits(row->channels - channel);
    const __m512i zero = _mm512_set1_epi16((short)s->zero_point);
    __m512i w[2][10], bias[2];
    __m512 multiplier[2];
    for (int n = 0; n < nb; ++n) {
        const int first = channel + n * ESEG_LANES;
        turned_weights(row->weights + (size_t)first * kernel * groups * 4, row->first_slot, kernel, w[n]);
        bias[n] = _mm512_loadu_si512(s->bias + first);
        multiplier[n] = _mm512_loadu_ps(s->multiplier + first);
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
        for (int i = 0; i < 4; ++i) v[i] = scale(v[i], multiplier[i % nb]);
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

INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c) {
    int channel = 0;
    for (; row->channels - channel > ESEG_LANES; channel += 2 * ESEG_LANES) depthwise_blocks(row, channel, 2, kernel, stride, c);
    if (channel < row->channels) depthwise_blocks(row, channel, 1, kernel, stride, c);
}

void KERNEL(depthwise_row)(const eseg_s8_depthwise_row *row) {
    curve held;
    if (row->scaling.curve) held = load_curve(row->scaling.curve);
#define DEPTHWISE(K, S) row->scaling.curve ? depthwise_channels(row, K, S, &held) : depthwise_channels(row, K, S, NULL)
    if (row->kernel == 3 && row->stride == 1) DEPTHWISE(3, 1);
    else if (row->kernel == 3) DEPTHWISE(3, 2);
    else if (row->stride == 1) DEPTHWISE(5, 1);
    else DEPTHWISE(5, 2);
#undef DEPTHWISE
}
