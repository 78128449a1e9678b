import ESegNetwork
import ESegRuntime

/// A float network made ready for 8 bits: it computes the same as the original, with channels that 8 bits hold better.
public struct PreparedNetwork: Sendable {
    public let network: FloatNetwork
    /// How each node's output differs from the original's.
    public let scalings: [ChannelScaling]
    /// What could not be equalized, and why.
    public let skipped: [EqualizationSkip]

    /// Gathers the network's gates, equalizes it and absorbs high biases, as far as the options' techniques say, by what its channels do on some frames.
    ///
    /// Throws `CalibrationError` for activations that are not finite, and what `FloatExecutor` throws.
    public init(
        _ given: FloatNetwork, frames: FittingFrames, options: QuantizationOptions = QuantizationOptions(), isa: ISA = .best,
        threads: Int
    ) throws {
        let techniques = options.techniques, original = given.gatheringGates()
        var (network, scalings) = (original, original.graph.nodes.map { ChannelScaling(channels: $0.channels) })
        var skipped: [EqualizationSkip] = []
        if techniques.contains(.equalization) || techniques.contains(.absorption) {
            let ranges = try ChannelRanges(original, frames, isa: isa, threads: threads)
            if techniques.contains(.equalization) {
                let equalization = Equalization(original, ranges)
                (network, skipped) = (equalization.network, equalization.skipped)
                for (node, factors) in equalization.factors.enumerated() where !factors.isEmpty { scalings[node].factors = factors }
            }
            if techniques.contains(.absorption) {
                let least = zip(ranges.lower, scalings).map { zip($0, $1.factors).map { $0 * $1 } }
                let absorption = BiasAbsorption(network, least: least)
                network = absorption.network
                for (node, offsets) in absorption.offsets.enumerated() where !offsets.isEmpty {
                    scalings[node].offsets = zip(offsets, scalings[node].factors).map { $0 / $1 }
                }
            }
        }
        (self.network, self.scalings, self.skipped) = (network, scalings, skipped)
    }
}
