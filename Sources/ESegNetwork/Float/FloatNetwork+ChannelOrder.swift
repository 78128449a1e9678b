extension FloatNetwork {
    /// The network that computes the same from RGB pixels: where it takes BGR, the first layers' weights, mean and std change places.
    public var readingRGB: FloatNetwork {
        guard description.channelOrder == .bgr else { return self }
        var network = self
        network.description.channelOrder = .rgb
        network.description.mean.reverse()
        network.description.std.reverse()
        for node in graph.nodes where node.inputs.first == 0 {
            network.parameters[node.name + ".weight"]?.values.reverseTriples()
        }
        return network
    }
}

extension [Float] {
    /// Of weights [out, kh, kw, 3], the input's channels.
    fileprivate mutating func reverseTriples() {
        for first in stride(from: 0, to: count - 2, by: 3) { swapAt(first, first + 2) }
    }
}
