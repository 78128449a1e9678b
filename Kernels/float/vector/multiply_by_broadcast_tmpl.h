INLINE const float *vector_weights(const tile *t, int vector) {
    return t->weights + vector * LANES / PANEL * t->panel_step + vector * LANES % PANEL;
}

/// Adds a tile's products to its sums. An operand that is broadcast from memory costs nothing here.
/// Three pixels share one pointer: with all twelve in registers of their own, the loop would spill.
INLINE void multiply(const tile *t, const int pixels, const int vectors, vec sums[TILE_PIXELS][TILE_VECTORS]) {
    const float *weights[TILE_VECTORS];
    const int groups = (pixels + 2) / 3;
    for (int v = 0; v < vectors; ++v) weights[v] = vector_weights(t, v);
    const ptrdiff_t step = t->pixel_step;
    for (int row = 0; row < t->rows; ++row) {
        const float *input[(TILE_PIXELS + 2) / 3];
        for (int g = 0; g < groups; ++g) input[g] = t->input + row * t->row_step + 3 * g * step;
        for (int k = 0; k < t->run; ++k) {
            vec w[TILE_VECTORS];
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; ++v) w[v] = v_load(weights[v]), weights[v] += PANEL;
#pragma clang loop unroll(full)
            for (int p = 0; p < pixels; ++p) {
                vec x = v_set(input[p / 3][p % 3 * step]);
#pragma clang loop unroll(full)
                for (int v = 0; v < vectors; ++v) sums[p][v] = v_fma(x, w[v], sums[p][v]);
            }
#pragma clang loop unroll(full)
            for (int g = 0; g < groups; ++g) ++input[g];
        }
    }
}
