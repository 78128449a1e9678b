/// The nine inputs under one output of a 3x3 maximum at stride 2. Clamping keeps each inside the window that the map leaves.
typedef struct window {
    const float *at[9];
} window;

INLINE window window_at(const float *data, int height, int width, int channels, int y, int x) {
    window w;
    for (int i = 0; i < 9; ++i) {
        int iy = clamp(2 * y - 1 + i / 3, 0, height - 1), ix = clamp(2 * x - 1 + i % 3, 0, width - 1);
        w.at[i] = data + ((size_t)iy * width + ix) * channels;
    }
    return w;
}

INLINE vec window_maximum(const window *w, int c, int n) {
    vec most = v_load_n(w->at[0] + c, n);
    for (int i = 1; i < 9; ++i) most = v_max(most, v_load_n(w->at[i] + c, n));
    return most;
}

void KERNEL(pool_rows)(eseg_f32_shape shape, const float *input, float *output, int first, int last) {
    int width = divide_up(shape.width, 2), channels = shape.channels;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < width; ++x) {
            window w = window_at(input, shape.height, shape.width, channels, y, x);
            float *to = output + ((size_t)y * width + x) * channels;
            for (int c = 0; c < channels; c += LANES) v_store_n(to + c, window_maximum(&w, c, channels - c), channels - c);
        }
}

INLINE void add_window(float *to, const window *w, const float *weights, int channels) {
    for (int c = 0; c < channels; c += LANES) {
        int n = channels - c;
        v_store_n(to + c, v_fma(v_load_n(weights + c, n), window_maximum(w, c, n), v_load_n(to + c, n)), n);
    }
}

INLINE void add_vector(float *to, const float *from, const float *weights, int n, bool overwrite) {
    vec product = v_mul(v_load_n(weights, n), v_load_n(from, n));
    v_store_n(to, overwrite ? product : v_add(product, v_load_n(to, n)), n);
}

INLINE void add_pixel(float *to, const float *from, const float *weights, int channels, bool overwrite) {
    int c = 0;
    for (; c + LANES <= channels; c += LANES) add_vector(to + c, from + c, weights + c, LANES, overwrite);
    if (c < channels) add_vector(to + c, from + c, weights + c, channels - c, overwrite);
}

/// Adds one resampled input to a row of the output, or starts the row with it.
static void add_row(const eseg_f32_fusion_op *op, const eseg_f32_fusion_input *input, float *to, int y, bool overwrite) {
    int width = op->output.width, channels = op->output.channels;
    bool up = input->resampling == ESEG_F32_UP;
    int source = up ? nearest_at(y, input->height, op->output.height).source : y;
    const float *row = input->data + (size_t)source * input->width * channels;
    nearest walk = up ? nearest_at(0, input->width, width) : nearest_at(0, 1, 1);
    for (int x = 0; x < width; ++x, to += channels, nearest_advance(&walk))
        add_pixel(to, row + (size_t)walk.source * channels, input->weights, channels, overwrite);
}

static void add_pooled_row(const eseg_f32_fusion_op *op, const eseg_f32_fusion_input *input, float *to, int y) {
    int width = op->output.width, channels = op->output.channels;
    for (int x = 0; x < width; ++x, to += channels) {
        window w = window_at(input->data, input->height, input->width, channels, y, x);
        add_window(to, &w, input->weights, channels);
    }
}

void KERNEL(fusion_rows)(const eseg_f32_fusion_op *op, float *output, int first, int last) {
    size_t size = (size_t)op->output.width * op->output.channels;
    for (int y = first; y < last; ++y) {
        float *to = output + y * size;
        for (int i = 0; i < op->count; ++i) {
            if (op->inputs[i].resampling == ESEG_F32_DOWN) add_pooled_row(op, &op->inputs[i], to, y);
            else add_row(op, &op->inputs[i], to, y, i == 0);
        }
        for (size_t i = 0; i < size; i += LANES) {
            int n = (int)(size - i < LANES ? size - i : LANES);
            v_store_n(to + i, v_activate(v_load_n(to + i, n), op->activation, v_set(0)), n);
        }
    }
}

/// Neighboring output pixels that descend from the same pixel of every coarser level.
typedef struct siblings {
    const float *levels[ESEG_F32_MAX_LEVELS];  ///< the first sibling's pixel of each level
    int count;
    float *output;
} siblings;

/// `n` channels from `c` on.
INLINE void sum_levels(const eseg_f32_pyramid_op *op, const siblings *s, int c, int n) {
    const int channels = op->channels;
    vec coarse = v_set(0), weight = v_load_n(op->weights + c, n);
    for (int i = 1; i < op->count; ++i)
        coarse = v_fma(v_load_n(op->weights + (size_t)i * channels + c, n), v_load_n(s->levels[i] + c, n), coarse);
    for (int i = 0, at = c; i < s->count; ++i, at += channels)
        v_store_n(s->output + at, v_fma(weight, v_load_n(s->levels[0] + at, n), coarse), n);
}

/// Moves each level's pixel to where the next output pixel descends from; returns whether any but the finest moved.
static bool advance(nearest *walk, int count) {
    nearest_advance(&walk[0]);
    int steps = 1;
    for (int i = 1; i < count; ++i) {
        int before = walk[i].source;
        for (int step = 0; step < steps; ++step) nearest_advance(&walk[i]);
        steps = walk[i].source - before;
        if (steps == 0) return i > 1;
    }
    return true;
}

static void pyramid_row(const eseg_f32_pyramid_op *op, const float *const *rows, float *to) {
    int channels = op->channels, width = op->levels[0].width;
    nearest walk[ESEG_F32_MAX_LEVELS];
    walk[0] = nearest_at(0, 1, 1);
    for (int i = 1; i < op->count; ++i) walk[i] = nearest_at(0, op->levels[i].width, op->levels[i - 1].width);
    for (int x = 0; x < width;) {
        siblings s = {.output = to + (size_t)x * channels};
        for (int i = 0; i < op->count; ++i) s.levels[i] = rows[i] + (size_t)walk[i].source * channels;
        do ++s.count;
        while (!advance(walk, op->count) && x + s.count < width);
        int c = 0;
        for (; c + LANES <= channels; c += LANES) sum_levels(op, &s, c, LANES);
        if (c < channels) sum_levels(op, &s, c, channels - c);
        x += s.count;
    }
}

void KERNEL(pyramid_rows)(const eseg_f32_pyramid_op *op, float *output, int first, int last) {
    const float *rows[ESEG_F32_MAX_LEVELS];
    for (int y = first; y < last; ++y) {
        for (int i = 0, source = y; i < op->count; ++i) {
            const eseg_f32_pyramid_level *level = &op->levels[i];
            if (i > 0) source = nearest_at(source, level->height, level[-1].height).source;
            rows[i] = level->data + (size_t)source * level->width * op->channels;
        }
        pyramid_row(op, rows, output + (size_t)y * op->levels[0].width * op->channels);
    }
}
