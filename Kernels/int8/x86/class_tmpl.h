// Classes of pixels: phminposuw finds the least of 8 unsigned keys and the lowest index that has it. A logit's key is how far it is below the
// greatest int16; what is not there has the greatest key, and stands behind what has it too.

INLINE __m128i class_keys(const int16_t *logits) {
    return _mm_xor_si128(_mm_loadu_si128((const __m128i *)logits), _mm_set1_epi16(INT16_MAX));
}

/// The least key of 8 above its class.
INLINE uint32_t least_key(__m128i keys, int first) {
    const uint32_t least = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(keys));
    return (least << 16 | least >> 16) + (uint32_t)first;
}

/// How far the next key is above the best, of the least two keys that each lane has seen: in the lane of the best, its second one counts.
INLINE int32_t class_margin(__m128i least, __m128i second, uint32_t best) {
    static const int16_t lanes[16] = {0, 0, 0, 0, 0, 0, 0, -1};
    const __m128i lane = _mm_loadu_si128((const __m128i *)(lanes + 7 - (best & 7)));
    const uint32_t next = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(_mm_blendv_epi8(least, second, lane)));
    return (int32_t)(next & UINT16_MAX) - (int32_t)(best >> 16);
}

INLINE uint8_t margin_doubt(int32_t margin, float scale) {
    const __m128 value = _mm_mul_ss(_mm_cvtsi32_ss(_mm_setzero_ps(), margin), _mm_set_ss(scale));
    return (uint8_t)(255 - _mm_cvtss_si32(_mm_min_ss(value, _mm_set_ss(255))));
}

INLINE void choose_own_classes(const eseg_s8_class_row *row, const int with_doubt) {
    const int last = (row->classes - 1) / 8 * 8;
    const __m128i absent = _mm_cmpgt_epi16(_mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7), _mm_set1_epi16((int16_t)(row->classes - last - 1)));
    const int16_t *logits = row->logits;
    for (int p = 0; p < row->pixels; ++p, logits += row->stride) {
        __m128i least = _mm_or_si128(class_keys(logits + last), absent), second = _mm_set1_epi16(-1);
        uint32_t best = least_key(least, last);
        for (int c = 0; c < last; c += 8) {
            const __m128i keys = class_keys(logits + c);
            const uint32_t key = least_key(keys, c);
            best = key < best ? key : best;
            if (!with_doubt) continue;
            second = _mm_min_epu16(second, _mm_max_epu16(least, keys));
            least = _mm_min_epu16(least, keys);
        }
        row->out[p] = (uint8_t)best;
        if (with_doubt)
            row->doubt[p] = margin_doubt(class_margin(least, second, best) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE), row->doubt_scale);
    }
}

void KERNEL(class_row)(const eseg_s8_class_row *row) {
    if (row->doubt) choose_own_classes(row, 1);
    else choose_own_classes(row, 0);
}
