import ESegNetwork
import Kernels

/// The greatest channel of each pixel, of codes of any type.
struct ChannelMaximumStep: StepWork {
    let op: eseg_channel_max_op

    func run(_ call: StepCall) {
        var op = op
        eseg_channel_max_run(&op, call.threads)
    }
}

/// Such a maximum, which has no parameters.
struct PackedChannelMaximum: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let input = plan.inputs(of: node)[0], shape = plan.shapes[input]
        return ChannelMaximumStep(
            op: eseg_channel_max_op(
                element: plan.packed.codeBytes(node) == 2 ? ESEG_ELEMENT_S16 : ESEG_ELEMENT_U8,
                in: plan.map(input).data.map { UnsafeRawPointer($0) }, out: plan.map(node).data.map { UnsafeMutableRawPointer($0) },
                pixels: shape.pixels, channels: Int32(shape.channels), in_stride: plan.packed.codeStride(input),
                out_stride: plan.packed.codeStride(node)))
    }
}

/// A softmax over channels, of codes of any type.
struct SoftmaxStep: StepWork {
    let op: eseg_s16_softmax_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_softmax_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_softmax_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// Its parameters.
struct PackedSoftmax: PackedLayer {
    let step: Float
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        SoftmaxStep(
            op: eseg_s16_softmax_op(
                in: plan.int16Map(plan.inputs(of: node)[0]), step: step, output: output, out: plan.int16Map(node)))
    }
}
