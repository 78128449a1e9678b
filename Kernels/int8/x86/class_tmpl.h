// Classes of pixels: phminposuw finds the least of 8 unsigned keys and the lowest index that has it. A logit's key is how far it is below the
// greatest int16; what is not there has the greatest key, and stands behind what has it too.

/// The logits of a pixel in vectors of 8 classes, the last of which may hold fewer.
typedef struct class_logits {
    const int16_t *logits;
    int last;
    __m128i absent;
} class_logits;

INLINE __m128i class_keys(const class_logits *l, int first) {
    const __m128i keys = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(l->logits + first)), _mm_set1_epi16(INT16_MAX));
    return first == l->last ? _mm_or_si128(keys, l->absent) : keys;
}

/// The least key of 8 above its class.
INLINE uint32_t least_key(__m128i keys, int first) {
    const uint32_t least = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(keys));
    return (least << 16 | least >> 16) + (uint32_t)first;
}

INLINE uint32_t best_key(const class_logits *l) {
    uint32_t best = least_key(class_keys(l, l->last), l->last);
    for (int c = 0; c < l->last; c += 8) {
        const uint32_t key = least_key(class_keys(l, c), c);
        best = key < best ? key : best;
    }
    return best;
}

/// The best of the other classes.
INLINE uint32_t second_key(const class_logits *l, uint32_t best) {
    static const int16_t lanes[16] = {0, 0, 0, 0, 0, 0, 0, -1};
    const __m128i own = _mm_loadu_si128((const __m128i *)(lanes + 7 - (best & 7)));
    uint32_t second = UINT32_MAX;
    for (int c = 0; c <= l->last; c += 8) {
        const __m128i keys = class_keys(l, c);
        const uint32_t key = least_key(c == (int)(best & 0xF8) ? _mm_or_si128(keys, own) : keys, c);
        second = key < second ? key : second;
    }
    // Where all others have the greatest key as well, class 0 stands before them though it is the best.
    return second + ((uint16_t)second == (uint16_t)best);
}

INLINE uint8_t key_doubt(uint32_t best, uint32_t second, const eseg_s8_doubt_scales *scales) {
    const int32_t margin = ((int32_t)(second >> 16) - (int32_t)(best >> 16)) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE);
    __m128 value = _mm_mul_ss(_mm_cvtsi32_ss(_mm_setzero_ps(), margin), _mm_load_ss(scales->best + (uint8_t)best));
    value = _mm_mul_ss(value, _mm_load_ss(scales->second + (uint8_t)second));
    return (uint8_t)(255 - _mm_cvtss_si32(_mm_min_ss(value, _mm_set_ss(255))));
}

INLINE void choose_own_classes(const eseg_s8_class_row *row, const int with_doubt) {
    const __m128i lanes = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    const int last = (row->classes - 1) / 8 * 8;
    class_logits l = {row->logits, last, _mm_cmpgt_epi16(lanes, _mm_set1_epi16((int16_t)(row->classes - last - 1)))};
    for (int p = 0; p < row->pixels; ++p, l.logits += row->stride) {
        const uint32_t best = best_key(&l);
        row->out[p] = (uint8_t)best;
        if (with_doubt) row->doubt[p] = key_doubt(best, second_key(&l, best), &row->doubt_scales);
    }
}

void KERNEL(class_row)(const eseg_s8_class_row *row) {
    if (row->doubt) choose_own_classes(row, 1);
    else choose_own_classes(row, 0);
}
