import Glibc
import Kernels

/// A squeeze-excite by itself: it works in place, on a copy of its input.
struct GateStep: StepWork {
    let gate: eseg_gate_layer
    let input: eseg_s8_map
    let output: eseg_s8_map

    func scratchBytes(threads: Int32) -> Int {
        var gate = gate
        return eseg_s8_gate_scratch_bytes(&gate)
    }

    func run(_ call: StepCall) {
        var gate = gate, output = output
        let input = call.input(input)
        memcpy(output.data, input.data, Int(input.height) * Int(input.width) * input.stride)
        eseg_s8_gate_run(call.kernels, &gate, &output, call.scratch)
    }
}

extension eseg_gate_layer: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        GateStep(gate: self, input: plan.map(plan.inputs(of: node)[0]), output: plan.map(node))
    }
}
