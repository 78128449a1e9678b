// Convolution: pairs of codes, broadcast, times pairs of weights of LANES channels. A tile is up to TILE_PIXELS pixels of up to
// TILE_VECTORS vectors, TILE_SUMS in all. The file that includes this has defined `i_pair`, `i_load_pairs` and `i_dot`.

INLINE void conv_tile(const eseg_s16_conv_row *row, const target *to, int p, int c, const int pixels, const int vectors) {
    // Vectors are blocks, or halves of one.
    const size_t block = (size_t)row->tap_count * row->tap_codes * ESEG_LANES, next = LANES == ESEG_LANES ? block : 2 * LANES;
    const int16_t *weights[TILE_VECTORS];
    ints sums[TILE_PIXELS][TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) {
        weights[v] = row->weights + c / ESEG_LANES * block + c % ESEG_LANES * 2 + v * next;
        const ints bias = i_load(row->scaling.bias + c + v * LANES);
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels; ++i) sums[i][v] = bias;
    }
    const size_t stride = row->pixel_stride;
    for (int t = 0; t < row->tap_count; ++t) {
        const int16_t *codes = row->taps[t] + p * stride;
        for (int k = 0; k < row->tap_codes; k += 2, codes += 2) {
            ints w[TILE_VECTORS];
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; ++v) w[v] = i_load_pairs(weights[v]), weights[v] += 2 * ESEG_LANES;
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; ++i) {
                const ints pair = i_pair(codes + i * stride);
#pragma clang loop unroll(full)
                for (int v = 0; v < vectors; ++v) sums[i][v] = i_dot(sums[i][v], pair, w[v]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) {
        const int first = c + v * LANES;
        const floats multiplier = f_load(row->scaling.multiplier + first);
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels; ++i) put(&to[v], p + i, f_of(sums[i][v]) * multiplier);
    }
}

INLINE void conv_vectors(const eseg_s16_conv_row *row, int c, const int vectors) {
    const int most = TILE_SUMS / vectors < TILE_PIXELS ? TILE_SUMS / vectors : TILE_PIXELS;
    target to[TILE_VECTORS];
    for (int v = 0; v < vectors; ++v) to[v] = target_of(&row->to, row->channels, c + v * LANES);
    int p = 0;
    for (; p + most <= row->pixels; p += most) conv_tile(row, to, p, c, most, vectors);
    if (p + most / 2 <= row->pixels) {
        conv_tile(row, to, p, c, most / 2, vectors);
        p += most / 2;
    }
    for (; p < row->pixels; ++p) conv_tile(row, to, p, c, 1, vectors);
}

void KERNEL(conv_row)(const eseg_s16_conv_row *row) {
    const int vectors = (row->channels + LANES - 1) / LANES;
    for (int v = 0; v < vectors;) {
        const int left = vectors - v, taken = left < TILE_VECTORS ? left : left == TILE_VECTORS + 1 ? (left + 1) / 2 : TILE_VECTORS;
        switch (taken) {
        case 1: conv_vectors(row, v * LANES, 1); break;
        case 2: conv_vectors(row, v * LANES, 2); break;
#if TILE_VECTORS > 2
        case 3: conv_vectors(row, v * LANES, 3); break;
        default: conv_vectors(row, v * LANES, 4); break;
#endif
        }
        v += taken;
    }
    bend_values(row->to.values, row->pixels, row->channels, row->scaling.slope);
}
