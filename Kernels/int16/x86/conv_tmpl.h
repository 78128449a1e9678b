// Convolution: pairs of codes, broadcast, times pairs of weights of LANES channels. A tile is TILE_PIXELS pixels of TILE_VECTORS vectors.
// The file that includes this has defined `i_pair`, `i_load_pairs` and `i_dot`.

INLINE void conv_tile(const eseg_s16_conv_row *row, int p, int c, const int pixels, const int vectors) {
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
        for (int i = 0; i < pixels; ++i)
            f_store_n(row->values + (size_t)(p + i) * row->channels + first, f_of(sums[i][v]) * multiplier, row->channels - first);
    }
}

INLINE void conv_pixels(const eseg_s16_conv_row *row, int p, const int pixels) {
    int c = 0;
    for (; c + (TILE_VECTORS - 1) * LANES < row->channels; c += TILE_VECTORS * LANES) conv_tile(row, p, c, pixels, TILE_VECTORS);
    if (TILE_VECTORS == 3 && c + LANES < row->channels) conv_tile(row, p, c, pixels, 2);
    else if (c < row->channels) conv_tile(row, p, c, pixels, 1);
}

void KERNEL(conv_row)(const eseg_s16_conv_row *row) {
    int p = 0;
    for (; p + TILE_PIXELS <= row->pixels; p += TILE_PIXELS) conv_pixels(row, p, TILE_PIXELS);
    if (p + TILE_PIXELS / 2 <= row->pixels) {
        conv_pixels(row, p, TILE_PIXELS / 2);
        p += TILE_PIXELS / 2;
    }
    for (; p < row->pixels; ++p) conv_pixels(row, p, 1);
    bend_values(row->values, row->pixels, row->channels, row->scaling.slope);
}
