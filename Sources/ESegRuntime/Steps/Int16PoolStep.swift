import Kernels

/// A max-pool of int16 codes.
struct Int16PoolStep: StepWork {
    let input: eseg_s16_map
    let output: eseg_s16_map

    func run(_ call: StepCall) {
        var input = input, output = output
        eseg_s16_pool_run(call.kernels, &input, &output, call.threads)
    }
}

/// Such a max-pool, which has no parameters.
struct Int16Pool: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        Int16PoolStep(input: plan.int16Map(plan.inputs(of: node)[0]), output: plan.int16Map(node))
    }
}
