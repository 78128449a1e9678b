// Where values of a convolution go. The file that includes this has defined `codes_16` (vectors of at least LANES int16 values), and:
//
//     c_set, c_of, c_max     int16 values: all the same; rounded, within 16 bits; the greater ones
//     put_words, put_bytes   the first n of LANES codes, n > 0: as they are; with a zero point, within 8 bits

/// Where a vector of channels of the first pixel goes.
typedef struct target {
    float *values;  ///< NULL: codes
    uint8_t *codes;
    size_t stride;  ///< values, or bytes of codes, between pixels
    int lanes;      ///< of the vector that are stored, perhaps less than 1
    int bytes, zero_point, relu;
} target;

/// For the channels from `c` on.
INLINE target target_of(const eseg_s16_target *to, int channels, int c) {
    target t = {.values = to->values, .stride = channels, .lanes = channels - c};
    if (t.values) {
        t.values += c;
        return t;
    }
    t.bytes = to->output->bytes;
    t.codes = to->codes + c * t.bytes;
    t.stride = to->stride;
    t.lanes = to->count - c;
    t.zero_point = to->output->zero_point;
    t.relu = to->output->relu;
    return t;
}

INLINE void put(const target *t, int pixel, floats v) {
    if (t->values) {
        f_store_n(t->values + pixel * t->stride, v, t->lanes);
        return;
    }
    if (t->lanes <= 0) return;
    uint8_t *out = t->codes + pixel * t->stride;
    if (t->bytes == 1) put_bytes(out, c_of(v), c_set((int16_t)t->zero_point), t->lanes);
    else put_words((int16_t *)out, c_max(c_of(v), c_set(t->relu ? 0 : INT16_MIN)), t->lanes);
}
