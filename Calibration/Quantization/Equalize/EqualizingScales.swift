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
        let weights = EqualizingScales.weightShares(group, network)
        let reaches = EqualizingScales.reaches(group, network, ranges), farthest = reaches.max() ?? 0
        var wanted: [Double?] = []
        for (number, places) in group.places.enumerated() {
            let bounded = places.filter { network.graph.nodes[$0.node].operation.passesRelu6 }
            let peak = bounded.map { ranges.plausibleMagnitude($0.node, $0.channel, reach: reaches[number]) }.max() ?? 0
            if peak >= EqualizingScales.clip { clipped.append(number) }
            let share = EqualizingScales.rangeShare(places, ranges, reach: reaches[number])
            guard share > 0, weights[number] > 0, peak < EqualizingScales.clip, group.obstacles[number] == nil else {
                wanted.append(nil)
                continue
            }
            let ideal = group.isReadDense(number, network.graph) ? EqualizingScales.compromise(weights[number], share) : 1 / share
            let most = peak > 0 ? EqualizingScales.clip / (peak * EqualizingScales.headroom) : .infinity
            let plausible = reaches[number] > 0 ? EqualizingScales.excess * farthest / reaches[number] : .infinity
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

    /// The greatest part of a member's range that a class uses.
    private static func rangeShare(_ places: [ScalingGroup.Place], _ ranges: ChannelRanges, reach: Double) -> Double {
        places.map { place in
            let all = ranges.magnitude(place.node)
            return all > 0 ? min(1, ranges.plausibleMagnitude(place.node, place.channel, reach: reach) / all) : 0
        }.max() ?? 0
    }

    /// For each class, the greatest magnitude that the group's convolutions could give of inputs as large as any.
    private static func reaches(_ group: ScalingGroup, _ network: FloatNetwork, _ ranges: ChannelRanges) -> [Double] {
        var reaches = [Double](repeating: 0, count: group.places.count)
        for member in group.members {
            let node = network.graph.nodes[member], channels = node.channels
            guard node.operation.taps > 0, let weights = network.parameters[node.name + ".weight"]?.values,
                let bias = network.parameters[node.name + ".bias"]?.values, bias.count == channels, let classes = group.classes[member]
            else { continue }
            let input = node.inputs[0], inputs = network.graph.nodes[input].channels, row = weights.count / channels
            let magnitudes = (0..<inputs).map { ranges.magnitude(input, $0) }
            for channel in 0..<channels {
                var reach = Double(abs(bias[channel]))
                for tap in 0..<row {
                    reach += Double(abs(weights[channel * row + tap])) * magnitudes[node.operation.isDepthwise ? channel : tap % inputs]
                }
                reaches[classes[channel]] = max(reaches[classes[channel]], reach)
            }
        }
        return reaches
    }

    /// For each class, the greatest part of a row's range that its weights use in a dense reader; 1 where it has none.
    private static func weightShares(_ group: ScalingGroup, _ network: FloatNetwork) -> [Double] {
        var shares = [Double?](repeating: nil, count: group.places.count)
        for reader in group.readers {
            let node = network.graph.nodes[reader]
            guard case .convolution(let layer) = node.operation, let weights = network.parameters[node.name + ".weight"]?.values,
                let classes = group.classes[node.inputs[0]],
                weights.count == layer.outputChannels * layer.slides.taps * classes.count
            else { continue }
            let row = layer.slides.taps * classes.count
            for number in classes { shares[number] = shares[number] ?? 0 }
            for output in 0..<layer.outputChannels {
                let values = weights[output * row..<(output + 1) * row]
                let greatest = values.reduce(0) { max($0, abs($1)) }
                guard greatest > 0 else { continue }
                for (index, value) in values.enumerated() {
                    let number = classes[index % classes.count]
                    shares[number] = max(shares[number] ?? 0, Double(abs(value) / greatest))
                }
            }
        }
        return shares.contains { $0 ?? 0 > 0 } ? shares.map { $0 ?? 1 } : Array(repeating: 1, count: shares.count)
    }
}

extension ESegNetwork.Operation {
    fileprivate var passesRelu6: Bool { activation == .relu6 || outputActivation == .relu6 }
}

extension ScalingGroup {
    /// Whether a dense convolution reads a channel of the class.
    fileprivate func isReadDense(_ number: Int, _ graph: Graph) -> Bool {
        let nodes = Set(places[number].map(\.node))
        return readers.contains { !graph.nodes[$0].operation.isDepthwise && nodes.contains(graph.nodes[$0].inputs[0]) }
    }
}
