import ESegNetwork
import Quantization

/// Float's values at each node, in the scaling of the int8 network, and how many of them its codes cannot say; streaming over frames.
public struct LayerDistributions: Sendable {
    private let outputs: [Quantization]
    private let scalings: [ChannelScaling]
    private var layers: [LayerDistribution]

    public init(of network: QuantizedNetwork) {
        (outputs, scalings) = (network.outputs, network.channelScalings)
        layers = network.outputs.map { LayerDistribution(codes: $0) }
    }

    /// Counts values of a node, [pixels][channels]; none if one of them is not finite.
    public mutating func add(_ node: Int, _ values: UnsafeBufferPointer<Float>, threads: Int = 1) {
        guard layers.indices.contains(node), scalings.indices.contains(node) else { return }
        let scaling = scalings[node]
        guard !scaling.isIdentity else { return layers[node].add(values, threads: threads) }
        var scaled = Array(values)
        scaling.apply(&scaled)
        scaled.withUnsafeBufferPointer { layers[node].add($0, threads: threads) }
    }

    /// nil where nothing was counted.
    subscript(node: Int) -> LayerDistribution? {
        layers.indices.contains(node) && layers[node].count > 0 ? layers[node] : nil
    }
}

/// A layer's values and the range of its codes.
struct LayerDistribution: Sendable, Equatable {
    let codes: Quantization
    private(set) var histogram = Histogram()
    private(set) var count = 0
    /// Values that lie beyond the range by more than rounding.
    private(set) var clippedBelow = 0
    private(set) var clippedAbove = 0

    init(codes: Quantization) { self.codes = codes }

    /// The real numbers that the least and the greatest code stand for.
    var range: ClosedRange<Double> {
        let scale = Double(codes.scale)
        switch codes.precision {
        case .uint8: return -scale * Double(codes.zeroPoint)...scale * Double(255 - Int(codes.zeroPoint))
        case .int16: return -scale * 32768...scale * 32767
        }
    }

    /// The share of all values that are clipped, in percent.
    var percentBelow: Double { percent(clippedBelow) }
    var percentAbove: Double { percent(clippedAbove) }

    mutating func add(_ values: UnsafeBufferPointer<Float>, threads: Int = 1) {
        guard histogram.add(values, threads: threads) else { return }
        let least = Float(range.lowerBound) - codes.scale / 2, greatest = Float(range.upperBound) + codes.scale / 2
        var below = 0, above = 0
        for value in values {
            below += value < least ? 1 : 0
            above += value > greatest ? 1 : 0
        }
        clippedBelow += below
        clippedAbove += above
        count += values.count
    }

    private func percent(_ part: Int) -> Double { count > 0 ? 100 * Double(part) / Double(count) : 0 }
}

extension ChannelScaling {
    /// Makes [pixels][channels] of the float network's values those of the node.
    fileprivate func apply(_ values: inout [Float]) {
        guard !factors.isEmpty, factors.count == offsets.count else { return }
        for index in values.indices {
            let channel = index % factors.count
            values[index] = (values[index] - offsets[channel]) * factors[channel]
        }
    }
}
