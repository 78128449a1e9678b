import ESegNetwork

extension FloatNetwork {
    /// For every node and channel of its output: the mean square of the weights with which convolutions read it, each convolution's in parts
    /// of their mean; sums and pooling pass it on to what reads them.
    func channelImportance() -> [[Double]] {
        var importance = graph.nodes.map { [Double](repeating: 1, count: $0.channels) }
        for group in graph.scalingGroups() where !group.readers.isEmpty {
            var sums = [Double](repeating: 0, count: group.places.count), isRead = sums.map { _ in false }
            for reader in group.readers {
                guard let classes = group.classes[graph.nodes[reader].inputs[0]] else { continue }
                let squares = squaredWeights(of: graph.nodes[reader], inputs: classes.count),
                    mean = squares.reduce(0, +) / Double(classes.count)
                guard mean > 0 else { continue }
                for (channel, number) in classes.enumerated() {
                    sums[number] += squares[channel] / mean
                    isRead[number] = true
                }
            }
            guard sums.contains(where: { $0 > 0 }) else { continue }
            for member in group.members { importance[member] = group.classes[member]?.map { isRead[$0] ? sums[$0] : 1 } ?? [] }
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
