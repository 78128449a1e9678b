import ESegNetwork
import Kernels

/// A convolution, dense or depthwise, in int16 arithmetic. int16 nodes are never fused with others.
struct WideConvolutionStep: StepWork {
    var op: eseg_s16_conv_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s16_conv_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s16_conv_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// A weighted sum in int16 arithmetic.
struct WideSumStep: StepWork {
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

/// A squeeze-excite in int16 arithmetic.
struct WideGateStep: StepWork {
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

/// A max-pool of int16 codes.
struct WidePoolStep: StepWork {
    let input: eseg_s16_map
    let output: eseg_s16_map

    func run(_ call: StepCall) {
        var input = input, output = output
        eseg_s16_pool_run(call.kernels, &input, &output, call.threads)
    }
}

extension Plan {
    func int16Work(_ node: Int, _ layer: Int16Layer) throws(RuntimeError) -> any StepWork {
        let inputs = packed.graph.nodes[node].inputs, input = int16Map(inputs[0]), out = int16Map(node)
        switch layer.work {
        case .convolution(let convolution):
            return WideConvolutionStep(
                op: eseg_s16_conv_op(
                    layer: convolution, in: input, residual: inputs.count > 1 ? int16Map(inputs[1]) : eseg_s16_map(),
                    output: layer.output, out: out))
        case .gate(let gate): return WideGateStep(op: eseg_s16_gate_op(gate: gate, in: input, output: layer.output, out: out))
        case .maxPool: return WidePoolStep(input: input, output: out)
        case .resize:
            return ResizeStep(
                resize: try NearestResize(packed.graph.nodes[node], shapes, tables), input: input.data.map { UnsafeRawPointer($0) },
                output: out.data, pixelBytes: pixelBytes(node))
        case .sum(let multipliers): return WideSumStep(op: try int16Sum(node, multipliers, output: layer.output))
        }
    }

    private func int16Map(_ node: Int) -> eseg_s16_map {
        let shape = shapes[node], output = packed.outputs[node]
        return eseg_s16_map(
            data: map(node).data.map { UnsafeMutableRawPointer($0) }, bytes: output.precision == .int16 ? 2 : 1,
            height: Int32(shape.height), width: Int32(shape.width), channels: Int32(shape.channels), stride: packed.codeStride(node),
            zero_point: Int32(output.zeroPoint))
    }

    private func int16Sum(
        _ node: Int, _ multipliers: [UnsafePointer<Float>], output: eseg_s16_output
    ) throws(RuntimeError) -> eseg_s16_fusion_op {
        var op = eseg_s16_fusion_op()
        op.output = output
        op.out = int16Map(node)
        for (i, term) in terms(of: node).enumerated() {
            let columns = term.source.columns.map { Int32($0 * packed.codeStride(term.node)) }
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
