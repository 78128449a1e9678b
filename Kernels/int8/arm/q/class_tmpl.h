// Classes of pixels: the greatest logit of all vectors, then the lowest class that has it. What is not there has the least logit, and stands
// behind what has it too.

enum { CLASS_LANES = 8 };

/// The logits of a pixel in vectors of 8 classes, the last of which may hold fewer.
typedef struct class_logits {
    const int16_t *logits;
    int last;
    uint16x8_t lanes, exists;
} class_logits;

INLINE int16x8_t last_logits(const class_logits *l) { return vbslq_s16(l->exists, vld1q_s16(l->logits + l->last), vdupq_n_s16(INT16_MIN)); }

INLINE uint16_t best_class(const class_logits *l, int16x8_t most) {
    const uint16x8_t last = vaddq_u16(l->lanes, vdupq_n_u16((uint16_t)l->last));
    uint16x8_t best = vornq_u16(last, vceqq_s16(last_logits(l), most));
    for (int c = 0; c < l->last; c += CLASS_LANES) {
        const uint16x8_t at = vaddq_u16(l->lanes, vdupq_n_u16((uint16_t)c));
        best = vminq_u16(best, vornq_u16(at, vceqq_s16(vld1q_s16(l->logits + c), most)));
    }
    return vminvq_u16(best);
}

/// The greatest logit of the other classes.
INLINE int16_t second_logit(const class_logits *l, uint16_t best) {
    const uint16x8_t own = vceqq_u16(l->lanes, vdupq_n_u16(best % CLASS_LANES));
    int16x8_t most = vdupq_n_s16(INT16_MIN);
    for (int c = 0; c <= l->last; c += CLASS_LANES) {
        int16x8_t logits = c == l->last ? last_logits(l) : vld1q_s16(l->logits + c);
        if (c == best / CLASS_LANES * CLASS_LANES) logits = vbslq_s16(own, vdupq_n_s16(INT16_MIN), logits);
        most = vmaxq_s16(most, logits);
    }
    return vmaxvq_s16(most);
}

void KERNEL(class_row)(const eseg_s8_class_row *row) {
    static const uint16_t indices[CLASS_LANES] = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint16x8_t lanes = vld1q_u16(indices);
    const int last = (row->classes - 1) / CLASS_LANES * CLASS_LANES;
    class_logits l = {row->logits, last, lanes, vcltq_u16(lanes, vdupq_n_u16((uint16_t)(row->classes - last)))};
    for (int p = 0; p < row->pixels; ++p, l.logits += row->stride) {
        int16x8_t most = last_logits(&l);
        for (int c = 0; c < last; c += CLASS_LANES) most = vmaxq_s16(most, vld1q_s16(l.logits + c));
        const int16_t greatest = vmaxvq_s16(most);
        const uint16_t best = best_class(&l, vdupq_n_s16(greatest));
        row->out[p] = (uint8_t)best;
        if (!row->doubt) continue;
        const int32_t margin = (greatest - second_logit(&l, best)) * (ESEG_S8_ARGMAX_ONE * ESEG_S8_ARGMAX_ONE);
        row->doubt[p] = eseg_s8_doubt(margin, row->doubt_scale);
    }
}
