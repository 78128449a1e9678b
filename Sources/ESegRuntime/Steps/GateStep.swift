import Glibc
import Kernels

/// A squeeze-excite by itself: it works in place, on a copy of its input.
struct GateStep: StepWork {
    let gate: eseg_gate_layer
    let input: eseg_s8_map
    let output: eseg_s8_map

    func run(_ call: StepCall) throws(RuntimeError) {
        var gate = gate, output = output
        let input = call.input(input)
        memcpy(output.data, input.data, Int(input.height) * Int(input.width) * input.stride)
        try call.require(eseg_s8_gate_run(call.kernels, &gate, &output), output)
    }
}

extension eseg_gate_layer: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        GateStep(gate: self, input: plan.map(plan.inputs(of: node)[0]), output: plan.map(node))
    }
}
