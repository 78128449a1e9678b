/// Adds a tile's products to its sums. A vector of each pixel's inputs is loaded at once, then each of its lanes meets one row of weights:
/// 6 x 4 accumulators, 6 vectors of inputs and 2 of weights fill the 32 registers.
INLINE void multiply_lanes(const float *const input[TILE_PIXELS], const float *weights, const int pixels, const int vectors,
                           vec sums[TILE_PIXELS][TILE_VECTORS]) {
    vec x[TILE_PIXELS];
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; ++p) x[p] = v_load(input[p]);
#pragma clang loop unroll(full)
    for (int lane = 0; lane < LANES; ++lane)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; ++v) {
            vec w = v_load(weights + lane * PANEL + v * LANES);
#pragma clang loop unroll(full)
            for (int p = 0; p < pixels; ++p) sums[p][v] = v_fma_lane(x[p], lane, w, sums[p][v]);
        }
}

/// A tile lies within one panel.
INLINE void multiply(const tile *t, const int pixels, const int vectors, vec sums[TILE_PIXELS][TILE_VECTORS]) {
    const float *weights = t->weights;
    const int run = t->run;
    for (int row = 0; row < t->rows; ++row) {
        const float *input[TILE_PIXELS];
#pragma clang loop unroll(full)
        for (int p = 0; p < pixels; ++p) input[p] = t->input + row * t->row_step + p * t->pixel_step;
        for (int block = run / LANES; block > 0; --block, weights += LANES * PANEL) {
            multiply_lanes(input, weights, pixels, vectors, sums);
#pragma clang loop unroll(full)
            for (int p = 0; p < pixels; ++p) {
                input[p] += LANES;
                HIDE(input[p]);
            }
            HIDE(weights);
        }
        for (int k = run % LANES; k > 0; --k, weights += PANEL)
#pragma clang loop unroll(full)
            for (int p = 0; p < pixels; ++p) {
                vec x = v_set(*input[p]++);
#pragma clang loop unroll(full)
                for (int v = 0; v < vectors; ++v) sums[p][v] = v_fma(x, v_load(weights + v * LANES), sums[p][v]);
            }
    }
}
