/// What 8 bits do to a network's output.
public struct Damage: Sendable, Equatable {
    /// The logits' signal-to-noise ratio against the float network's.
    public var logits = SignalToNoise()
    public var flipped = 0
    public var pixels = 0
    /// Counts by class, where frames have labels.
    public var confusion: ConfusionMatrix?

    /// Pixels whose class changes, in percent.
    public var flips: Double { pixels > 0 ? 100 * Double(flipped) / Double(pixels) : 0 }
    /// mIoU in percent.
    public var meanIoU: Double? { confusion?.meanIoU.map { 100 * $0 } }
}

/// What one layer's 8 bits do while the rest of the network is float.
public struct LayerDamage: Sendable, Equatable {
    /// Index in the graph.
    public let node: Int
    public let name: String
    /// Such as "depthwise5x5".
    public let kind: String
    /// The level of the layer's output: its pixels are 2^level of the image's apart.
    public let level: Int
    /// The damage by its weights alone; nil where it has none.
    public let weights: Damage?
    /// The damage by its output's codes alone.
    public let output: Damage?
    /// The damage by all layers up to this one, weights and outputs.
    public let cumulative: Damage
    /// The greatest magnitude of each channel of the float output.
    public let channelRanges: [Float]

    /// How many times the largest channel's range is the median one's, of those that are not always zero.
    public var channelSpread: Double {
        let alive = channelRanges.filter { $0 > 0 }.sorted()
        guard let greatest = alive.last else { return 1 }
        return Double(greatest / alive[alive.count / 2])
    }

    /// Noise at the logits, relative to the signal.
    public var weightNoise: Double { weights?.logits.noiseToSignal ?? 0 }
    public var outputNoise: Double { output?.logits.noiseToSignal ?? 0 }
    public var noise: Double { weightNoise + outputNoise }
}
