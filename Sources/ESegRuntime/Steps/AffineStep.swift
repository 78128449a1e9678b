import ESegNetwork
import Kernels

/// Channels that are multiplied and shifted one by one: a depthwise convolution of single pixels.
struct AffineStep: StepWork {
    let op: eseg_s8_affine_op

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s8_affine_run(call.kernels, &op, call.threads)
    }
}

/// The parameters of such a layer, padded to whole blocks of channels.
struct PackedAffine: PackedLayer {
    let weights: UnsafePointer<Int8>
    let scaling: eseg_s8_scaling

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        AffineStep(op: eseg_s8_affine_op(weights: weights, scaling: scaling, in: plan.map(plan.inputs(of: node)[0]), out: plan.map(node)))
    }
}
