import ESegNetwork
import Quantization

/// What two quantizations of one network differ in.
public struct NetworkDifference: Sendable, Equatable {
    /// What the files say of how they came to be and of names, by key, where they say it differently.
    public let provenance: [Fact]
    /// Layers that differ: the lowest SQNR first, then the greatest change of scale.
    public let layers: [LayerDifference]
    /// Layers that do not.
    public let equalLayers: Int

    public struct Fact: Sendable, Equatable, Encodable {
        public let key: String
        /// Nil where the file does not say it.
        public let first: String?
        public let second: String?
    }

    /// Both have the same graph, and take pixels alike: there is no `NetworkMismatch`.
    public init(_ first: QuantizedNetwork, _ second: QuantizedNetwork) {
        precondition(first.graph == second.graph)
        let (a, b) = (first.facts, second.facts)
        provenance = Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map { Fact(key: $0, first: a[$0], second: b[$0]) }
        let changed = first.graph.nodes.indices.filter {
            first.layers[$0] != second.layers[$0] || first.outputs[$0] != second.outputs[$0]
                || first.channelScalings[$0] != second.channelScalings[$0]
        }
        layers = changed.map { LayerDifference(LayerReals(first, $0), LayerReals(second, $0), name: first.graph.nodes[$0].name) }
            .sorted { $0.rank < $1.rank }
        equalLayers = first.graph.nodes.count - changed.count
    }

    /// Whether both compute the same.
    public var isSameArithmetic: Bool { layers.isEmpty }
}

extension QuantizedNetwork {
    /// What it says of itself that changes no pixel.
    fileprivate var facts: [String: String] {
        provenance.merging([
            "name": description.name, "classes": classNames.joined(separator: ", "), "size": description.imageSize.map { "\($0)" } ?? "any",
        ]) { $1 }
    }
}

/// What one layer differs in.
public struct LayerDifference: Sendable, Equatable {
    public let name: String
    public let first: Side
    public let second: Side
    /// The share of weights, in 0...1, whose codes differ, all of them where their types do; nil where there are none.
    public let changedWeights: Double?
    /// SQNR of the first's weights against the second's, in real numbers; infinite where they are equal, nil where there are none.
    public let weightSqnrDb: Double?
    /// The greatest change of a bias, in steps of the first's output; nil where there is none.
    public let biasSteps: Double?

    public struct Side: Sendable, Equatable, Encodable {
        /// "int8", "int16" or "float32"; nil without weights.
        public let weights: String?
        public let precision: String
        public let scale: Float
        public let zeroPoint: Int
    }

    init(_ first: LayerReals, _ second: LayerReals, name: String) {
        self.name = name
        (self.first, self.second) = (first.side, second.side)
        biasSteps = zip(first.bias, second.bias).map { abs($0 - $1) }.max().map { $0 / Double(first.output.scale) }
        guard !first.weights.isEmpty, first.weights.count == second.weights.count else {
            (changedWeights, weightSqnrDb) = first.weights.isEmpty && second.weights.isEmpty ? (nil, nil) : (1, .nan)
            return
        }
        let isComparable = first.type == second.type && first.codes.count == second.codes.count
        let changed = isComparable ? zip(first.codes, second.codes).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) } : first.weights.count
        changedWeights = Double(changed) / Double(first.weights.count)
        var ratio = SignalToNoise()
        for (a, b) in zip(first.weights, second.weights) { ratio.add(SignalToNoise(signal: a * a, noise: (a - b) * (a - b))) }
        weightSqnrDb = ratio.decibels
    }

    /// Rises as the difference falls.
    fileprivate var rank: (Double, Double, String) {
        let ratio = Double(second.scale) / Double(first.scale)
        return (weightSqnrDb.map { $0.isNaN ? -1e9 : $0 } ?? .infinity, -max(ratio, 1 / ratio), name)
    }
}

/// A layer's parameters as the real numbers that they stand for in the float network.
struct LayerReals {
    let output: Quantization
    let type: String?
    /// The codes as the file has them.
    private(set) var codes: [Float] = []
    private(set) var weights: [Double] = []
    private(set) var bias: [Double] = []

    init(_ network: QuantizedNetwork, _ node: Int) {
        output = network.outputs[node]
        let layer = network.layers[node]
        if let convolution = layer.convolution {
            (type, codes) = (convolution.weights.type, convolution.weights.floats)
            linear(convolution, network, node)
        } else if case .gate(let gate) = layer {
            type = "float32"
            codes = gate.reduceWeights + gate.reduceBias + gate.expandWeights + gate.expandBias
            weights = codes.map { Double($0) }
        } else if case .sum(let sum) = layer {
            (type, codes) = ("int16", sum.multipliers.joined().map { Float($0) })
            weights = LayerReals.unscaled(network.weightsOfSum(node), network, node)
        } else if case .int16Sum(let sum) = layer {
            (type, codes) = ("float32", Array(sum.multipliers.joined()))
            weights = LayerReals.unscaled(network.weightsOfSum(node), network, node)
        } else {
            type = nil
        }
    }

    var side: LayerDifference.Side {
        .init(weights: type, precision: output.precision.rawValue, scale: output.scale, zeroPoint: Int(output.zeroPoint))
    }

    /// The float network's weights of a sum.
    private static func unscaled(_ weights: [[Double]], _ network: QuantizedNetwork, _ node: Int) -> [Double] {
        let own = network.channelScalings[node].factors
        return zip(network.graph.nodes[node].inputs, weights).flatMap { input, weights in
            let before = network.channelScalings[input].factors
            return weights.enumerated().map { $1 * Double(before[$0]) / Double(own[$0]) }
        }
    }

    /// Undoes scales, and what equalization did to channels: the float network's value is value / factor + offset.
    private mutating func linear(_ layer: QuantizedConvolution, _ network: QuantizedNetwork, _ node: Int) {
        let isDepthwise = network.graph.nodes[node].operation.isDepthwise, input = network.graph.nodes[node].inputs[0]
        let own = network.channelScalings[node], before = network.channelScalings[input]
        let units = network.unitsOfAccumulator(node)
        let channels = layer.bias.count, length = codes.count / max(1, channels)
        let inputStep = Double(network.outputs[input].scale)
        weights.reserveCapacity(codes.count)
        for channel in 0..<channels {
            let unit = units[channel]
            let factor = Double(own.factors[channel])
            var sum = Double(layer.bias[channel]) * unit
            for position in 0..<length {
                let from = isDepthwise ? channel : position % before.factors.count
                let weight = Double(codes[channel * length + position]) * unit / inputStep * Double(before.factors[from])
                sum -= weight * Double(before.offsets[from])
                weights.append(weight / factor)
            }
            bias.append(sum / factor + Double(own.offsets[channel]))
        }
    }
}

extension QuantizedWeights {
    fileprivate var floats: [Float] {
        switch self {
        case .int8(let values): values.map { Float($0) }
        case .int16(let values): values.map { Float($0) }
        }
    }
}
