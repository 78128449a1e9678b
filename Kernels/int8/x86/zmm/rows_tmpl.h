// Moving, pooling, gating.

void KERNEL(copy_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride) {
    for (int c = 0; c < channels; c += ESEG_LANES) {
        const __mmask16 exists = (__mmask16)low_bits(channels - c);
        const __mmask64 slot = EVERY_FOURTH & low_bits(4 * (channels - c));
        for (int p = 0; p < pixels; ++p) {
            const __m512i codes = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(exists, in + p * in_stride + c));
            _mm512_mask_storeu_epi8(out + p * out_stride + 4 * c, slot, codes);
        }
    }
}

void KERNEL(pool_row)(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                      size_t out_stride) {
    for (int c = 0; c < channels; c += 64) {
        const __mmask64 mask = low_bits(channels - c);
        for (int p = 0; p < out_width; ++p) {
            __m512i max = _mm512_setzero_si512();
            for (int x = 2 * p > 0 ? 2 * p - 1 : 0; x <= 2 * p + 1 && x < in_width; ++x)
                for (int y = 0; y < 3; ++y) max = _mm512_max_epu8(max, _mm512_maskz_loadu_epi8(mask, rows[y] + x * in_stride + c));
            _mm512_mask_storeu_epi8(out + p * out_stride + c, mask, max);
        }
    }
}

void KERNEL(sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    for (int c = 0; c < channels; c += ESEG_LANES) {
        const __mmask16 mask = (__mmask16)low_bits(channels - c);
        __m512i sum = _mm512_maskz_loadu_epi32(mask, sums + c);
        for (int p = 0; p < pixels; ++p)
            sum = _mm512_add_epi32(sum, _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, in + p * in_stride + c)));
        _mm512_mask_storeu_epi32(sums + c, mask, sum);
    }
}

void KERNEL(gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const __m512i in = _mm512_set1_epi16((short)in_zero), out = _mm512_set1_epi16((short)out_zero);
    for (int c = 0; c < channels; c += 32) {
        const __mmask32 mask = (__mmask32)low_bits(channels - c);
        const __m512i gate = _mm512_maskz_loadu_epi16(mask, gates + c);
        for (int p = 0; p < pixels; ++p) {
            uint8_t *q = codes + p * stride + c;
            __m512i v = _mm512_sub_epi16(_mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, q)), in);
            v = _mm512_add_epi16(_mm512_mulhrs_epi16(_mm512_slli_epi16(v, 2), gate), out);
            _mm256_mask_storeu_epi8(q, mask, _mm512_cvtusepi16_epi8(_mm512_max_epi16(v, _mm512_setzero_si512())));
        }
    }
}
