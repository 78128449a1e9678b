// Classes of pixels: phminposuw finds the least of 8 unsigned keys and the lowest index that has it. A logit's key is how far it is below the
// greatest int16; what is not there has the greatest key, and stands behind what has it too.

INLINE __m128i class_lanes(void) { return _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7); }

INLINE __m128i class_keys(const int16_t *logits) {
    return _mm_xor_si128(_mm_loadu_si128((const __m128i *)logits), _mm_set1_epi16(INT16_MAX));
}

/// The least key of 8 above its class.
INLINE uint32_t least_key(__m128i keys, int first) {
    const uint32_t least = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(keys));
    return (least << 16 | least >> 16) + (uint32_t)first;
}

/// How far the logit of `best` is above the next one's.
INLINE int32_t class_margin(const int16_t *logits, int last, __m128i absent, uint32_t best) {
    const __m128i lane = _mm_cmpeq_epi16(class_lanes(), _mm_set1_epi16((int16_t)(best & 7)));
    const int vector = (int)(best & 0xF8);
    uint32_t second = UINT32_MAX;
    for (int c = 0; c <= last; c += 8) {
        __m128i keys = class_keys(logits + c);
        if (c == last) keys = _mm_or_si128(keys, absent);
        if (c == vector) keys = _mm_or_si128(keys, lane);
        const uint32_t key = least_key(keys, 0);
        second = key < second ? key : second;
    }
    return (int32_t)(second >> 16) - (int32_t)(best >> 16);
}

void KERNEL(class_row)(const eseg_s8_class_row *row) {
    const int last = (row->classes - 1) / 8 * 8;
    const __m128i absent = _mm_cmpgt_epi16(class_lanes(), _mm_set1_epi16((int16_t)(row->classes - last - 1)));
    const int16_t *logits = row->logits;
    for (int p = 0; p < row->pixels; ++p, logits += row->stride) {
        uint32_t least = least_key(_mm_or_si128(class_keys(logits + last), absent), last);
        for (int c = 0; c < last; c += 8) {
            const uint32_t key = least_key(class_keys(logits + c), c);
            least = key < least ? key : least;
        }
        row->out[p] = (uint8_t)least;
        if (!row->doubt) continue;
        const int32_t margin = class_margin(logits, last, absent, least) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE);
        const __m128 value = _mm_mul_ss(_mm_cvtsi32_ss(_mm_setzero_ps(), margin), _mm_set_ss(row->doubt_scale));
        row->doubt[p] = (uint8_t)(255 - _mm_cvtss_si32(_mm_min_ss(value, _mm_set_ss(255))));
    }
}
