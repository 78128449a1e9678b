// Resampling, in plain loops that compilers turn into vectors of the target.

void KERNEL(blend)(const int16_t *restrict top, const int16_t *restrict bottom, int32_t top_weight, int32_t bottom_weight, size_t count,
                   int32_t *restrict sums) {
    for (size_t i = 0; i < count; ++i) sums[i] = top[i] * top_weight + bottom[i] * bottom_weight;
}

void KERNEL(blend_row)(const eseg_s16_blend_row *row) {
    const float multiplier = row->multiplier;
    const int channels = row->channels;
    float *restrict values = row->values;
    for (int p = 0; p < row->pixels; ++p, values += channels) {
        const int32_t *restrict lower = row->sums + row->lower[p] * row->pixel_stride;
        const int32_t *restrict upper = row->sums + row->upper[p] * row->pixel_stride;
        const int32_t high = row->weights[p], low = row->one - high;
        for (int c = 0; c < channels; ++c) values[c] = (float)(lower[c] * low + upper[c] * high) * multiplier;
    }
}
