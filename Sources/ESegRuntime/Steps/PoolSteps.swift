import ESegNetwork
import Kernels

/// A max-pool of any window, of codes of any type.
struct WindowPoolStep: StepWork {
    let op: eseg_max_pool_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_max_pool_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_max_pool_run(&op, call.threads, call.scratch)
    }
}

/// Such a max-pool.
struct PackedWindowPool: PackedLayer {
    let window: Window

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let input = plan.inputs(of: node)[0], from = plan.shapes[input], to = plan.shapes[node]
        return WindowPoolStep(
            op: eseg_max_pool_op(
                element: plan.packed.codeBytes(node) == 2 ? ESEG_ELEMENT_S16 : ESEG_ELEMENT_U8, window: window.forKernels,
                in: plan.map(input).data.map { UnsafeRawPointer($0) }, out: plan.map(node).data.map { UnsafeMutableRawPointer($0) },
                in_height: Int32(from.height), in_width: Int32(from.width), height: Int32(to.height), width: Int32(to.width),
                stride: Int32(plan.packed.codeStride(node))))
    }
}

/// A mean under a window or in a grid's cell, of codes of any type.
struct MeanStep: StepWork {
    var op: eseg_s16_mean_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_mean_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_mean_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// Its parameters; without a window it takes the cells of a grid as large as its output.
struct PackedMean: PackedLayer {
    var window: Window?
    var countsPadding = false
    let multiplier: Float
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let input = plan.inputs(of: node)[0]
        return MeanStep(
            op: eseg_s16_mean_op(
                window: window?.forKernels ?? eseg_window(), counts_padding: countsPadding ? 1 : 0, grid: window == nil ? 1 : 0,
                in: plan.int16Map(input), multiplier: multiplier, output: output, out: plan.int16Map(node)))
    }
}
