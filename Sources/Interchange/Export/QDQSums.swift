import ESegNetwork

extension QDQExport {
    mutating func weightedSum(_ index: Int) throws(NetworkError) -> String {
        let weights = try weights(ofSum: index), curve = network.layers[index].curve
        if let levels = network.graph.pyramidLevels(of: index), network.graph.nodes[index].inputs.dropFirst().allSatisfy({ absorbed[$0] }) {
            return quantized(try pyramidSum(levels, weights, index), index)
        }
        let node = network.graph.nodes[index]
        var sum: String?
        for (i, input) in node.inputs.enumerated() {
            let product = writer.node("Mul", [term(input), weights[i]], "\(node.name)/product.\(i)")
            sum = sum.map { writer.node("Add", [$0, product], "\(node.name)/sum.\(i)") } ?? product
        }
        guard let sum else { throw error(node, "inputs", "none", "two or more") }
        return quantized(sum, curve: curve, index)
    }

    /// The values of a sum's term; a resize or max-pool that the sum does while it reads is not rounded.
    private mutating func term(_ input: Int) -> String {
        guard absorbed[input] else { return outputs[input] }
        let node = network.graph.nodes[input], values = outputs[node.inputs[0]]
        if case .maxPool(let pool) = node.operation { return maxPool(values, pool.slides, node.name) }
        guard case .resize(let resize) = node.operation else { return values }
        return resized(values, resize, node)
    }

    /// Adds from the coarsest level down, each sum brought to the next level's size.
    private mutating func pyramidSum(_ levels: [Int], _ weights: [String], _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index]
        var sum: String?
        for (i, level) in levels.enumerated().reversed() {
            let product = writer.node("Mul", [outputs[level], weights[i]], "\(node.name)/product.\(i)")
            guard let coarser = sum else {
                sum = product
                continue
            }
            sum = writer.node("Add", [product, resized(coarser, toSizeOf: level, "\(node.name)/up.\(i)")], "\(node.name)/sum.\(i)")
        }
        guard let sum else { throw error(node, "inputs", "none", "two or more") }
        return sum
    }

    /// What each input's multipliers are worth: [1, channels, 1, 1], or a scalar where all channels have the same.
    private mutating func weights(ofSum index: Int) throws(NetworkError) -> [String] {
        let node = network.graph.nodes[index]
        var names: [String] = []
        for (input, weights) in network.weightsOfSum(index).enumerated() {
            let values = weights.map { Float($0) }
            guard values.allSatisfy(\.isFinite) else {
                throw error(node, "input \(input)", "an infinite weight", "one that float32 can hold")
            }
            let name = "\(node.name)/weight.\(input)"
            if let first = values.first, values.allSatisfy({ $0 == first }) {
                names.append(writer.scalar(name, first))
            } else {
                names.append(writer.constant(name, values, shape: [1, values.count, 1, 1]))
            }
        }
        return names
    }
}
