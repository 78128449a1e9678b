// Classes of pixels: phminposuw finds the least of 8 unsigned keys and the lowest index that has it. A logit's key is how far it is below the
// greatest int16; what is not there has the greatest key, and stands behind what has it too.

/// The least key of 8 logits above its class.
INLINE uint32_t least_key(const int16_t *logits, __m128i absent, int first) {
    const __m128i keys = _mm_xor_si128(_mm_loadu_si128((const __m128i *)logits), _mm_set1_epi16(INT16_MAX));
    const uint32_t least = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(_mm_or_si128(keys, absent)));
    return (least << 16 | least >> 16) + (uint32_t)first;
}

void KERNEL(class_row)(const int16_t *logits, size_t stride, int pixels, int classes, uint8_t *out) {
    const int last = (classes - 1) / 8 * 8;
    const __m128i absent = _mm_cmpgt_epi16(_mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7), _mm_set1_epi16((int16_t)(classes - last - 1)));
    for (int p = 0; p < pixels; ++p, logits += stride) {
        uint32_t least = least_key(logits + last, absent, last);
        for (int c = 0; c < last; c += 8) {
            const uint32_t key = least_key(logits + c, _mm_setzero_si128(), c);
            least = key < least ? key : least;
        }
        out[p] = (uint8_t)least;
    }
}
