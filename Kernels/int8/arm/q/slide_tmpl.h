// Depthwise by dot products of 4 bytes, for instruction sets that have them: `ring_operand` takes 16 ring codes, `dot` adds products. Along
// a row, the columns that the next pixels read too stay in registers. A step is 2 pixels × 8 channels (kernel 3) or 4 pixels × 4 (kernel
// 5).

/// Channels of a step.
#define DEPTHWISE_LANES(K) ((K) == 3 ? 2 * LANES : LANES)

/// What the pixels of a step's channels share. Sums, and the offsets of rectified codes, are those of a step.
typedef struct sliding {
    int8x16_t weights[2][10];
    int32x4_t start[4];
    float32x4_t multiplier[2], offset[4];
    int16x8_t zero;
    const uint8_t *near;  // the next column of the first group
    uintptr_t far;        // and of the second: of another type, lest compilers keep both in a vector
    size_t pixel_stride;
    codes16x8 kept[4][2][2];
} sliding;

/// Loads 16 bytes, and goes on to the next pixel.
#define LOAD_ONE(RING) \
    __asm__ volatile("ld1 {%[a].16b}, [%[ring]], %[stride]\n" : [a] "=w"(a), [ring] "+r"(RING) : [stride] "r"(s->pixel_stride) : "memory")
