import Kernels

/// A squeeze-excite.
struct FloatGateStep: FloatStep {
    let operation: eseg_f32_gate_op
    let input: Input
    let output: Output

    func scratch(threads: Int) -> Int {
        var operation = operation
        return eseg_f32_gate_scratch_floats(&operation)
    }

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_f32_gate_run(call.kernels, &operation, input, output, call.scratch, call.threads)
    }
}

/// The mean over a map's pixels.
struct FloatMeanStep: FloatStep {
    let shape: eseg_f32_shape
    let input: Input
    let output: Output

    func scratch(threads: Int) -> Int { eseg_f32_mean_scratch_floats(shape) }

    func run(_ call: FloatCall) { eseg_f32_mean_run(call.kernels, shape, input, output, call.scratch, call.threads) }
}

/// A map times another, or one factor for each channel or pixel.
struct FloatProductStep: FloatStep {
    let shape: eseg_f32_shape
    let input: Input
    let factorShape: eseg_f32_shape
    let factors: Input
    let output: Output

    func run(_ call: FloatCall) {
        if factorShape.height == 1, factorShape.width == 1, factorShape.channels == shape.channels {
            eseg_f32_product_run(call.kernels, shape, input, factors, output, call.threads)
        } else {
            eseg_f32_multiply_run(shape, input, factorShape, factors, output, call.threads)
        }
    }
}
