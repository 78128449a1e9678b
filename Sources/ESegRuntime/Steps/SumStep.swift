import ESegNetwork
import Kernels

/// A weighted sum by itself.
struct SumStep: StepWork {
    let sum: eseg_s8_fusion_op
    let output: eseg_s8_map

    func scratchBytes(threads: Int32) -> Int {
        var sum = sum
        return eseg_s8_fusion_scratch_bytes(&sum, threads)
    }

    func run(_ call: StepCall) {
        var sum = sum, output = output
        eseg_s8_fusion_run(call.kernels, &sum, &output, call.threads, call.scratch)
    }
}

/// A sum's multipliers of each input's channels, and what all share.
struct PackedSum: PackedLayer {
    var multipliers: [UnsafePointer<Int32>]
    var bias: UnsafePointer<Int32>
    var shift: Int
    var curve: UnsafePointer<eseg_s8_curve>?

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        SumStep(sum: try plan.sum(node, self), output: plan.map(node))
    }
}

/// What a term of a weighted sum reads: a map, and which of its rows and columns; or its max-pool, one pixel for each of the sum's.
struct SumTerm {
    /// The node whose map is read.
    var node: Int
    var source: NearestSource
    var isPooled = false
}

extension Plan {
    func sum(_ node: Int, _ parameters: PackedSum) throws(RuntimeError) -> eseg_s8_fusion_op {
        let inputs = packed.graph.nodes[node].inputs, shape = shapes[node]
        guard inputs.count <= Int(ESEG_MAX_FUSED) else {
            throw .unsupported(
                node: packed.graph.nodes[node].name, reason: "found \(inputs.count) inputs, expected at most \(ESEG_MAX_FUSED)")
        }
        let levels = levels(of: node)
        var fusion = eseg_s8_fusion_op()
        fusion.inputs = Int32(inputs.count)
        fusion.height = Int32(shape.height)
        fusion.width = Int32(shape.width)
        fusion.channels = Int32(shape.channels)
        fusion.bias = parameters.bias
        fusion.shift = Int32(parameters.shift)
        fusion.curve = parameters.curve
        fusion.zero_point = Int32(packed.outputs[node].zeroPoint)
        fusion.chained = levels == nil ? 0 : 1
        for (i, term) in (levels.map(chainedTerms) ?? terms(of: node)).enumerated() {
            let columns = term.source.columns.map { Int32($0 * codeStride(term.node)) }
            set(&fusion.maps, i, map(term.node))
            set(&fusion.pooled, i, Int32(term.isPooled ? 1 : 0))
            set(&fusion.rows, i, Optional(UnsafePointer(try tables.copy(term.source.rows.map(Int32.init), padded: 0))))
            set(&fusion.columns, i, Optional(UnsafePointer(try tables.copy(columns, padded: 0))))
            set(&fusion.multipliers, i, Optional(parameters.multipliers[i]))
        }
        return fusion
    }

    /// The terms of a sum; what is absorbed is read through.
    func terms(of node: Int) -> [SumTerm] {
        packed.graph.nodes[node].inputs.map { input in
            let term = packed.graph.nodes[input]
            guard absorbed[input] else { return SumTerm(node: input, source: NearestSource(through: [shapes[input]])) }
            if case .maxPool = term.operation {
                return SumTerm(node: term.inputs[0], source: NearestSource(through: [shapes[input]]), isPooled: true)
            }
            return SumTerm(node: term.inputs[0], source: NearestSource(through: term.inputs.map { shapes[$0] }))
        }
    }

    /// The levels of a pyramid sum whose resizes are absorbed, finest first; nil for other sums.
    private func levels(of node: Int) -> [Int]? {
        guard packed.graph.nodes[node].inputs.dropFirst().allSatisfy({ absorbed[$0] }) else { return nil }
        return packed.graph.pyramidLevels(of: node)
    }

    /// Each level's rows and columns for those of the next finer one, as sums that are chained read them.
    private func chainedTerms(_ levels: [Int]) -> [SumTerm] {
        levels.indices.map { i in
            SumTerm(node: levels[i], source: NearestSource(through: [shapes[levels[i]], shapes[levels[max(i, 1) - 1]]]))
        }
    }
}
