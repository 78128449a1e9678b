// Slopes of values below 0, over rows that a convolution has just stored. The file that includes this has defined `f_bend`.

INLINE void bend_values(float *values, int pixels, int channels, const float *slope) {
    if (!slope) return;
    for (; pixels > 0; --pixels, values += channels)
        for (int c = 0; c < channels; c += LANES) {
            const int rest = channels - c;
            f_store_n(values + c, f_bend(f_load_n(values + c, rest), f_load(slope + c)), rest);
        }
}
