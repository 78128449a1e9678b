/// Which layers 8 bits hurt, and how much.
public struct Analysis: Sendable, Equatable {
    /// The layers in the network's order.
    public let layers: [LayerDamage]
    /// The float network's mIoU in percent, where frames have labels.
    public let floatMeanIoU: Double?

    /// The layers by what each does alone, the worst first.
    public var ranking: [LayerDamage] { layers.sorted { ($0.noise, $1.node) > ($1.noise, $0.node) } }

    /// Names of the layers whose outputs an effort makes int16 (`Technique.mixedPrecision`), the worst first.
    ///
    /// `default`: those that 8 bits ruin, which by themselves leave the logits less than 28 dB; where ReLU6 bounds channels, there are none.
    /// `best`: also those that stand out, each making more than a tenth of the noise that the ones before it leave.
    public func needsInt16(_ effort: Effort) -> [String] {
        let outputs = layers.filter { $0.output != nil }.sorted { ($0.outputNoise, $1.node) > ($1.outputNoise, $0.node) }
        guard effort != .fast else { return [] }
        var left = layers.reduce(0) { $0 + $1.noise }
        return outputs.prefix { layer in
            defer { left -= layer.outputNoise }
            return layer.outputNoise > Analysis.ruin || effort == .best && layer.outputNoise > left / 10
        }.map(\.name)
    }

    /// Noise at −28 dB.
    private static let ruin = 1.585e-3

    /// What all layers do together.
    public var all: Damage { layers.last?.cumulative ?? Damage() }

    /// The noise of layers that share a property, relative to the logits' signal, the most first.
    public func noise<Key: Hashable>(by key: (LayerDamage) -> Key) -> [(key: Key, weights: Double, outputs: Double)] {
        Dictionary(grouping: layers, by: key)
            .map { (key: $0, weights: $1.reduce(0) { $0 + $1.weightNoise }, outputs: $1.reduce(0) { $0 + $1.outputNoise }) }
            .sorted { ($0.weights + $0.outputs) > ($1.weights + $1.outputs) }
    }
}
