import ESegNetwork

extension NetworkQuantization {
    func concat(_ node: Node, _ index: Int) -> (Quantization, QuantizedLayer) {
        let inputs = node.inputs.map { outputs[$0] }
        let reach = zip(inputs, inputs.map(\.precision.reach)).reduce(0) { max($0, $1.0.step * $1.1) }
        let output = output(of: index, .none, stepAtLeast: reach / Double(1 << 28))
        return (output, .concat(QuantizedConcat(multipliers: inputs.map { $0 == output ? 1 : output.multiplier(from: $0.step) })))
    }
}

extension Graph {
    /// The nodes whose codes are one range's, each by the least index of its set: concats, and those of their inputs that nothing else reads or
    /// whose own ranges are about as large.
    ///
    /// Codes are then copied into the concat, and not rounded twice. A ReLU is the saturation at code 0, which must be zero then: where not all
    /// inputs of a concat end in one activation, those that end in a ReLU keep their own codes.
    ///
    /// - Parameter fits: whether a node that others read too has about the range of a set.
    func concatSets(hasInt16Codes: (Int) -> Bool, fits: (Int, [Int]) -> Bool) -> [Int: [Int]] {
        let readers = readers
        var root = Array(nodes.indices)
        for (index, node) in nodes.enumerated() {
            guard case .concat = node.operation, !hasInt16Codes(index) else { continue }
            let sources = Set(node.inputs.map { root[$0] }), together = nodes.indices.filter { sources.contains(root[$0]) }
            let activations = sources.map { nodes[$0].operation.outputActivation }
            let isUniform = activations.allSatisfy { $0 == activations.first }
            let joining = node.inputs.filter { input in
                (readers[input].allSatisfy { $0 == index } || fits(input, together)) && nodes[input].operation.codes == .own
                    && !hasInt16Codes(input) && (isUniform || !nodes[root[input]].operation.outputActivation.isRectifying)
            }
            let joined = Set(joining.map { root[$0] })
            guard let first = joined.min() else { continue }
            root[index] = first
            for member in nodes.indices where joined.contains(root[member]) { root[member] = first }
        }
        return Dictionary(grouping: nodes.indices, by: { root[$0] }).filter { $0.value.count > 1 }
    }
}

extension Activation {
    fileprivate var isRectifying: Bool { self == .relu || self == .relu6 }
}
