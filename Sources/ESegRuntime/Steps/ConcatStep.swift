import ESegNetwork
import Kernels

/// A concat by itself: one kernel call for each input, which copies its codes or rounds them to the output's.
struct ConcatStep: StepWork {
    enum Slice {
        case copied(eseg_concat_slice)
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
            case .rounded(var op): eseg_s16_concat_run(call.kernels, &op, call.threads, call.scratch)
            }
        }
    }
}

/// A concat's multipliers: of each input, one for each channel; nil where its codes are the output's.
struct PackedConcat: PackedLayer {
    let multipliers: [UnsafePointer<Float>?]
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let out = plan.int16Map(node)
        var slices: [ConcatStep.Slice] = []
        var first = 0
        for (input, multipliers) in zip(plan.inputs(of: node), multipliers) {
            let map = plan.int16Map(input), channels = Int(map.channels)
            if let multipliers {
                slices.append(
                    .rounded(eseg_s16_concat_op(in: map, multipliers: multipliers, output: output, out: out, first: Int32(first))))
            } else {
                let code = Int(out.bytes)
                slices.append(
                    .copied(
                        eseg_concat_slice(
                            in: map.data, in_stride: map.stride * code, out: out.data.map { $0 + first * code },
                            out_stride: out.stride * code, bytes: channels * code, pixels: plan.shapes[node].pixels)))
            }
            first += channels
        }
        return ConcatStep(slices: slices)
    }
}

extension PackedNetwork {
    func pack(_ parameters: QuantizedConcat, node: Node, output: Quantization) throws(RuntimeError) -> PackedConcat {
        var multipliers: [UnsafePointer<Float>?] = []
        for (input, multiplier) in zip(node.inputs, parameters.multipliers) {
            let channels = graph.nodes[input].channels
            let row = repeatElement(multiplier, count: channels)
            multipliers.append(outputs[input] == output ? nil : UnsafePointer(try pool.copy(row, padded: lanes(channels))))
        }
        return PackedConcat(multipliers: multipliers, output: int16Output(.none, output))
    }
}
