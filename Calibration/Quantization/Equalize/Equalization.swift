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
/// tensors get the same factors. ReLU6 passes factors on only where it never clips and still does not.
struct Equalization {
    /// Computes the same as the original.
    private(set) var network: FloatNetwork
    /// What the channels of each node's output are multiplied by; empty where they are not.
    private(set) var factors: [[Float]]
    private(set) var skipped: [EqualizationSkip] = []

    init(_ original: FloatNetwork, _ ranges: ChannelRanges) {
        network = original
        factors = original.graph.nodes.map { _ in [] }
        for group in original.graph.scalingGroups() {
            if let reason = group.obstacle(original.graph) {
                if reason.isWorthTelling { skip(group, channels: nil, reason) }
                continue
            }
            let scales = EqualizingScales(group, original, ranges)
            if !scales.clipped.isEmpty { skip(group, channels: scales.clipped.count, .clipped) }
            if scales.factors.contains(where: { $0 != 1 }) { apply(scales.factors, group) }
        }
    }

    private mutating func skip(_ group: ScalingGroup, channels: Int?, _ reason: EqualizationSkip.Reason) {
        func names(_ nodes: [Int]) -> [String] { nodes.map { network.graph.nodes[$0].name } }
        skipped.append(
            EqualizationSkip(nodes: names(group.members), readers: names(group.readers), channels: channels, reason: reason))
    }

    private mutating func apply(_ scales: [Float], _ group: ScalingGroup) {
        for member in group.members {
            factors[member] = scales
            let node = network.graph.nodes[member]
            for parameter in node.operation.parameters {
                let name = node.name + "." + parameter.suffix
                switch parameter.scaling {
                case .none: break
                case .rows: scaleRows(name, by: scales)
                case .inverseColumns: scaleColumns(name, by: scales.map { 1 / $0 })
                }
            }
        }
        for reader in group.readers {
            let node = network.graph.nodes[reader], inverse = scales.map { 1 / $0 }
            if node.operation.isDepthwise {
                scaleRows(node.name + ".weight", by: inverse)
            } else {
                scaleColumns(node.name + ".weight", by: inverse)
            }
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

/// A group of tensors, or some of its channels, that equalization leaves as they are.
public struct EqualizationSkip: Sendable, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case image = "the image is not a layer's output"
        case logits = "the logits are the network's output"
        case unread = "no convolution reads it"
        case silu = "SiLU does not pass factors on"
        case hardSwish = "HardSwish does not pass factors on"
        case sigmoid = "a sigmoid does not pass factors on"
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
    fileprivate var isWorthTelling: Bool { self == .silu || self == .hardSwish || self == .sigmoid || self == .mixed }
}
