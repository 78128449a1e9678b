// Moving, pooling, gating.

void KERNEL(copy_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; c += LANES) {
            const __m128i codes = _mm_loadl_epi64((const __m128i *)(in + p * in_stride + c));
            store_slot(out + p * out_stride + 4 * c, _mm256_cvtepu8_epi32(codes), channels - c);
        }
}

void KERNEL(pool_row)(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                      size_t out_stride) {
    for (int c = 0; c < channels; c += 32)
        for (int p = 0; p < out_width; ++p) {
            __m256i max = _mm256_setzero_si256();
            for (int x = 2 * p > 0 ? 2 * p - 1 : 0; x <= 2 * p + 1 && x < in_width; ++x)
                for (int y = 0; y < 3; ++y) max = _mm256_max_epu8(max, _mm256_loadu_si256((const __m256i *)(rows[y] + x * in_stride + c)));
            store_bytes(out + p * out_stride + c, _mm256_castsi256_si128(max), channels - c);
            if (channels - c > 16) store_bytes(out + p * out_stride + c + 16, _mm256_extracti128_si256(max, 1), channels - c - 16);
        }
}

void KERNEL(sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    for (int c = 0; c < channels; c += LANES) {
        const int count = channels - c < LANES ? channels - c : LANES;
        const __m256i mask = lane_mask(count);
        __m256i sum = _mm256_maskload_epi32(sums + c, mask);
        for (int p = 0; p < pixels; ++p) sum = _mm256_add_epi32(sum, _mm256_cvtepu8_epi32(load_bytes(in + p * in_stride + c, count)));
        _mm256_maskstore_epi32(sums + c, mask, sum);
    }
}

/// 32 channels of each pixel. Beside each code its zero point: a product with 4 and -4 is what the gate multiplies.
INLINE void gate_32(uint8_t *codes, size_t stride, int pixels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const __m256i in = _mm256_set1_epi8((char)in_zero), out = _mm256_set1_epi16((short)out_zero), four = _mm256_set1_epi16(-4 * 256 + 4);
    const __m256i first = _mm256_loadu_si256((const __m256i *)gates), last = _mm256_loadu_si256((const __m256i *)(gates + 16));
    const __m256i low_gates = _mm256_permute2x128_si256(first, last, 0x20), high_gates = _mm256_permute2x128_si256(first, last, 0x31);
    for (int p = 0; p < pixels; ++p, codes += stride) {
        const __m256i v = _mm256_loadu_si256((const __m256i *)codes);
        const __m256i low = _mm256_mulhrs_epi16(_mm256_maddubs_epi16(_mm256_unpacklo_epi8(v, in), four), low_gates);
        const __m256i high = _mm256_mulhrs_epi16(_mm256_maddubs_epi16(_mm256_unpackhi_epi8(v, in), four), high_gates);
        _mm256_storeu_si256((__m256i *)codes, _mm256_packus_epi16(_mm256_add_epi16(low, out), _mm256_add_epi16(high, out)));
    }
}

void KERNEL(gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const __m256i in = _mm256_set1_epi16((short)in_zero), out = _mm256_set1_epi16((short)out_zero);
    int c = 0;
    for (; c + 32 <= channels; c += 32) gate_32(codes + c, stride, pixels, gates + c, in_zero, out_zero);
    for (; c < channels; c += 16) {
        const int count = channels - c < 16 ? channels - c : 16;
        int16_t held[16] = {0};
        memcpy(held, gates + c, count * sizeof *held);
        const __m256i gate = _mm256_loadu_si256((const __m256i *)held);
        for (int p = 0; p < pixels; ++p) {
            uint8_t *q = codes + p * stride + c;
            __m256i v = _mm256_sub_epi16(_mm256_cvtepu8_epi16(load_bytes(q, count)), in);
            v = _mm256_add_epi16(_mm256_mulhrs_epi16(_mm256_slli_epi16(v, 2), gate), out);
            store_bytes(q, _mm_packus_epi16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)), count);
        }
    }
}
