import ESegNetwork

/// High-bias absorption (Nagel et al., arXiv 1906.04721): what a channel exceeds on every frame moves into the biases of what reads it, and
/// 8 bits hold the rest more finely.
///
/// It takes a ReLU or no activation, and readers without padding: only a 1×1 convolution reads no zeros from outside the map.
struct BiasAbsorption {
    /// Computes the same as the original.
    private(set) var network: FloatNetwork
    /// What is taken from the channels of each node's output; empty where nothing is.
    private(set) var offsets: [[Float]]

    /// - least: of each channel of each node's output.
    init(_ original: FloatNetwork, least: [[Float]]) {
        network = original
        offsets = original.graph.nodes.map { _ in [] }
        for group in original.graph.scalingGroups() where group.members.count == 1 && group.obstacles.allSatisfy({ $0 == nil }) {
            let node = group.members[0]
            guard original.graph.nodes[node].operation.activation == .relu else { continue }
            guard group.readers.allSatisfy({ original.graph.nodes[$0].isPointwise }) else { continue }
            let excess = least[node].map { $0.isFinite ? max(0, $0) : 0 }
            if excess.contains(where: { $0 > 0 }) { absorb(excess, from: node, into: group.readers) }
        }
    }

    private mutating func absorb(_ excess: [Float], from node: Int, into readers: [Int]) {
        offsets[node] = excess
        let bias = network.graph.nodes[node].name + ".bias"
        guard var tensor = network.parameters[bias] else { return }
        for channel in tensor.values.indices { tensor.values[channel] -= excess[channel] }
        network.parameters[bias] = tensor
        for reader in readers { add(excess, to: network.graph.nodes[reader].name) }
    }

    /// bias += weights · excess.
    private mutating func add(_ excess: [Float], to name: String) {
        guard let weights = network.parameters[name + ".weight"]?.values, var bias = network.parameters[name + ".bias"] else { return }
        for channel in bias.values.indices {
            let row = weights[channel * excess.count..<(channel + 1) * excess.count]
            bias.values[channel] = Float(zip(row, excess).reduce(Double(bias.values[channel])) { $0 + Double($1.0) * Double($1.1) })
        }
        network.parameters[name + ".bias"] = bias
    }
}

extension Node {
    fileprivate var isPointwise: Bool { if case .convolution(let layer) = operation { layer.slides.taps == 1 } else { false } }
}
