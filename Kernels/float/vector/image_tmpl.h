/// Three vectors hold a whole number of interleaved R, G, B pixels.
void KERNEL(normalize)(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *output) {
    float scales[3 * LANES], offsets[3 * LANES];
    for (int i = 0; i < 3 * LANES; ++i) scales[i] = scale[i % 3], offsets[i] = offset[i % 3];
    size_t count = 3 * pixels, i = 0;
    for (; i + 3 * LANES <= count; i += 3 * LANES)
        for (int v = 0; v < 3 * LANES; v += LANES)
            v_store(output + i + v, v_fma(v_load_bytes(rgb + i + v), v_load(scales + v), v_load(offsets + v)));
    for (; i < count; ++i) output[i] = fmaf((float)rgb[i], scale[i % 3], offset[i % 3]);
}

/// Two rows of logits, each widened to the output's width: [channels][width].
typedef struct widened {
    float *rows[2];
    int source[2];
    float *planar;  ///< one row of logits as [channels][logits width], and PANEL floats that may be read behind it
} widened;

/// lerp_at for LANES columns from x on; those behind the last stay inside the row.
typedef struct lerps {
    vec low, high, fraction;
} lerps;

INLINE lerps lerps_at(int x, int in, int out, int align_corners) {
    const float offset = align_corners ? 0 : 0.5f;
    const float ratio = !align_corners ? (float)in / (float)out : out > 1 ? (float)(in - 1) / (float)(out - 1) : 0;
    vec position = v_add(v_set((float)x + offset), v_indices()), last = v_set((float)(in - 1));
    vec source = v_max(v_sub(v_mul(position, v_set(ratio)), v_set(offset)), v_set(0));
    vec low = v_min(v_floor(source), last);
    return (lerps){low, v_min(v_add(low, v_set(1)), last), v_sub(source, low)};
}

static void widen_row(const eseg_f32_argmax_op *op, const float *logits, float *planar, float *row) {
    int channels = op->logits.channels, in = op->logits.width, width = op->width;
    for (int x = 0; x < in; ++x)
        for (int c = 0; c < channels; ++c) planar[(size_t)c * in + x] = logits[(size_t)x * channels + c];
    for (int x = 0; x < width; x += LANES) {
        const int aligned = op->align_corners;
        lerps at = lerps_at(x, in, width, aligned);
        int first = lerp_at(x, in, width, aligned).low, last = lerp_at(least(x + LANES, width) - 1, in, width, aligned).high;
        bool isNarrow = last - first < LANES;
        vec low = v_sub(at.low, v_set((float)first)), high = v_sub(at.high, v_set((float)first));
        for (int c = 0; c < channels; ++c) {
            const float *from = planar + (size_t)c * in + first;
            vec left = isNarrow ? v_pick(from, low) : v_gather(from, low), right = isNarrow ? v_pick(from, high) : v_gather(from, high);
            v_store_n(row + (size_t)c * width + x, v_fma(at.fraction, v_sub(right, left), left), width - x);
        }
    }
}

/// Row `y` of the logits, widened; the row that was asked for last but one makes room.
static const float *widened_row(const eseg_f32_argmax_op *op, const float *logits, widened *w, int y, int keep) {
    for (int i = 0; i < 2; ++i)
        if (w->source[i] == y) return w->rows[i];
    int slot = w->source[0] == keep ? 1 : 0;
    widen_row(op, logits + (size_t)y * op->logits.width * op->logits.channels, w->planar, w->rows[slot]);
    w->source[slot] = y;
    return w->rows[slot];
}

static void argmax_row(const eseg_f32_argmax_op *op, const float *above, const float *below, float fraction, uint8_t *classes) {
    int width = op->width;
    for (int x = 0; x < width; x += LANES) {
        int n = width - x;
        vec best = v_set(-INFINITY), chosen = v_set(0);
        for (int c = 0; c < op->logits.channels; ++c) {
            vec a = v_load_n(above + (size_t)c * width + x, n), b = v_load_n(below + (size_t)c * width + x, n);
            vec value = v_fma(v_set(fraction), v_sub(b, a), a);
            chosen = v_select_greater(value, best, v_set((float)c), chosen);
            best = v_max(value, best);
        }
        v_store_bytes_n(classes + x, chosen, n);
    }
}

void KERNEL(argmax_rows)(const eseg_f32_argmax_op *op, const float *logits, uint8_t *classes, int first, int last, float *scratch) {
    size_t row = (size_t)op->logits.channels * op->width;
    widened w = {{scratch, scratch + row}, {-1, -1}, scratch + 2 * row};
    for (int y = first; y < last; ++y) {
        lerp at = lerp_at(y, op->logits.height, op->height, op->align_corners);
        const float *above = widened_row(op, logits, &w, at.low, at.high);
        const float *below = widened_row(op, logits, &w, at.high, at.low);
        argmax_row(op, above, below, at.fraction, classes + (size_t)y * op->width);
    }
}
