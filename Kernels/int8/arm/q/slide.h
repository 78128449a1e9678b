// Depthwise by dot products of 4 bytes, for tiers that have them: `operand_of` readies 16 codes, `dot` adds products. Along a row, the
// columns that the next pixels read too stay in registers. A step is 2 pixels × 8 channels (kernel 3) or 4 pixels × 4 (kernel 5).

/// The columns of one group of ring slots, for 4 or 8 channels.
INLINE void load_column(const uint8_t *ring, const int vectors, codes16x8 column[2]) {
    if (vectors == 1) {
        column[0] = operand_of(vld1q_u8(ring));
        return;
    }
    const uint8x16x2_t both = vld1q_u8_x2(ring);
    column[0] = operand_of(both.val[0]);
    column[1] = operand_of(both.val[1]);
}

/// Loads what all sums start from anew, which takes half as many instructions as copies do.
INLINE void start_sums(const int32x4_t start[4], int32x4_t v[4]) {
    __asm__ volatile("ldp %q[a], %q[b], [%[start]]\n"
                     "ldp %q[c], %q[d], [%[start], #32]\n"
                     : [a] "=&w"(v[0]), [b] "=&w"(v[1]), [c] "=&w"(v[2]), [d] "=w"(v[3])
                     : [start] "r"(start), "m"(*(const int32x4_t(*)[4])start));
}

/// Products of column `x` of a step.
INLINE void add_column(const codes16x8 column[2], const int8x16_t w[2][10], int x, int g, const int kernel, const int stride,
                       const int vectors, int32x4_t v[4]) {
    const int groups = (kernel + 3) / 4;
    for (int i = 0; i < 4 / vectors; ++i)
        if (x - i * stride >= 0 && x - i * stride < kernel)
            for (int n = 0; n < vectors; ++n) v[i * vectors + n] = dot(v[i * vectors + n], column[n], w[n][(x - i * stride) * groups + g]);
}

/// What the pixels of a step's channels share.
typedef struct sliding {
    int8x16_t weights[2][10];
    float32x4_t multiplier[2];
    int16x8_t zero;
    size_t at[8];  // of fresh columns
    codes16x8 kept[4][2][2];
} sliding;

/// The codes of a step.
INLINE uint8x16_t step_codes(sliding *s, const int32x4_t start[4], const uint8_t *ring, size_t group_stride, const int kernel,
                             const int stride, const int vectors, const curve *c) {
    const int groups = (kernel + 3) / 4, fresh = 4 / vectors * stride, kept_columns = kernel - stride;
    int32x4_t v[4];
    MCA_BEGIN("depthwise");
    start_sums(start, v);
#pragma unroll
    for (int x = 0; x < kept_columns; ++x)
        for (int g = 0; g < groups; ++g) add_column(s->kept[x][g], s->weights, x, g, kernel, stride, vectors, v);
#pragma unroll
    for (int x = kept_columns; x < kept_columns + fresh; ++x)
        for (int g = 0; g < groups; ++g) {
            codes16x8 column[2];
            load_column(ring + g * group_stride + s->at[x - kept_columns], vectors, column);
            add_column(column, s->weights, x, g, kernel, stride, vectors, v);
            for (int n = 0; n < vectors; ++n)
                if (x >= fresh) s->kept[x - fresh][g][n] = column[n];
        }
    MCA_END(v);
    for (int i = 0; i < 4; ++i) v[i] = scale(v[i], s->multiplier[i % vectors]);
    return codes16(v, s->zero, c);
}

/// Channels of a step.
#define DEPTHWISE_LANES(K) ((K) == 3 ? 2 * LANES : LANES)

INLINE void depthwise_channels(const eseg_depthwise_row *row, int channel, const int kernel, const int stride, const curve *c) {
    const int vectors = DEPTHWISE_LANES(kernel) / LANES, lanes = vectors * LANES;
    const int count = row->channels - channel < lanes ? row->channels - channel : lanes;
    const int groups = (kernel + 3) / 4, pixels = 4 / vectors, fresh = pixels * stride, kept_columns = kernel - stride;
    const int8_t *block = row->weights + channel / ESEG_LANES * PACKING.depthwise_size(1, kernel);
    const size_t group_stride = row->group_stride, out_stride = row->out_stride;
    int32x4_t start[4];
    sliding s = {.zero = vdupq_n_s16((int16_t)row->scaling.zero_point)};
    for (int n = 0; n < vectors; ++n) {
        const int lane = (channel + LANES * n) % ESEG_LANES;
        turned_weights(block + HEADER + 4 * lane, row->first_slot, kernel, s.weights[n]);
        for (int i = n; i < 4; i += vectors) start[i] = start_of(block, lane, row->scaling.bias + channel + LANES * n);
        s.multiplier[n] = vld1q_f32(row->scaling.multiplier + channel + LANES * n);
    }
    // Opaque, so that compilers keep them instead of adding up anew.
    for (int x = 0; x < fresh; ++x) {
        s.at[x] = x * row->pixel_stride;
        __asm__("" : "+r"(s.at[x]));
    }
    const size_t ahead = fresh * row->pixel_stride;
    const uint8_t *ring = row->ring + (size_t)channel * 4;
    uint8_t *out = row->out + channel;
    for (int x = 0; x < kept_columns; ++x, ring += row->pixel_stride)
        for (int g = 0; g < groups; ++g) load_column(ring + g * group_stride, vectors, s.kept[x][g]);
    int left = row->pixels;
    if (count == lanes)
        for (; left >= pixels; left -= pixels, ring += ahead) {
            const uint8x16_t codes = step_codes(&s, start, ring, group_stride, kernel, stride, vectors, c);
            if (vectors == 1) {
                out = store_quads(out, out_stride, codes);
            } else {
                vst1_u8(out, vget_low_u8(codes));
                vst1q_lane_u64((uint64_t *)(out + out_stride), vreinterpretq_u64_u8(codes), 1);
                out += 2 * out_stride;
            }
        }
    for (; left > 0; left -= pixels, ring += ahead) {
        uint8_t codes[16];
        vst1q_u8(codes, step_codes(&s, start, ring, group_stride, kernel, stride, vectors, c));
        for (int i = 0; i < left && i < pixels; ++i, out += out_stride) memcpy(out, codes + lanes * i, count);
    }
}
