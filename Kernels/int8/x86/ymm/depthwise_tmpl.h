// Depthwise: columns of the kernel as dot products of four rows' bytes; the weights turn to the ring's slot, not the rows. 8 channels of 4
// pixels at a time: 32 codes.

INLINE __m256i rotate_bytes(__m256i v, int bytes) {
    return _mm256_or_si256(_mm256_sll_epi32(v, _mm_cvtsi32_si128(8 * bytes)), _mm256_srl_epi32(v, _mm_cvtsi32_si128(32 - 8 * bytes)));
}

/// The kernel's columns for a ring whose first row lies in slot `first`.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, factors w[10]) {
    for (int x = 0; x < kernel; ++x)
        if (kernel == 3) {
            w[x] = weight_factors(rotate_bytes(_mm256_loadu_si256((const __m256i *)(packed + 64 * x)), first));
        } else {
            // Rows 0…3 and 4 of eight slots: what leaves the first group at its end enters the second.
            const __m256i a = rotate_bytes(_mm256_loadu_si256((const __m256i *)(packed + 128 * x)), first % 4);
            const __m256i b = rotate_bytes(_mm256_loadu_si256((const __m256i *)(packed + 128 * x + 64)), first % 4);
            const __m256i stays = _mm256_sll_epi32(_mm256_set1_epi32(-1), _mm_cvtsi32_si128(8 * (first % 4)));
            w[2 * x + first / 4] = weight_factors(_mm256_blendv_epi8(b, a, stays));
            w[2 * x + 1 - first / 4] = weight_factors(_mm256_blendv_epi8(a, b, stays));
        }
}

INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, int channel, const int kernel, const int stride, const curve *c) {
    const int groups = (kernel + 3) / 4, left = row->channels - channel;
    const eseg_s8_scaling *s = &row->scaling;
    const __m256i bias = _mm256_loadu_si256((const __m256i *)(s->bias + channel)), zero = _mm256_set1_epi16((short)s->zero_point);
    const __m256 multiplier = _mm256_loadu_ps(s->multiplier + channel);
    factors w[10];
    const size_t block = (size_t)kernel * groups * ESEG_LANES;
    turned_weights(row->weights + (channel / ESEG_LANES * block + channel % ESEG_LANES) * 4, row->first_slot, kernel, w);
    const size_t pixel_stride = row->pixel_stride, group_stride = row->group_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += 4, ring += 4 * stride * pixel_stride, out += 4 * out_stride) {
        __m256i v[4] = {bias, bias, bias, bias};
        for (int g = 0; g < groups; ++g)
            for (int x = 0; x < kernel + 3 * stride; ++x) {
                const factors codes = code_factors(_mm256_loadu_si256((const __m256i *)(ring + g * group_stride + x * pixel_stride)));
                for (int i = 0; i < 4; ++i)
                    if (x - i * stride >= 0 && x - i * stride < kernel) v[i] = dot(v[i], codes, w[(x - i * stride) * groups + g]);
            }
        for (int i = 0; i < 4; ++i) v[i] = scale(v[i], multiplier);
        const __m256i codes = codes32(v, zero, c);
        const __m128i low = _mm256_castsi256_si128(codes), high = _mm256_extracti128_si256(codes, 1);
        const __m128i pixel[4] = {low, _mm_unpackhi_epi64(low, low), high, _mm_unpackhi_epi64(high, high)};
        for (int i = 0; i < 4; ++i)
            if (p + i < row->pixels) store_bytes(out + i * out_stride, pixel[i], left < LANES ? left : LANES);
    }
}

void KERNEL(depthwise_row)(const eseg_s8_depthwise_row *row) {
    curve c;
    if (row->scaling.curve) c = load_curve(row->scaling.curve);
#define DEPTHWISE(K, S) row->scaling.curve ? depthwise_channels(row, channel, K, S, &c) : depthwise_channels(row, channel, K, S, NULL)
    for (int channel = 0; channel < row->channels; channel += LANES) {
        if (row->kernel == 3 && row->stride == 1) DEPTHWISE(3, 1);
        else if (row->kernel == 3) DEPTHWISE(3, 2);
        else if (row->stride == 1) DEPTHWISE(5, 1);
        else DEPTHWISE(5, 2);
    }
#undef DEPTHWISE
}
