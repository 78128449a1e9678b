import Kernels

/// A dense convolution by itself.
struct ConvolutionStep: StepWork {
    var op: eseg_s8_conv_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s8_conv_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s8_conv_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// A depthwise convolution by itself.
struct DepthwiseStep: StepWork {
    let layer: eseg_s8_depthwise_layer
    let input: eseg_s8_map
    let output: eseg_s8_map

    func run(_ call: StepCall) throws(RuntimeError) {
        var layer = layer, input = call.input(input), output = output
        try call.require(eseg_s8_depthwise_run(call.kernels, &layer, &input, &output), output)
    }
}
