/// Which layers 8 bits hurt, and how much.
public struct Analysis: Sendable, Equatable {
    /// In the network's order.
    public let layers: [LayerDamage]
    /// In percent, where frames have labels.
    public let floatMeanIoU: Double?

    /// By what each does alone, the worst first.
    public var ranking: [LayerDamage] { layers.sorted { ($0.noise, $1.node) > ($1.noise, $0.node) } }

    /// Names of the layers whose outputs' 8 bits hurt so much that `Effort.best` makes them int16, the worst first: by themselves they leave the
    /// logits less than 36 dB. Networks that ReLU6 bounds have none; where channels differ in scale before a SiLU there are some.
    public var needsInt16: [String] {
        ranking.filter { $0.output.map { $0.logits.decibels < 36 } ?? false }.map(\.name)
    }

    /// What all layers do together.
    public var all: Damage { layers.last?.cumulative ?? Damage() }

    /// The noise of layers that share a property, relative to the logits' signal, the most first.
    public func noise<Key: Hashable>(by key: (LayerDamage) -> Key) -> [(key: Key, weights: Double, outputs: Double)] {
        Dictionary(grouping: layers, by: key)
            .map { (key: $0, weights: $1.reduce(0) { $0 + $1.weightNoise }, outputs: $1.reduce(0) { $0 + $1.outputNoise }) }
            .sorted { ($0.weights + $0.outputs) > ($1.weights + $1.outputs) }
    }
}
