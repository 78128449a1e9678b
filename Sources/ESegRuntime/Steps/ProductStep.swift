import ESegNetwork
import Kernels

/// A product of two maps, of codes of any type.
struct ProductStep: StepWork {
    var op: eseg_s16_product_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_product_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_product_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// Its parameters.
struct PackedProduct: PackedLayer {
    let multiplier: Float
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let inputs = plan.inputs(of: node)
        return ProductStep(
            op: eseg_s16_product_op(
                a: plan.int16Map(inputs[0]), b: plan.int16Map(inputs[1]), multiplier: multiplier, output: output, out: plan.int16Map(node)))
    }
}
