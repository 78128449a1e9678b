import ESegNetwork
import Kernels

/// A bilinear resize of codes of any type.
struct BilinearStep: StepWork {
    var op: eseg_s16_bilinear_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_bilinear_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_bilinear_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// Its parameters.
struct PackedBilinear: PackedLayer {
    let resize: BilinearResize
    let multiplier: Float
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let input = plan.inputs(of: node)[0], map = plan.int16Map(input), bits = map.bytes == 1 ? 11 : 8
        let (rows, columns) = resize.axes(from: plan.shapes[input], to: plan.shapes[node], one: 1 << bits)
        let scale = multiplier / Float(1 << (2 * bits))
        return BilinearStep(
            op: eseg_s16_bilinear_op(
                in: map, bits: Int32(bits), rows: try plan.kernelAxis(rows), columns: try plan.kernelAxis(columns), multiplier: scale,
                output: output, out: plan.int16Map(node)))
    }
}

extension Plan {
    fileprivate func kernelAxis(_ axis: BilinearAxis) throws(RuntimeError) -> eseg_bilinear_axis {
        func table(_ values: [Int]) throws(RuntimeError) -> UnsafePointer<Int32> {
            UnsafePointer(try tables.copy(values.map(Int32.init), padded: 0))
        }
        return eseg_bilinear_axis(lower: try table(axis.lower), upper: try table(axis.upper), weights: try table(axis.weights))
    }
}
