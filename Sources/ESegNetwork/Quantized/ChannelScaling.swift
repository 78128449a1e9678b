/// How the channels of a node's output differ from the float network's: the float network's value is value / factor + offset.
///
/// Equalization makes them differ, without a change to what the network computes. Only comparing layer by layer needs to know.
public struct ChannelScaling: Sendable, Equatable {
    /// One for each channel, finite and greater than zero.
    public var factors: [Float]
    /// One for each channel, finite.
    public var offsets: [Float]

    public init(factors: [Float], offsets: [Float]) {
        self.factors = factors
        self.offsets = offsets
    }

    /// No difference.
    public init(channels: Int) {
        self.init(factors: Array(repeating: 1, count: channels), offsets: Array(repeating: 0, count: channels))
    }

    /// Whether there is none.
    public var isIdentity: Bool { factors.allSatisfy { $0 == 1 } && offsets.allSatisfy { $0 == 0 } }

    /// Makes [pixels][channels] of a node's values those of the float network.
    public func undo(_ values: inout [Float]) {
        guard !isIdentity else { return }
        for index in values.indices { values[index] = values[index] / factors[index % factors.count] + offsets[index % factors.count] }
    }
}
