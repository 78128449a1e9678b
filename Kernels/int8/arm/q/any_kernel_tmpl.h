// Depthwise of any kernel, and of slopes: nothing stays in registers from pixel to pixel. A step is 4 pixels × 4 channels.

/// Most vectors of weights that 4 channels take: columns × groups of four slots.
enum { MOST_COLUMNS = ESEG_S8_DEPTHWISE_KERNEL * ((ESEG_S8_DEPTHWISE_KERNEL + 3) / 4) };

/// The kernel's columns for a ring whose first row lies in slot `first`. What leaves a group of slots at its end enters the next one.
INLINE void turned_columns(const int8_t *packed, int first, const int kernel, int8x16_t w[MOST_COLUMNS]) {
    const int groups = (kernel + 3) / 4;
    const int32x4_t left = vdupq_n_s32(8 * (first % 4)), right = vdupq_n_s32(8 * (first % 4) - 32);
    for (int x = 0; x < kernel; ++x, packed += 64 * groups)
        for (int g = 0; g < groups; ++g) {
            const uint32x4_t rows = vreinterpretq_u32_s8(vld1q_s8(packed + 64 * g));
            const uint32x4_t before = vreinterpretq_u32_s8(vld1q_s8(packed + 64 * ((g + groups - 1) % groups)));
            w[x * groups + (g + first / 4) % groups] = vreinterpretq_s8_u32(vorrq_u32(vshlq_u32(rows, left), vshlq_u32(before, right)));
        }
}

/// The sums of a step whose first pixel's leftmost column is at `ring`.
INLINE void any_sums(const eseg_s8_depthwise_row *row, const uint8_t *ring, const int8x16_t *w, int32x4_t start, const int kernel,
                     const int stride, int32x4_t v[4]) {
    const int groups = (kernel + 3) / 4;
    for (int i = 0; i < 4; ++i) v[i] = start;
    for (int x = 0; x < kernel; ++x)
        for (int g = 0; g < groups; ++g) {
            const uint8_t *column = ring + x * row->pixel_stride + g * row->group_stride;
            for (int i = 0; i < 4; ++i)
                v[i] = dot(v[i], ring_operand(vld1q_u8(column + i * stride * row->pixel_stride)), w[x * groups + g]);
        }
}

/// Curve and slopes: NULL: none.
INLINE void any_channels(const eseg_s8_depthwise_row *row, const int8_t *block, int channel, const int kernel, const int stride,
                         const curve *c, const float *slopes) {
    const int lane = channel % ESEG_LANES, count = row->channels - channel < LANES ? row->channels - channel : LANES;
    const int16x8_t zero = vdupq_n_s16((int16_t)row->scaling.zero_point);
    const int32x4_t start = start_of(block, lane, row->scaling.bias + channel);
    const float32x4_t multiplier = vld1q_f32(row->scaling.multiplier + channel);
    const float32x4_t slope = slopes ? vld1q_f32(slopes + channel) : vdupq_n_f32(0);
    int8x16_t w[MOST_COLUMNS];
    turned_columns(block + DEPTHWISE_HEADER + 4 * lane, row->first_slot, kernel, w);
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int left = row->pixels; left > 0; left -= 4, ring += 4 * stride * row->pixel_stride) {
        int32x4_t v[4];
        any_sums(row, ring, w, start, kernel, stride, v);
        for (int i = 0; i < 4; ++i) v[i] = slopes ? scale_and_bend(v[i], multiplier, slope) : scale(v[i], multiplier);
        uint8_t codes[16];
        vst1q_u8(codes, codes16(v, zero, c));
        for (int i = 0; i < left && i < 4; ++i, out += row->out_stride)
            if (count == LANES) memcpy(out, codes + LANES * i, LANES);
            else memcpy(out, codes + LANES * i, count);
    }
}

INLINE void any_blocks(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c, const float *slopes) {
    const size_t size = LAYOUT.depthwise_size(1, kernel);
    for (int channel = 0; channel < row->channels; channel += LANES)
        any_channels(row, row->weights + channel / ESEG_LANES * size, channel, kernel, stride, c, slopes);
}

static void depthwise_any(const eseg_s8_depthwise_row *row, const curve *c) {
    const float *slopes = row->scaling.slope;
    if (c) any_blocks(row, row->kernel, row->stride, c, NULL);
    else if (!slopes) any_blocks(row, row->kernel, row->stride, NULL, NULL);
    else if (row->kernel == 3 && row->stride == 1) any_blocks(row, 3, 1, NULL, slopes);
    else if (row->kernel == 3) any_blocks(row, 3, 2, NULL, slopes);
    else any_blocks(row, row->kernel, row->stride, NULL, slopes);
}
