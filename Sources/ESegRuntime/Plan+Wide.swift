import ESegNetwork
import Kernels

/// A kernel call for a wide node, which is never fused with others.
enum WideWork {
    case convolution(eseg_wide_conv_op)
    case sum(eseg_wide_sum_op)
    case gate(eseg_wide_gate_op)
    case pool(in: eseg_wide_map, out: eseg_wide_map)
    case resize(NearestResize, in: eseg_wide_map, out: eseg_wide_map)

    func scratchBytes(threads: Int32) -> Int {
        switch self {
        case .convolution(var op): eseg_wide_conv_scratch(&op, threads)
        case .sum(var op): eseg_wide_sum_scratch(&op, threads)
        case .gate(var op): eseg_wide_gate_scratch(&op, threads)
        case .pool, .resize: 0
        }
    }

    /// - pixels: the image, which is not in the arena; it is only read.
    func run(
        _ kernels: UnsafePointer<eseg_wide_kernels>, pixels: UnsafePointer<UInt8>, threads: Int32, scratch: UnsafeMutablePointer<UInt8>?
    ) {
        switch self {
        case .convolution(var op):
            if op.in.data == nil { op.in.data = UnsafeMutableRawPointer(mutating: pixels) }
            eseg_run_wide_conv(kernels, &op, threads, scratch)
        case .sum(var op): eseg_run_wide_sum(kernels, &op, threads, scratch)
        case .gate(var op): eseg_run_wide_gate(kernels, &op, threads, scratch)
        case .pool(var input, var output): eseg_run_wide_pool(kernels, &input, &output, threads)
        case .resize(let resize, let input, let output):
            guard let from = input.data, let to = output.data else { return }
            resize.run(from, to, pixelBytes: input.stride * Int(input.bytes), threads: threads)
        }
    }
}

extension Plan {
    func wideWork(_ node: Int, _ layer: WideLayer) throws(RuntimeError) -> WideWork {
        let inputs = packed.graph.nodes[node].inputs, input = wideMap(inputs[0]), out = wideMap(node)
        switch layer.work {
        case .convolution(let convolution):
            return .convolution(
                eseg_wide_conv_op(
                    layer: convolution, in: input, residual: inputs.count > 1 ? wideMap(inputs[1]) : eseg_wide_map(),
                    output: layer.output, out: out))
        case .gate(let gate): return .gate(eseg_wide_gate_op(gate: gate, in: input, output: layer.output, out: out))
        case .maxPool: return .pool(in: input, out: out)
        case .resize: return .resize(try NearestResize(packed.graph.nodes[node], shapes, tables), in: input, out: out)
        case .sum(let multipliers): return .sum(try wideSum(node, multipliers, output: layer.output))
        }
    }

    private func wideMap(_ node: Int) -> eseg_wide_map {
        let shape = shapes[node], output = packed.outputs[node]
        return eseg_wide_map(
            data: map(node).data.map { UnsafeMutableRawPointer($0) }, bytes: output.precision == .int16 ? 2 : 1,
            height: Int32(shape.height), width: Int32(shape.width), channels: Int32(shape.channels), stride: packed.codeStride(node),
            zero_point: Int32(output.zeroPoint))
    }

    private func wideSum(
        _ node: Int, _ multipliers: [UnsafePointer<Float>], output: eseg_wide_output
    ) throws(RuntimeError) -> eseg_wide_sum_op {
        var op = eseg_wide_sum_op()
        op.output = output
        op.out = wideMap(node)
        for (i, term) in terms(of: node).enumerated() {
            let columns = term.source.columns.map { Int32($0 * packed.codeStride(term.node)) }
            set(&op.maps, i, wideMap(term.node))
            set(&op.pooled, i, Int32(term.isPooled ? 1 : 0))
            set(&op.rows, i, Optional(UnsafePointer(try tables.copy(term.source.rows.map(Int32.init), padded: 0))))
            set(&op.columns, i, Optional(UnsafePointer(try tables.copy(columns, padded: 0))))
            set(&op.multipliers, i, Optional(multipliers[i]))
            op.inputs += 1
        }
        return op
    }
}
