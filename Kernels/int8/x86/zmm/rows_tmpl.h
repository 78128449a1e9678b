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

/// Four pixels at a time: their bytes of a channel together are a dword, which a dot product with ones adds up.
void KERNEL(sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    const __m512i ones = _mm512_set1_epi8(1);
    for (int c = 0; c < channels; c += 64) {
        const __mmask64 mask = low_bits(channels - c);
        __m512i part[4] = {0};  // of channels 4k to 4k + 3 of each 16, in a lane
        for (int p = 0; p < pixels; p += 4) {
            __m512i pixel[4];
            for (int i = 0; i < 4; ++i)
                pixel[i] = p + i < pixels ? _mm512_maskz_loadu_epi8(mask, in + (p + i) * in_stride + c) : (__m512i){0};
            const __m512i low[2] = {_mm512_unpacklo_epi8(pixel[0], pixel[1]), _mm512_unpacklo_epi8(pixel[2], pixel[3])};
            const __m512i high[2] = {_mm512_unpackhi_epi8(pixel[0], pixel[1]), _mm512_unpackhi_epi8(pixel[2], pixel[3])};
            part[0] = _mm512_dpbusd_epi32(part[0], _mm512_unpacklo_epi16(low[0], low[1]), ones);
            part[1] = _mm512_dpbusd_epi32(part[1], _mm512_unpackhi_epi16(low[0], low[1]), ones);
            part[2] = _mm512_dpbusd_epi32(part[2], _mm512_unpacklo_epi16(high[0], high[1]), ones);
            part[3] = _mm512_dpbusd_epi32(part[3], _mm512_unpackhi_epi16(high[0], high[1]), ones);
        }
        const __m512i first[2] = {_mm512_shuffle_i32x4(part[0], part[1], 0x44), _mm512_shuffle_i32x4(part[2], part[3], 0x44)};
        const __m512i last[2] = {_mm512_shuffle_i32x4(part[0], part[1], 0xee), _mm512_shuffle_i32x4(part[2], part[3], 0xee)};
        const __m512i sum[4] = {_mm512_shuffle_i32x4(first[0], first[1], 0x88), _mm512_shuffle_i32x4(first[0], first[1], 0xdd),
                                _mm512_shuffle_i32x4(last[0], last[1], 0x88), _mm512_shuffle_i32x4(last[0], last[1], 0xdd)};
        for (int n = 0; n < 4; ++n) {
            const __mmask16 lanes = (__mmask16)(mask >> 16 * n);
            const __m512i before = _mm512_maskz_loadu_epi32(lanes, sums + c + 16 * n);
            _mm512_mask_storeu_epi32(sums + c + 16 * n, lanes, _mm512_add_epi32(before, sum[n]));
        }
    }
}

/// Beside each code its zero point: a product with 4 and -4 is what the gate multiplies.
void KERNEL(gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const __m512i in = _mm512_set1_epi8((char)in_zero), out = _mm512_set1_epi16((short)out_zero), four = _mm512_set1_epi16(-4 * 256 + 4);
    const __m512i low_halves = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13), high_halves = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
    for (int c = 0; c < channels; c += 64) {
        const __mmask64 mask = low_bits(channels - c);
        const __m512i first = _mm512_maskz_loadu_epi16((__mmask32)mask, gates + c);
        const __m512i last = _mm512_maskz_loadu_epi16((__mmask32)(mask >> 32), gates + c + 32);
        const __m512i low_gates = _mm512_permutex2var_epi64(first, low_halves, last);
        const __m512i high_gates = _mm512_permutex2var_epi64(first, high_halves, last);
        for (int p = 0; p < pixels; ++p) {
            uint8_t *q = codes + p * stride + c;
            const __m512i v = _mm512_maskz_loadu_epi8(mask, q);
            const __m512i low = _mm512_mulhrs_epi16(_mm512_maddubs_epi16(_mm512_unpacklo_epi8(v, in), four), low_gates);
            const __m512i high = _mm512_mulhrs_epi16(_mm512_maddubs_epi16(_mm512_unpackhi_epi8(v, in), four), high_gates);
            _mm512_mask_storeu_epi8(q, mask, _mm512_packus_epi16(_mm512_add_epi16(low, out), _mm512_add_epi16(high, out)));
        }
    }
}
