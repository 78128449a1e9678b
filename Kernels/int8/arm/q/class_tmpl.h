// Classes of pixels: the greatest logit of all vectors, then the lowest class that has it. What is not there has the least logit, and stands
// behind what has it too.

enum { CLASS_LANES = 8 };

void KERNEL(class_row)(const int16_t *logits, size_t stride, int pixels, int classes, uint8_t *out) {
    static const uint16_t indices[CLASS_LANES] = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint16x8_t lanes = vld1q_u16(indices);
    const int last = (classes - 1) / CLASS_LANES * CLASS_LANES;
    const uint16x8_t exists = vcltq_u16(lanes, vdupq_n_u16((uint16_t)(classes - last)));
    for (int p = 0; p < pixels; ++p, logits += stride) {
        const int16x8_t rest = vbslq_s16(exists, vld1q_s16(logits + last), vdupq_n_s16(INT16_MIN));
        int16x8_t most = rest;
        for (int c = 0; c < last; c += CLASS_LANES) most = vmaxq_s16(most, vld1q_s16(logits + c));
        most = vdupq_n_s16(vmaxvq_s16(most));
        uint16x8_t best = vornq_u16(vaddq_u16(lanes, vdupq_n_u16((uint16_t)last)), vceqq_s16(rest, most));
        for (int c = 0; c < last; c += CLASS_LANES) {
            const uint16x8_t at = vaddq_u16(lanes, vdupq_n_u16((uint16_t)c));
            best = vminq_u16(best, vornq_u16(at, vceqq_s16(vld1q_s16(logits + c), most)));
        }
        out[p] = (uint8_t)vminvq_u16(best);
    }
}
