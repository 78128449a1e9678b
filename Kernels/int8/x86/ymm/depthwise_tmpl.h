// Depthwise: columns of the kernel as dot products of rows' bytes; the weights turn to the ring's slots, not the rows. 8 channels of 4 pixels
// at a time: 32 codes.

/// Most vectors of weights that a kernel's channels take.
enum { MOST_COLUMNS = ESEG_S8_DEPTHWISE_KERNEL * MOST_PIECES };

/// Adds a piece's part of four pixels, whose columns are loaded once: for kernels and strides that are constants.
INLINE void add_shared_columns(const ring_piece *piece, const uint8_t *ring, size_t pixel_stride, const int kernel, const int stride,
                               const __m256i *w, __m256i v[4]) {
    for (int x = 0; x < kernel + 3 * stride; ++x) {
        const __m256i codes = piece_codes(piece, ring + x * pixel_stride);
        for (int i = 0; i < 4; ++i)
            if (x - i * stride >= 0 && x - i * stride < kernel) v[i] = dot(v[i], codes, w[(x - i * stride) * PIECES(kernel)]);
    }
}

INLINE void add_columns(const ring_piece *piece, const uint8_t *ring, size_t pixel_stride, int kernel, int stride, const __m256i *w,
                        __m256i v[4]) {
    for (int x = 0; x < kernel; ++x, w += PIECES(kernel))
        for (int i = 0; i < 4; ++i) v[i] = dot(v[i], piece_codes(piece, ring + (i * stride + x) * pixel_stride), *w);
}

typedef enum shape { FIXED_SHAPE, ANY_SHAPE } shape;

/// Curve and slopes: NULL: none.
INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, const pieces *slots, int channel, const shape shape, const int kernel,
                               const int stride, const curve *c, const float *slopes) {
    const int groups = (kernel + 3) / 4, count = PIECES(kernel), left = row->channels - channel;
    const eseg_s8_scaling *s = &row->scaling;
    const __m256i bias = _mm256_loadu_si256((const __m256i *)(s->bias + channel)), zero = _mm256_set1_epi16((short)s->zero_point);
    const __m256 multiplier = _mm256_loadu_ps(s->multiplier + channel);
    const __m256 slope = slopes ? _mm256_loadu_ps(slopes + channel) : _mm256_setzero_ps();
    __m256i w[MOST_COLUMNS];
    const size_t block = (size_t)kernel * groups * ESEG_LANES;
    const int8_t *packed = row->weights + (channel / ESEG_LANES * block + channel % ESEG_LANES) * 4;
    for (int x = 0; x < kernel; ++x, packed += 64 * groups)
        for (int k = 0; k < count; ++k) w[x * count + k] = piece_weights(slots, k, packed, groups);
    const size_t pixel_stride = row->pixel_stride, out_stride = row->out_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int p = 0; p < row->pixels; p += 4, ring += 4 * stride * pixel_stride, out += 4 * out_stride) {
        __m256i v[4] = {bias, bias, bias, bias};
        for (int k = 0; k < count; ++k) {
            const ring_piece piece = ring_piece_of(slots, k);
            if (shape == ANY_SHAPE) add_columns(&piece, ring, pixel_stride, kernel, stride, w + k, v);
            else add_shared_columns(&piece, ring, pixel_stride, kernel, stride, w + k, v);
        }
        for (int i = 0; i < 4; ++i) v[i] = slopes ? scale_and_bend(v[i], multiplier, slope) : scale(v[i], multiplier);
        const __m256i codes = codes32(v, zero, c);
        const __m128i low = _mm256_castsi256_si128(codes), high = _mm256_extracti128_si256(codes, 1);
        const __m128i pixel[4] = {low, _mm_unpackhi_epi64(low, low), high, _mm_unpackhi_epi64(high, high)};
        for (int i = 0; i < 4; ++i)
            if (p + i < row->pixels) store_bytes(out + i * out_stride, pixel[i], left < LANES ? left : LANES);
    }
}

INLINE void depthwise_all(const eseg_s8_depthwise_row *row, const shape shape, const int kernel, const int stride, const curve *c,
                          const float *slopes) {
    const pieces slots = pieces_of(row, kernel);
    for (int channel = 0; channel < row->channels; channel += LANES)
        depthwise_channels(row, &slots, channel, shape, kernel, stride, c, slopes);
}

#define DEPTHWISE(NAME, SHAPE, K, S)                                                            \
    static void depthwise_##NAME(const eseg_s8_depthwise_row *row, const curve *c) {            \
        if (c) depthwise_all(row, SHAPE, K, S, c, NULL);                                        \
        else if (row->scaling.slope) depthwise_all(row, SHAPE, K, S, NULL, row->scaling.slope); \
        else depthwise_all(row, SHAPE, K, S, NULL, NULL);                                       \
    }
DEPTHWISE(3_1, FIXED_SHAPE, 3, 1)
DEPTHWISE(3_2, FIXED_SHAPE, 3, 2)
DEPTHWISE(5_1, FIXED_SHAPE, 5, 1)
DEPTHWISE(5_2, FIXED_SHAPE, 5, 2)
DEPTHWISE(7_1, FIXED_SHAPE, 7, 1)
DEPTHWISE(any, ANY_SHAPE, row->kernel, row->stride)
#undef DEPTHWISE

void KERNEL(depthwise_row)(const eseg_s8_depthwise_row *row) {
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
    if (row->kernel == 3) (row->stride == 1 ? depthwise_3_1 : depthwise_3_2)(row, c);
    else if (row->kernel == 5) (row->stride == 1 ? depthwise_5_1 : depthwise_5_2)(row, c);
    else if (row->kernel == 7 && row->stride == 1) depthwise_7_1(row, c);
    else depthwise_any(row, c);
}
