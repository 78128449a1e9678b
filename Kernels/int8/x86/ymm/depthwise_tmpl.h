// Depthwise: columns of the kernel as dot products of four rows' bytes; the weights turn to the ring's slot, not the rows. 8 channels of 4
// pixels at a time: 32 codes.

/// Most vectors of weights that a kernel's channels take: columns × groups of four slots.
enum { MOST_COLUMNS = ESEG_S8_DEPTHWISE_KERNEL * ((ESEG_S8_DEPTHWISE_KERNEL + 3) / 4) };

/// The kernel's columns for a ring whose first row lies in slot `first`. What leaves a group of slots at its end enters the next one.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, factors w[MOST_COLUMNS]) {
    const int groups = (kernel + 3) / 4;
    const __m128i left = _mm_cvtsi32_si128(8 * (first % 4)), right = _mm_cvtsi32_si128(32 - 8 * (first % 4));
    for (int x = 0; x < kernel; ++x, packed += 64 * groups)
        for (int g = 0; g < groups; ++g) {
            const __m256i rows = _mm256_loadu_si256((const __m256i *)(packed + 64 * g));
            const __m256i before = _mm256_loadu_si256((const __m256i *)(packed + 64 * ((g + groups - 1) % groups)));
            w[x * groups + (g + first / 4) % groups] =
                weight_factors(_mm256_or_si256(_mm256_sll_epi32(rows, left), _mm256_srl_epi32(before, right)));
        }
}

/// Curve and slopes: NULL: none.
INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, int channel, const int kernel, const int stride, const curve *c,
                               const float *slopes) {
    const int groups = (kernel + 3) / 4, left = row->channels - channel;
    const eseg_s8_scaling *s = &row->scaling;
    const __m256i bias = _mm256_loadu_si256((const __m256i *)(s->bias + channel)), zero = _mm256_set1_epi16((short)s->zero_point);
    const __m256 multiplier = _mm256_loadu_ps(s->multiplier + channel);
    const __m256 slope = slopes ? _mm256_loadu_ps(slopes + channel) : _mm256_setzero_ps();
    factors w[MOST_COLUMNS];
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
        for (int i = 0; i < 4; ++i) v[i] = slopes ? scale_and_bend(v[i], multiplier, slope) : scale(v[i], multiplier);
        const __m256i codes = codes32(v, zero, c);
        const __m128i low = _mm256_castsi256_si128(codes), high = _mm256_extracti128_si256(codes, 1);
        const __m128i pixel[4] = {low, _mm_unpackhi_epi64(low, low), high, _mm_unpackhi_epi64(high, high)};
        for (int i = 0; i < 4; ++i)
            if (p + i < row->pixels) store_bytes(out + i * out_stride, pixel[i], left < LANES ? left : LANES);
    }
}

INLINE void depthwise_all(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c, const float *slopes) {
    for (int channel = 0; channel < row->channels; channel += LANES) depthwise_channels(row, channel, kernel, stride, c, slopes);
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
