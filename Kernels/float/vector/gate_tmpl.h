void KERNEL(sum_rows)(eseg_f32_shape shape, const float *input, float *sums, int first, int last) {
    int channels = shape.channels;
    const float *end = input + (size_t)last * shape.width * channels;
    for (int c = 0; c < channels; c += LANES) v_store_n(sums + c, v_set(0), channels - c);
    for (const float *pixel = input + (size_t)first * shape.width * channels; pixel < end; pixel += channels)
        for (int c = 0; c < channels; c += LANES) {
            int n = channels - c;
            v_store_n(sums + c, v_add(v_load_n(sums + c, n), v_load_n(pixel + c, n)), n);
        }
}

void KERNEL(gate_values)(const eseg_f32_gate_op *op, const float *means, float *squeezed, float *gates) {
    int channels = op->shape.channels;
    for (int s = 0; s < op->squeezed; ++s) {
        const float *weights = op->reduce_weights + (size_t)s * channels;
        vec sum = v_set(0);
        for (int c = 0; c < channels; c += LANES) sum = v_fma(v_load_n(weights + c, channels - c), v_load_n(means + c, channels - c), sum);
        float reduced = op->reduce_bias[s] + v_sum(sum);
        v_store_n(squeezed + s, v_silu(v_set(reduced)), 1);
    }
    for (int c = 0; c < channels; c += LANES) {
        int n = channels - c;
        vec sum = v_load_n(op->expand_bias + c, n);
        for (int s = 0; s < op->squeezed; ++s)
            sum = v_fma(v_set(squeezed[s]), v_load_n(op->expand_weights + (size_t)s * channels + c, n), sum);
        v_store_n(gates + c, v_sigmoid(sum), n);
    }
}

void KERNEL(gate_rows)(eseg_f32_shape shape, const float *input, const float *gates, float *output, int first, int last) {
    int channels = shape.channels;
    size_t end = (size_t)last * shape.width * channels;
    for (size_t pixel = (size_t)first * shape.width * channels; pixel < end; pixel += channels)
        for (int c = 0; c < channels; c += LANES) {
            int n = channels - c;
            v_store_n(output + pixel + c, v_mul(v_load_n(input + pixel + c, n), v_load_n(gates + c, n)), n);
        }
}
