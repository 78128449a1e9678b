// Depthwise columns by dot products of 4 bytes, for tiers that have them: `codes_of` reads 16 codes, `dot` adds products.

INLINE void add_columns(const uint8_t *ring, const size_t at[], const int8x16_t w[5], const int kernel, const int stride, int32x4_t v[4]) {
    for (int x = 0; x < kernel + 3 * stride; ++x) {
        const codes16x8 codes = codes_of(ring + at[x]);
        for (int i = 0; i < 4; ++i)
            if (x - i * stride >= 0 && x - i * stride < kernel) v[i] = dot(v[i], codes, w[x - i * stride]);
    }
}
