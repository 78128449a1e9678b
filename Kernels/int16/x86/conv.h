// Convolution: pairs of codes, broadcast, times pairs of weights of LANES channels. A tile is TILE_PIXELS pixels of TILE_VECTORS vectors.
// The file that includes this has defined `i_pair`, `i_load_pairs` and `i_dot`.

/// Weights of a vector of channels: vectors lie beside each other in blocks.
INLINE const int16_t *weights_of(const eseg_wide_conv_row *row, int c) {
    return row->weights + ((size_t)(c / ESEG_LANES) * row->tap_count * row->tap_codes * ESEG_LANES + c % ESEG_LANES * 2);
}

INLINE void conv_tile(const eseg_wide_conv_row *row, int p, int c, const int pixels, const int vectors) {
    ints sums[TILE_PIXELS][TILE_VECTORS];
    const int16_t *weights[TILE_VECTORS];
    for (int v = 0; v < vectors; ++v) {
        weights[v] = weights_of(row, c + v * LANES);
        for (int i = 0; i < pixels; ++i) sums[i][v] = i_load(row->scaling.bias + c + v * LANES);
    }
    size_t at = 0;
    for (int t = 0; t < row->tap_count; ++t) {
        const int16_t *codes = row->taps[t] + p * row->pixel_stride;
        for (int k = 0; k < row->tap_codes; k += 2, at += 2 * ESEG_LANES) {
            ints w[TILE_VECTORS];
#pragma unroll
            for (int v = 0; v < vectors; ++v) w[v] = i_load_pairs(weights[v] + at);
#pragma unroll
            for (int i = 0; i < pixels; ++i) {
                const ints pair = i_pair(codes + i * row->pixel_stride + k);
#pragma unroll
                for (int v = 0; v < vectors; ++v) sums[i][v] = i_dot(sums[i][v], pair, w[v]);
            }
        }
    }
    for (int v = 0; v < vectors; ++v) {
        const int first = c + v * LANES;
        const floats multiplier = f_load(row->scaling.multiplier + first);
        for (int i = 0; i < pixels; ++i)
            f_store_n(row->values + (size_t)(p + i) * row->channels + first, f_of(sums[i][v]) * multiplier, row->channels - first);
    }
}

INLINE void conv_pixels(const eseg_wide_conv_row *row, int p, const int pixels) {
    int c = 0;
    for (; c + (TILE_VECTORS - 1) * LANES < row->channels; c += TILE_VECTORS * LANES) conv_tile(row, p, c, pixels, TILE_VECTORS);
    for (; c < row->channels; c += LANES) conv_tile(row, p, c, pixels, 1);
}

static void conv_row(const eseg_wide_conv_row *row) {
    int p = 0;
    for (; p + TILE_PIXELS <= row->pixels; p += TILE_PIXELS) conv_pixels(row, p, TILE_PIXELS);
    if (p + TILE_PIXELS / 2 <= row->pixels) {
        conv_pixels(row, p, TILE_PIXELS / 2);
        p += TILE_PIXELS / 2;
    }
    for (; p < row->pixels; ++p) conv_pixels(row, p, 1);
}
