import ESegNetwork

extension FloatNetwork {
    /// For every node and channel of its output: the mean square of the weights with which convolutions read it, each convolution's in parts
    /// of their mean; sums and pooling pass it on to what reads them.
    func channelImportance() -> [[Double]] {
        var importance = graph.nodes.map { [Double](repeating: 1, count: $0.channels) }
        for group in graph.scalingGroups() where !group.readers.isEmpty {
            var sums = [Double](repeating: 0, count: graph.nodes[group.members[0]].channels)
            for reader in group.readers {
                let squares = squaredWeights(of: graph.nodes[reader], inputs: sums.count), mean = squares.reduce(0, +) / Double(sums.count)
                guard mean > 0 else { continue }
                for channel in sums.indices { sums[channel] += squares[channel] / mean }
            }
            guard sums.contains(where: { $0 > 0 }) else { continue }
            for member in group.members { importance[member] = sums }
        }
        return importance
    }

    private func squaredWeights(of node: Node, inputs: Int) -> [Double] {
        var squares = [Double](repeating: 0, count: inputs)
        guard let weights = parameters[node.name + ".weight"]?.values else { return squares }
        if node.operation.isDepthwise {
            for (index, weight) in weights.enumerated() { squares[index * inputs / weights.count] += Double(weight * weight) }
        } else {
            for (index, weight) in weights.enumerated() { squares[index % inputs] += Double(weight * weight) }
        }
        return squares
    }
}
