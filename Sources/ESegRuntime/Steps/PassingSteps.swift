import Kernels

/// A max-pool by itself.
struct PoolStep: StepWork {
    let input: eseg_s8_map
    let output: eseg_s8_map

    func run(_ call: StepCall) {
        var input = call.input(input), output = output
        eseg_s8_pool_run(call.kernels, &input, &output, call.threads)
    }
}

/// A nearest-neighbor resize by itself, of codes of any type.
struct ResizeStep: StepWork {
    let resize: NearestResize
    let input: UnsafeRawPointer?
    let output: UnsafeMutableRawPointer?
    /// From one pixel to the next, in both maps.
    let pixelBytes: Int

    func run(_ call: StepCall) {
        guard let output else { return }
        resize.run(input ?? UnsafeRawPointer(call.pixels), output, pixelBytes: pixelBytes, threads: call.threads)
    }
}

/// A max-pool, which has no parameters.
struct PackedPool: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        PoolStep(input: plan.map(plan.inputs(of: node)[0]), output: plan.map(node))
    }
}

/// A resize of codes of any type, which has no parameters.
struct PackedResize: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        ResizeStep(
            resize: try NearestResize(node, in: plan.packed.graph, plan.shapes, plan.tables),
            input: plan.map(plan.inputs(of: node)[0]).data.map { UnsafeRawPointer($0) }, output: plan.map(node).data,
            pixelBytes: plan.pixelBytes(node))
    }
}
