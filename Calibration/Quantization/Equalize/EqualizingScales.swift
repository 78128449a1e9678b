import ESegNetwork

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The factors of a group's channels.
struct EqualizingScales {
    private(set) var factors: [Float]
    /// Channels that ReLU6 clips.
    private(set) var clipped: [Int] = []

    init(_ group: ScalingGroup, _ network: FloatNetwork, _ ranges: ChannelRanges) {
        let channels = network.graph.nodes[group.members[0]].channels
        let weights = EqualizingScales.weightShares(group, network, channels: channels)
        let reaches = EqualizingScales.reaches(group, network, ranges, channels: channels), farthest = reaches.max() ?? 0
        let bounded = group.members.filter { network.graph.nodes[$0].operation.activation == .relu6 }
        var wanted: [Double?] = []
        for channel in 0..<channels {
            let peak = bounded.map { ranges.plausibleMagnitude($0, channel, reach: reaches[channel]) }.max() ?? 0
            if peak >= EqualizingScales.clip { clipped.append(channel) }
            let share = EqualizingScales.rangeShare(group, ranges, channel, reach: reaches[channel])
            guard share > 0, weights[channel] > 0, peak < EqualizingScales.clip else {
                wanted.append(nil)
                continue
            }
            let ideal = group.readersAreDepthwise(network.graph) ? 1 / share : EqualizingScales.compromise(weights[channel], share)
            let most = peak > 0 ? EqualizingScales.clip / (peak * EqualizingScales.headroom) : .infinity
            let plausible = reaches[channel] > 0 ? EqualizingScales.excess * farthest / reaches[channel] : .infinity
            wanted.append(min(max(ideal, EqualizingScales.least), EqualizingScales.greatest, max(1, most), max(1, plausible)))
        }
        factors = wanted.map { Float($0 ?? 1) }
    }

    /// How much of a compromise with dense readers goes to the activations' ranges; a half would treat weights alike, but rounding them together
    /// makes up for part of what their ranges cost.
    private static let rangesWeight = 0.6

    private static func compromise(_ weightShare: Double, _ rangeShare: Double) -> Double {
        pow(weightShare, 1 - rangesWeight) / pow(rangeShare, rangesWeight)
    }

    private static let clip = 6.0
    /// Left below ReLU6's bound for values that the frames did not show.
    private static let headroom = 1.125
    private static let least = 0x1p-16, greatest = 0x1p16
    /// How many times as far as the farthest channel another may reach once it is multiplied. A channel that the frames hardly excite is not
    /// one of small scale: it could yet do as much as others.
    private static let excess = 8.0

    /// The greatest part of a member's range that the channel uses.
    private static func rangeShare(_ group: ScalingGroup, _ ranges: ChannelRanges, _ channel: Int, reach: Double) -> Double {
        group.members.map { member in
            let all = ranges.magnitude(member)
            return all > 0 ? min(1, ranges.plausibleMagnitude(member, channel, reach: reach) / all) : 0
        }.max() ?? 0
    }

    /// For each channel, the greatest magnitude that the group's convolutions could give of inputs as large as any.
    private static func reaches(_ group: ScalingGroup, _ network: FloatNetwork, _ ranges: ChannelRanges, channels: Int) -> [Double] {
        var reaches = [Double](repeating: 0, count: channels)
        for member in group.members {
            let node = network.graph.nodes[member]
            guard node.operation.taps > 0, let weights = network.parameters[node.name + ".weight"]?.values,
                let bias = network.parameters[node.name + ".bias"]?.values, bias.count == channels
            else { continue }
            let input = node.inputs[0], inputs = network.graph.nodes[input].channels, row = weights.count / channels
            let magnitudes = (0..<inputs).map { ranges.magnitude(input, $0) }
            for channel in 0..<channels {
                var reach = Double(abs(bias[channel]))
                for tap in 0..<row {
                    reach += Double(abs(weights[channel * row + tap])) * magnitudes[node.operation.isDepthwise ? channel : tap % inputs]
                }
                reaches[channel] = max(reaches[channel], reach)
            }
        }
        return reaches
    }

    /// For each channel, the greatest part of a row's range that its weights use in a dense reader; 1 where there is none.
    private static func weightShares(_ group: ScalingGroup, _ network: FloatNetwork, channels: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: channels)
        for reader in group.readers {
            let node = network.graph.nodes[reader]
            guard case .convolution(let layer) = node.operation, let weights = network.parameters[node.name + ".weight"]?.values,
                weights.count == layer.outputChannels * layer.slides.taps * channels
            else { continue }
            let row = layer.slides.taps * channels
            for output in 0..<layer.outputChannels {
                let values = weights[output * row..<(output + 1) * row]
                let greatest = values.reduce(0) { max($0, abs($1)) }
                guard greatest > 0 else { continue }
                for (index, value) in values.enumerated() {
                    shares[index % channels] = max(shares[index % channels], Double(abs(value) / greatest))
                }
            }
        }
        return shares.contains { $0 > 0 } ? shares : Array(repeating: 1, count: channels)
    }
}

extension ScalingGroup {
    fileprivate func readersAreDepthwise(_ graph: Graph) -> Bool {
        readers.allSatisfy { graph.nodes[$0].operation.isDepthwise }
    }
}
