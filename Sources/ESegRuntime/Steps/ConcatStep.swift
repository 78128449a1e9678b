import ESegNetwork
import Kernels

/// A concat by itself: one kernel call for each input, which copies its codes or rounds them to the output's.
struct ConcatStep: StepWork {
    enum Slice {
        case copied(eseg_concat_slice)
        /// From 8-bit codes to others.
        case rescaled(eseg_s8_affine_op)
        case rounded(eseg_s16_concat_op)
    }

    let slices: [Slice]

    func scratchBytes(threads: Int32) -> Int {
        slices.reduce(0) { bytes, slice in
            guard case .rounded(var op) = slice else { return bytes }
            return max(bytes, eseg_s16_concat_scratch_bytes(&op, threads))
        }
    }

    func run(_ call: StepCall) {
        for slice in slices {
            switch slice {
            case .copied(var slice): eseg_concat_copy(&slice, call.threads)
            case .rescaled(var op): eseg_s8_affine_run(call.kernels, &op, call.threads)
            case .rounded(var op): eseg_s16_concat_run(call.kernels, &op, call.threads, call.scratch)
            }
        }
    }
}

/// How a concat's inputs get its codes.
struct PackedConcat: PackedLayer {
    enum Input {
        /// They are its codes.
        case copied
        case rescaled(PackedAffine)
        /// Multipliers of each channel.
        case rounded(UnsafePointer<Float>)
    }

    let inputs: [Input]
    let output: eseg_s16_output

    /// Whether it reads maps whose pixels are further apart than their channels.
    var takesSlices: Bool { inputs.allSatisfy { if case .rounded = $0 { false } else { true } } }

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let out = plan.int16Map(node)
        var slices: [ConcatStep.Slice] = []
        var first = 0
        for (index, input) in zip(plan.inputs(of: node), inputs) {
            let map = plan.int16Map(index), channels = Int(map.channels)
            defer { first += channels }
            if plan.isSlice(index, of: node, at: first) { continue }
            switch input {
            case .rounded(let multipliers):
                slices.append(
                    .rounded(eseg_s16_concat_op(in: map, multipliers: multipliers, output: output, out: out, first: Int32(first))))
            case .rescaled(let affine):
                var slice = plan.map(node)
                (slice.data, slice.channels) = (slice.data.map { $0 + first }, map.channels)
                slices.append(
                    .rescaled(eseg_s8_affine_op(weights: affine.weights, scaling: affine.scaling, in: plan.map(index), out: slice)))
            case .copied:
                let code = Int(out.bytes)
                slices.append(
                    .copied(
                        eseg_concat_slice(
                            in: map.data, in_stride: map.stride * code, out: out.data.map { $0 + first * code },
                            out_stride: out.stride * code, bytes: channels * code, pixels: plan.shapes[node].pixels)))
            }
        }
        return ConcatStep(slices: slices)
    }
}

extension PackedNetwork {
    func pack(_ parameters: QuantizedConcat, node: Node, output: Quantization) throws(RuntimeError) -> PackedConcat {
        var inputs: [PackedConcat.Input] = []
        for (input, multiplier) in zip(node.inputs, parameters.multipliers) {
            inputs.append(try packed(input, multiplier, output: output))
        }
        return PackedConcat(inputs: inputs, output: int16Output(.none, output))
    }

    private func packed(_ input: Int, _ multiplier: Float, output: Quantization) throws(RuntimeError) -> PackedConcat.Input {
        let codes = outputs[input], channels = graph.nodes[input].channels, count = lanes(channels)
        if codes == output { return .copied }
        let multipliers = UnsafePointer(try pool.copy(repeatElement(multiplier, count: channels), padded: count))
        guard codes.precision == .uint8, output.precision == .uint8 else { return .rounded(multipliers) }
        let scaling = eseg_s8_scaling(
            bias: try pool.copy(repeatElement(-Int32(codes.zeroPoint), count: channels), padded: count), multiplier: multipliers,
            curve: nil,
            slope: nil, zero_point: Int32(output.zeroPoint))
        return .rescaled(PackedAffine(weights: try pool.copy(repeatElement(1, count: channels), padded: count), scaling: scaling))
    }
}
