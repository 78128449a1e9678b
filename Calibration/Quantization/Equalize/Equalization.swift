import ESegNetwork
import ESegRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Cross-layer equalization (Nagel et al., arXiv 1906.04721): the same network with channels of like range, which 8 bits hold better.
///
/// A ReLU passes a positive factor on, so a channel may be multiplied by one if whatever reads it divides by it. Here each factor weighs how
/// much of its tensor's range the channel uses against how much of their rows' range its readers' weights do; depthwise readers have a scale
/// for every channel and lose nothing, so that the channel then fills the range. Sums tie their terms' channels together, so that groups of
/// tensors get the same factors; where a concat or the like ties channels of different tensors to them, a weighted sum takes the factors into its
/// weights instead. ReLU6 passes factors on only where it never clips and still does not.
struct Equalization {
    /// Computes the same as the original.
    private(set) var network: FloatNetwork
    /// What the channels of each node's output are multiplied by; empty where they are not.
    private(set) var factors: [[Float]]
    private(set) var skipped: [EqualizationSkip] = []

    init(_ original: FloatNetwork, _ ranges: ChannelRanges) {
        network = original
        factors = original.graph.nodes.map { _ in [] }
        for group in original.graph.scalingGroups(untied: original.graph.untiedSums) {
            if let reason = group.obstacle {
                if reason.isWorthTelling { skip(group, channels: nil, reason) }
                continue
            }
            for (reason, channels) in group.partialObstacles where reason.isWorthTelling { skip(group, channels: channels, reason) }
            let scales = EqualizingScales(group, original, ranges)
            if !scales.clipped.isEmpty { skip(group, channels: scales.clipped.count, .clipped) }
            if scales.factors.contains(where: { $0 != 1 }) { apply(scales.factors, group) }
        }
    }

    private mutating func skip(_ group: ScalingGroup, channels: Int?, _ reason: EqualizationSkip.Reason) {
        func names(_ nodes: [Int]) -> [String] { nodes.map { network.graph.nodes[$0].name } }
        skipped.append(
            EqualizationSkip(
                nodes: names(group.members), readers: names(group.readers + group.sums), channels: channels, reason: reason))
    }

    private mutating func apply(_ scales: [Float], _ group: ScalingGroup) {
        for member in group.members {
            let own = group.factors(scales, of: member), node = network.graph.nodes[member]
            factors[member] = own
            if group.untied.contains(member) { scaleColumns(node.name + ".weights", by: own) }
            for parameter in node.operation.parameters {
                let name = node.name + "." + parameter.suffix
                switch parameter.scaling {
                case .none: break
                case .rows: scaleRows(name, by: own)
                case .inverseColumns: scaleColumns(name, by: own.map { 1 / $0 })
                }
            }
        }
        for reader in group.readers {
            let node = network.graph.nodes[reader], inverse = group.factors(scales, of: node.inputs[0]).map { 1 / $0 }
            if node.operation.isDepthwise {
                scaleRows(node.name + ".weight", by: inverse)
            } else {
                scaleColumns(node.name + ".weight", by: inverse)
            }
        }
        for sum in group.sums {
            let node = network.graph.nodes[sum]
            let inverse = node.inputs.flatMap { input in
                group.classes[input] == nil
                    ? Array(repeating: 1, count: node.channels) : group.factors(scales, of: input).map { 1 / $0 }
            }
            scaleRows(node.name + ".weights", by: inverse)
        }
    }

    /// Multiplies each of the first dimension's parts by a factor.
    private mutating func scaleRows(_ name: String, by factors: [Float]) {
        guard var tensor = network.parameters[name], tensor.values.count.isMultiple(of: factors.count) else { return }
        let each = tensor.values.count / factors.count
        for index in tensor.values.indices { tensor.values[index] *= factors[index / each] }
        network.parameters[name] = tensor
    }

    /// Multiplies each element of the last dimension by a factor.
    private mutating func scaleColumns(_ name: String, by factors: [Float]) {
        guard var tensor = network.parameters[name], tensor.values.count.isMultiple(of: factors.count) else { return }
        for index in tensor.values.indices { tensor.values[index] *= factors[index % factors.count] }
        network.parameters[name] = tensor
    }
}

extension Graph {
    /// Weighted sums whose weights are to take factors: those of groups in which channels of different indices are tied, or that are mixed.
    fileprivate var untiedSums: Set<Int> {
        let groups = scalingGroups().filter { $0.movesChannels || $0.obstacles.contains(.mixed) }
        return Set(groups.flatMap(\.members).filter { if case .weightedSum = nodes[$0].operation { true } else { false } })
    }
}

/// A group of tensors, or some of its channels, that equalization leaves as they are.
public struct EqualizationSkip: Sendable, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case image = "the image is not a layer's output"
        case logits = "the logits are the network's output"
        case unread = "no convolution reads it"
        case silu = "SiLU does not pass factors on"
        case hardSwish = "HardSwish does not pass factors on"
        case sigmoid = "a sigmoid does not pass factors on"
        case curve = "GELU and ELU do not pass factors on"
        case mixed = "what mixes it with other channels does not pass factors on"
        case clipped = "ReLU6 clips them"
    }

    /// Names of the nodes whose outputs the group is, and of those that read them.
    public let nodes: [String]
    public let readers: [String]
    /// How many; nil: all.
    public let channels: Int?
    public let reason: Reason

    public var description: String {
        let more = nodes.count > 1 ? " and \(nodes.count - 1) more" : ""
        let count = channels.map { "\($0) channels: " } ?? ""
        return "\(nodes.first ?? "")\(more) → \(readers.prefix(2).joined(separator: ", ")): \(count)\(reason.rawValue)"
    }
}

extension EqualizationSkip.Reason {
    fileprivate var isWorthTelling: Bool { [.silu, .hardSwish, .sigmoid, .curve, .mixed].contains(self) }
}
