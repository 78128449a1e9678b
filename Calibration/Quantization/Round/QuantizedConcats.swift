import ESegNetwork

extension NetworkQuantization {
    func concat(_ node: Node, _ index: Int) -> (Quantization, QuantizedLayer) {
        let inputs = node.inputs.map { outputs[$0] }
        let reach = zip(inputs, inputs.map(\.precision.reach)).reduce(0) { max($0, $1.0.step * $1.1) }
        let output = output(of: index, .none, stepAtLeast: reach / Double(1 << 28))
        return (output, .concat(QuantizedConcat(multipliers: inputs.map { $0 == output ? 1 : Float($0.step / output.step) })))
    }
}

extension Graph {
    /// The nodes whose codes are one range's, each by the least index of its set: concats, and inputs that nothing else reads.
    ///
    /// Codes are then copied into the concat, and not rounded twice. All inputs of such a concat end in one activation: a ReLU is the
    /// saturation at code 0, which must be zero then for all of them.
    func concatSets(hasInt16Codes: (Int) -> Bool) -> [Int: [Int]] {
        let readers = readers
        var root = Array(nodes.indices)
        for (index, node) in nodes.enumerated() {
            guard case .concat = node.operation, !hasInt16Codes(index) else { continue }
            let sources = node.inputs.map { root[$0] }
            let activation = nodes[sources[0]].operation.outputActivation
            let share = zip(node.inputs, sources).allSatisfy { input, source in
                readers[input].allSatisfy { $0 == index } && nodes[input].operation.codes == .own && !hasInt16Codes(input)
                    && nodes[source].operation.outputActivation == activation
            }
            guard share, let first = sources.min() else { continue }
            root[index] = first
            for member in nodes.indices where sources.contains(root[member]) { root[member] = first }
        }
        return Dictionary(grouping: nodes.indices, by: { root[$0] }).filter { $0.value.count > 1 }
    }
}
