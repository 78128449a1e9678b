import Kernels

/// A dense convolution.
struct FloatConvolutionStep: FloatStep {
    var operation: eseg_f32_conv_op
    let input: Input
    var residual: Input?
    let output: Output

    func scratch(threads: Int) -> Int {
        var operation = operation
        return eseg_f32_conv_scratch_floats(&operation) * threads
    }

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_f32_conv_run(call.kernels, &operation, input, residual, output, call.scratch, call.threads)
    }
}

/// A depthwise convolution.
struct FloatDepthwiseStep: FloatStep {
    var operation: eseg_f32_depthwise_op
    let input: Input
    let output: Output

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_f32_depthwise_run(call.kernels, &operation, input, output, call.threads)
    }
}
