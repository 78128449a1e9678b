import Kernels

/// A dense convolution by itself.
struct ConvolutionStep: StepWork {
    var op: eseg_conv_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_conv_scratch(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_run_conv(call.kernels, &op, call.threads, call.scratch)
    }
}

/// A depthwise convolution by itself.
struct DepthwiseStep: StepWork {
    let layer: eseg_depthwise_layer
    let input: eseg_map
    let output: eseg_map

    func run(_ call: StepCall) throws(RuntimeError) {
        var layer = layer, input = call.input(input), output = output
        try call.require(eseg_run_depthwise(call.kernels, &layer, &input, &output), output)
    }
}
