import ESegNetwork
import Kernels

/// A weighted sum in int16 arithmetic.
struct Int16SumStep: StepWork {
    var op: eseg_s16_fusion_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_fusion_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_fusion_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// Multipliers of each input's channels of such a sum.
struct Int16Fusion: PackedLayer {
    let multipliers: [UnsafePointer<Float>]
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        Int16SumStep(op: try plan.int16Sum(node, multipliers, output: output))
    }
}

extension Plan {
    fileprivate func int16Sum(
        _ node: Int, _ multipliers: [UnsafePointer<Float>], output: eseg_s16_output
    ) throws(RuntimeError) -> eseg_s16_fusion_op {
        var op = eseg_s16_fusion_op()
        op.output = output
        op.out = int16Map(node)
        for (i, term) in terms(of: node).enumerated() {
            let columns = term.source.columns.map { Int32($0 * codeStride(term.node)) }
            set(&op.maps, i, int16Map(term.node))
            set(&op.pooled, i, Int32(term.isPooled ? 1 : 0))
            set(&op.rows, i, Optional(UnsafePointer(try tables.copy(term.source.rows.map(Int32.init), padded: 0))))
            set(&op.columns, i, Optional(UnsafePointer(try tables.copy(columns, padded: 0))))
            set(&op.multipliers, i, Optional(multipliers[i]))
            op.inputs += 1
        }
        return op
    }
}
