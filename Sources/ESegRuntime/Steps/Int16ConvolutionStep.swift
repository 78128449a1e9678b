import ESegNetwork
import Kernels

/// A convolution, dense or depthwise, in int16 arithmetic. int16 nodes are never fused with others.
struct Int16ConvolutionStep: StepWork {
    var op: eseg_s16_conv_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_conv_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s16_conv_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// The parameters of such a convolution.
struct Int16Convolution: PackedLayer {
    let layer: eseg_s16_conv_layer
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let inputs = plan.inputs(of: node)
        return Int16ConvolutionStep(
            op: eseg_s16_conv_op(
                layer: layer, in: plan.int16Map(inputs[0]), residual: inputs.count > 1 ? plan.int16Map(inputs[1]) : eseg_s16_map(),
                output: output, out: plan.int16Map(node)))
    }
}

extension Plan {
    func int16Map(_ node: Int) -> eseg_s16_map {
        let shape = shapes[node], output = packed.outputs[node]
        return eseg_s16_map(
            data: map(node).data.map { UnsafeMutableRawPointer($0) }, bytes: output.precision == .int16 ? 2 : 1,
            height: Int32(shape.height), width: Int32(shape.width), channels: Int32(shape.channels), stride: codeStride(node),
            zero_point: Int32(output.zeroPoint))
    }
}
