// Slopes of values below 0, over rows that a convolution has just stored, and the limit of what has slopes. The file that includes this has
// defined `f_bend`.

INLINE void bend_values(float *values, int pixels, int channels, const float *slope) {
    if (!slope) return;
    const floats least = f_set(-ESEG_S16_STEEPEST), most = f_set(ESEG_S16_STEEPEST);
    for (; pixels > 0; --pixels, values += channels)
        for (int c = 0; c < channels; c += LANES) {
            const int rest = channels - c;
            const floats bent = f_bend(f_load_n(values + c, rest), f_load(slope + c));
            f_store_n(values + c, f_min(f_max(bent, least), most), rest);
        }
}
