// Classes of pixels: the greatest logit of all vectors, then the lowest class that has it. What is not there has the least logit, and stands
// behind what has it too.

enum { CLASS_LANES = 8, NO_CLASS = UINT16_MAX };

/// The logits of a pixel in vectors of 8 classes, the last of which may hold fewer.
typedef struct class_logits {
    const int16_t *logits;
    int last;
    uint16x8_t lanes, exists;
} class_logits;

/// A class and its logit.
typedef struct class_choice {
    uint16_t class;
    int16_t logit;
} class_choice;

/// 8 logits; what is not there, and the class that is left out, has the least one.
INLINE int16x8_t logits_without(const class_logits *l, int first, uint16_t left_out) {
    const int16x8_t none = vdupq_n_s16(INT16_MIN);
    int16x8_t logits = vld1q_s16(l->logits + first);
    if (first == l->last) logits = vbslq_s16(l->exists, logits, none);
    if (left_out == NO_CLASS) return logits;
    return vbslq_s16(vceqq_u16(vaddq_u16(l->lanes, vdupq_n_u16((uint16_t)first)), vdupq_n_u16(left_out)), none, logits);
}

/// The best class, but for one that is left out.
INLINE class_choice choose_without(const class_logits *l, const uint16_t left_out) {
    int16x8_t most = logits_without(l, l->last, left_out);
    for (int c = 0; c < l->last; c += CLASS_LANES) most = vmaxq_s16(most, logits_without(l, c, left_out));
    const int16_t greatest = vmaxvq_s16(most);
    uint16x8_t best = vdupq_n_u16(NO_CLASS);
    for (int c = 0; c <= l->last; c += CLASS_LANES) {
        const uint16x8_t at = vaddq_u16(l->lanes, vdupq_n_u16((uint16_t)c));
        uint16x8_t class = vornq_u16(at, vceqq_s16(logits_without(l, c, left_out), vdupq_n_s16(greatest)));
        if (left_out != NO_CLASS) class = vorrq_u16(class, vceqq_u16(at, vdupq_n_u16(left_out)));
        best = vminq_u16(best, class);
    }
    return (class_choice){vminvq_u16(best), greatest};
}

void KERNEL(class_row)(const eseg_s8_class_row *row) {
    static const uint16_t indices[CLASS_LANES] = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint16x8_t lanes = vld1q_u16(indices);
    const int last = (row->classes - 1) / CLASS_LANES * CLASS_LANES;
    class_logits l = {row->logits, last, lanes, vcltq_u16(lanes, vdupq_n_u16((uint16_t)(row->classes - last)))};
    for (int p = 0; p < row->pixels; ++p, l.logits += row->stride) {
        const class_choice best = choose_without(&l, NO_CLASS);
        row->out[p] = (uint8_t)best.class;
        if (!row->doubt) continue;
        const class_choice second = choose_without(&l, best.class);
        const int32_t margin = (best.logit - second.logit) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE);
        row->doubt[p] = eseg_s8_doubt(margin, row->doubt_scales.best[best.class], row->doubt_scales.second[second.class]);
    }
}