/// Loads 32 bytes.
#define LOAD_PAIR(A, B)                                                          \
    do {                                                                         \
        register uint8x16_t a_ __asm__("v" #A), b_ __asm__("v" #B);              \
        __asm__ volatile("ld1 {v" #A ".16b-v" #B ".16b}, [%[ring]], %[stride]\n" \
                         : "=w"(a_), "=w"(b_), [ring] "+r"(s->near)              \
                         : [stride] "r"(s->pixel_stride)                         \
                         : "memory");                                            \
        column[0] = ring_operand(a_);                                            \
        column[1] = ring_operand(b_);                                            \
    } while (0)

/// Loads the columns of a group of ring slots, for 4 or 8 channels, and goes on to the next pixel. Compilers would add to a pointer of each
/// column's own, and load all before they have the registers. A step's `n`-th column of 8 channels has registers of its own, so that the
/// columns that the next step keeps lie where they were; at stride 1 odd steps have others, so that no load waits for products.
INLINE void load_column(sliding *s, int group, const int vectors, const int n, codes16x8 column[2]) {
    if (vectors == 1) {
        uint8x16_t a;
        if (group == 0) LOAD_ONE(s->near);
        else LOAD_ONE(s->far);
        column[0] = ring_operand(a);
    } else if (n == 0) {
        LOAD_PAIR(16, 17);
    } else if (n == 1) {
        LOAD_PAIR(18, 19);
    } else if (n == 2) {
        LOAD_PAIR(20, 21);
    } else {
        LOAD_PAIR(22, 23);
    }
}
#undef LOAD_ONE
#undef LOAD_PAIR

/// Loads what all sums start from anew, which takes fewer instructions than copies do.
INLINE void start_sums(const int32x4_t start[4], int32x4_t v[4]) {
    register int32x4_t a __asm__("v24"), b __asm__("v25"), c __asm__("v26"), d __asm__("v27");
    __asm__ volatile("ld1 {v24.4s-v27.4s}, [%[start]]\n"
                     : "=w"(a), "=w"(b), "=w"(c), "=w"(d)
                     : [start] "r"(start), "m"(*(const int32x4_t(*)[4])start));
    v[0] = a, v[1] = b, v[2] = c, v[3] = d;
}

/// Products of column `x` of a step.
INLINE void add_column(const codes16x8 column[2], const int8x16_t w[2][10], int x, int g, const int kernel, const int stride,
                       const int vectors, int32x4_t v[4]) {
    const int groups = (kernel + 3) / 4;
    for (int i = 0; i < 4 / vectors; ++i)
        if (x - i * stride >= 0 && x - i * stride < kernel)
            for (int n = 0; n < vectors; ++n) v[i * vectors + n] = dot(v[i * vectors + n], column[n], w[n][(x - i * stride) * groups + g]);
}

/// The sums of a step.
INLINE void step_sums(sliding *s, const int32x4_t start[4], const int kernel, const int stride, const int vectors, const int odd,
                      int32x4_t v[4]) {
    const int groups = (kernel + 3) / 4, fresh = 4 / vectors * stride, kept_columns = kernel - stride;
    MCA_BEGIN("depthwise");
    start_sums(start, v);
#pragma unroll
    for (int x = 0; x < kept_columns; ++x)
        for (int g = 0; g < groups; ++g) add_column(s->kept[x][g], s->weights, x, g, kernel, stride, vectors, v);
    // The kept column's registers are free for a fresh one only behind this.
    if (vectors == 2 && stride == 2) __asm__ volatile("" : "+w"(v[0]), "+w"(v[1]), "+w"(v[2]), "+w"(v[3]));
#pragma unroll
    for (int x = kept_columns; x < kept_columns + fresh; ++x)
        for (int g = 0; g < groups; ++g) {
            codes16x8 column[2];
            load_column(s, g, vectors, x - kept_columns + (stride == 1 ? fresh * odd : 0), column);
            add_column(column, s->weights, x, g, kernel, stride, vectors, v);
            for (int n = 0; n < vectors; ++n)
                if (x >= fresh) s->kept[x - fresh][g][n] = column[n];
        }
    MCA_END(v);
}

INLINE uint8x16_t rectified_step(const float32x4_t multiplier[2], const float32x4_t offset[4], const int vectors, const int32x4_t v[4]) {
    uint8x16_t codes;
    const float32x4_t m = multiplier[0], n = multiplier[vectors - 1];
    __asm__(RECTIFY_BY("%[m]", "%[n]", "%[m]", "%[n]", "%[a]", "%[b]", "%[c]", "%[d]", "%[offset]") "sqxtun %[codes].8b, v28.8h\n"
                                                                                                    "sqxtun2 %[codes].16b, v30.8h\n"
            : [codes] "=&w"(codes)
            : [m] "w"(m), [n] "w"(n), [a] "w"(v[0]), [b] "w"(v[1]), [c] "w"(v[2]), [d] "w"(v[3]), [offset] "r"(offset),
              "m"(*(const float32x4_t(*)[4])offset)
            : "v28", "v29", "v30", "v31");
    return codes;
}

/// The codes of a step. `odd`: see load_column.
INLINE uint8x16_t step_codes(sliding *s, const int32x4_t start[4], const float32x4_t offset[4], const int kernel, const int stride,
                             const int odd, const curve *c, const eseg_s8_rectified *r) {
    const int vectors = DEPTHWISE_LANES(kernel) / LANES;
    int32x4_t v[4];
    step_sums(s, start, kernel, stride, vectors, odd, v);
    if (r) return rectified_step(s->multiplier, offset, vectors, v);
    for (int i = 0; i < 4; ++i) v[i] = scale(v[i], s->multiplier[i % vectors]);
    return codes16(v, s->zero, c);
}

/// Stores 8 codes of each of 2 pixels or 4 of each of 4, or of as many as are `left`; returns the place of the pixel behind a whole step.
INLINE uint8_t *store_step(uint8_t *out, size_t stride, uint8x16_t codes, const int vectors, int left) {
    if (vectors == 1 && left >= 4) return store_quads(out, stride, codes);
    if (vectors == 2 && left >= 2) {
        __asm__("st1 {%[codes].d}[0], [%[out]], %[stride]\n"
                "st1 {%[codes].d}[1], [%[out]], %[stride]\n"
                : [out] "+r"(out)
                : [codes] "w"(codes), [stride] "r"(stride)
                : "memory");
        return out;
    }
    if (vectors == 2) {
        vst1_u8(out, vget_low_u8(codes));
        return out;
    }
    const uint32x4_t quads = vreinterpretq_u32_u8(codes);
    vst1q_lane_u32((uint32_t *)out, quads, 0);
    if (left > 1) vst1q_lane_u32((uint32_t *)(out + stride), quads, 1);
    if (left > 2) vst1q_lane_u32((uint32_t *)(out + 2 * stride), quads, 2);
    return out;
}

/// Steps that `load_column` tells apart.
#define STEPS_TOGETHER(K, S) ((K) == 3 && (S) == 1 ? 2u : 1u)

/// Whole steps; returns the place of the pixel behind them.
INLINE uint8_t *straight_steps(sliding *s, const int32x4_t start[4], const float32x4_t offset[4], const int kernel, const int stride,
                               unsigned steps, const eseg_s8_rectified *r, uint8_t *out, size_t out_stride) {
    const int vectors = DEPTHWISE_LANES(kernel) / LANES, pixels = 4 / vectors;
    const unsigned together = STEPS_TOGETHER(kernel, stride);
    for (unsigned n = steps / together; n != 0; --n)
        for (unsigned odd = 0; odd < together; ++odd)
            out = store_step(out, out_stride, step_codes(s, start, offset, kernel, stride, (int)odd, NULL, r), vectors, pixels);
    if (steps % together == 0) return out;
    return store_step(out, out_stride, step_codes(s, start, offset, kernel, stride, 0, NULL, r), vectors, pixels);
}

/// Whole steps by way of a curve; returns the place of the pixel behind them.
INLINE uint8_t *curved_steps(sliding *s, const int32x4_t start[4], const int kernel, const int stride, unsigned steps, const curve *from,
                             uint8_t *out, size_t out_stride) {
    const int vectors = DEPTHWISE_LANES(kernel) / LANES;
    const unsigned together = STEPS_TOGETHER(kernel, stride);
    const int16x8_t zero = s->zero;
    while (steps > 0) {
        waiting values[WAITING_STEPS];
        const unsigned count = steps < WAITING_STEPS ? steps : WAITING_STEPS;
        for (unsigned n = 0; n < count; n += together)
            for (unsigned odd = 0; odd < together && n + odd < count; ++odd) {
                int32x4_t v[4];
                step_sums(s, start, kernel, stride, vectors, (int)odd, v);
                for (int i = 0; i < 4; ++i) v[i] = scale(v[i], s->multiplier[i % vectors]);
                narrowed(v, values[n + odd]);
            }
        const curve c = *from;
        for (unsigned n = 0; n < count; ++n) out = store_step(out, out_stride, curve_codes(&c, values[n], zero), vectors, 4 / vectors);
        steps -= count;
    }
    return out;
}

/// Readies the channels from lane `lane` of a block on.
INLINE sliding sliding_of(const eseg_s8_depthwise_row *row, const int8_t *block, int channel, const int kernel, const int stride,
                          const int vectors, const eseg_s8_rectified *r) {
    const int lane = channel % ESEG_LANES;
    sliding s = {.zero = vdupq_n_s16((int16_t)row->scaling.zero_point),
                 .near = row->ring + (size_t)channel * 4,
                 .far = (uintptr_t)row->ring + row->group_stride + (size_t)channel * 4,
                 .pixel_stride = row->pixel_stride};
    for (int n = 0; n < vectors; ++n) {
        const int at = lane + LANES * n;
        turned_weights(block + DEPTHWISE_HEADER + 4 * at, row->first_slot, kernel, s.weights[n]);
        const int32x4_t start = r ? vld1q_s32(r->start + at) : start_of(block, at, row->scaling.bias + channel + LANES * n);
        for (int i = n; i < 4; i += vectors) s.start[i] = start;
        s.multiplier[n] = vld1q_f32(r ? r->multiplier + at : row->scaling.multiplier + channel + LANES * n);
        for (int i = n; r && i < 4; i += vectors) s.offset[i] = vld1q_f32(r->offset + at);
    }
    const int fresh = 4 / vectors * stride, kept_columns = kernel - stride;
#pragma unroll
    for (int x = 0; x < kept_columns; ++x)
        for (int g = 0; g < (kernel + 3) / 4; ++g)
            load_column(&s, g, vectors, x + fresh - kept_columns + (stride == 1 ? fresh : 0), s.kept[x][g]);
    return s;
}

INLINE void depthwise_channels(const eseg_s8_depthwise_row *row, const int8_t *block, int channel, const int kernel, const int stride,
                               const curve *c, const eseg_s8_rectified *r) {
    const int vectors = DEPTHWISE_LANES(kernel) / LANES, lanes = vectors * LANES;
    const int count = row->channels - channel < lanes ? row->channels - channel : lanes;
    const int pixels = 4 / vectors;
    const size_t out_stride = row->out_stride;
    sliding s = sliding_of(row, block, channel, kernel, stride, vectors, r);
    int32x4_t start[4];
    float32x4_t offset[4];
    for (int i = 0; i < 4; ++i) start[i] = s.start[i], offset[i] = s.offset[i];
    uint8_t *out = row->out + channel;
    int left = row->pixels;
    if (count == lanes) {
        const unsigned steps = (unsigned)left / pixels;
        out = c ? curved_steps(&s, start, kernel, stride, steps, c, out, out_stride)
                : straight_steps(&s, start, offset, kernel, stride, steps, r, out, out_stride);
        left = (unsigned)left % pixels;
        if (left > 0) store_step(out, out_stride, step_codes(&s, start, offset, kernel, stride, 0, c, r), vectors, left);
        return;
    }
    for (; left > 0; left -= pixels) {
        uint8_t codes[16];
        vst1q_u8(codes, step_codes(&s, start, offset, kernel, stride, 0, c, r));
        for (int i = 0; i < left && i < pixels; ++i, out += out_stride) memcpy(out, codes + lanes * i, count);
    }
}

INLINE void depthwise_block(const eseg_s8_depthwise_row *row, const int8_t *block, int channel, int end, const int kernel, const int stride,
                            const curve *c, const eseg_s8_rectified *r) {
    for (; channel < end; channel += DEPTHWISE_LANES(kernel)) depthwise_channels(row, block, channel, kernel, stride, c, r);
}

INLINE void depthwise_blocks(const eseg_s8_depthwise_row *row, const int kernel, const int stride, const curve *c) {
    const size_t block_size = LAYOUT.depthwise_size(1, kernel);
    const int8_t *block = row->weights;
    for (int channel = 0; channel < row->channels; channel += ESEG_LANES, block += block_size) {
        const int end = channel + ESEG_LANES < row->channels ? channel + ESEG_LANES : row->channels;
        const eseg_s8_rectified r = eseg_s8_rectified_at(block + DEPTHWISE_HEADER - ESEG_S8_RECTIFIED_SIZE(ESEG_LANES), ESEG_LANES);
        if (!c && r.holds && row->scaling.zero_point == 0) depthwise_block(row, block, channel, end, kernel, stride, NULL, &r);
        else if (!c) depthwise_block(row, block, channel, end, kernel, stride, NULL, NULL);
        else depthwise_block(row, block, channel, end, kernel, stride, c, NULL);
    }
}
