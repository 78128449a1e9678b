import Kernels

/// A squeeze-excite in int16 arithmetic.
struct Int16GateStep: StepWork {
    var op: eseg_s16_gate_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_gate_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        eseg_s16_gate_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// The parameters of such a squeeze-excite.
struct Int16Gate: PackedLayer {
    let gate: eseg_gate_layer
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        Int16GateStep(
            op: eseg_s16_gate_op(
                gate: gate, in: plan.int16Map(plan.inputs(of: node)[0]), output: output, out: plan.int16Map(node)))
    }
}
