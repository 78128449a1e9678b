import ESegNetwork

/// How a network is quantized.
public struct QuantizationOptions: Sendable, Equatable {
    public var range: RangeMethod
    public var int16Weights: Int16Weights
    /// Nodes, or modules of nodes (`backbone.stages.0`), whose outputs are int16. What reads or writes them has int16 weights too.
    public var int16Activations: [String]
    public var effort: Effort
    /// Techniques that are left out.
    public var without: Set<Technique>

    public init(
        range: RangeMethod = .automatic, int16Weights: Int16Weights = .automatic, int16Activations: [String] = [],
        effort: Effort = .default,
        without: Set<Technique> = []
    ) {
        self.range = range
        self.int16Weights = int16Weights
        self.int16Activations = int16Activations
        self.effort = effort
        self.without = without
    }

    /// Those that are used.
    public var techniques: [Technique] { Technique.allCases.filter { effort.techniques.contains($0) && !without.contains($0) } }
}

/// How much time quantization may take.
public enum Effort: String, Sendable, CaseIterable {
    /// Each weight is rounded by itself; seconds.
    case fast
    /// Layers are fitted to frames, and outputs that 8 bits ruin are int16 (`Analysis.needsInt16`) as far as that costs little time (`Int16Budget`);
    /// eseg-edge takes half a minute.
    case `default`
    /// Layers are fitted to more samples, and outputs that stand out among what 8 bits hurt are int16; minutes.
    case best

    var techniques: Set<Technique> { self == .fast ? [.equalization, .absorption, .biasCorrection] : Set(Technique.allCases) }
}

/// What makes an int8 network lose less.
public enum Technique: String, Sendable, CaseIterable {
    /// Channels are rescaled so that their ranges become similar (`Equalization`).
    case equalization
    /// What a channel always exceeds moves into the next layer's bias (`BiasAbsorption`).
    case absorption
    /// Weights are fitted to frames and rounded together (`DenseFit`).
    case fitting
    /// Biases make up for the mean error: that of rounding the weights, or, where layers are fitted to frames, all that is seen there.
    case biasCorrection = "bias-correction"
    /// Outputs that 8 bits hurt most are int16 (`Analysis.needsInt16`). The caller of `Quantizer` names them: `int16Activations`.
    case mixedPrecision = "mixed-precision"
}

/// Which dense convolutions have int16 weights. The one that reads the image always has.
public enum Int16Weights: Sendable, Equatable {
    /// Those that int8 weights would hurt much more than is usual: it happens where input channels differ much in scale.
    case automatic
    /// Convolutions of these names, or in modules of these names (`backbone.stages.0`).
    case named([String])
}

extension Int16Weights {
    /// Throws if a name names nothing.
    func validate(_ graph: Graph) throws(CalibrationError) {
        guard case .named(let names) = self else { return }
        for name in names {
            let isFound = graph.nodes.contains { node in
                guard case .convolution = node.operation else { return false }
                return node.isNamed(name)
            }
            guard isFound else { throw .int16Weights(name: name) }
        }
    }

    func includes(_ node: Node, _ layer: LinearLayer) -> Bool {
        switch self {
        case .automatic: layer.int8NoiseToSignal() > Int16Weights.tolerableNoise
        case .named(let names): names.contains { node.isNamed($0) }
        }
    }

    /// −32 dB; in trained networks most layers are below −40 dB.
    private static let tolerableNoise = 6.3e-4
}

extension Graph {
    /// Nodes whose outputs `names` make int16. Some pass their input's codes on, and logits are int16 anyway.
    ///
    /// Throws if a name names no node that has the choice.
    func int16Activations(of names: [String]) throws(CalibrationError) -> Set<Int> {
        var found: Set<Int> = []
        for name in names {
            let named = nodes.indices.dropFirst().dropLast().filter { nodes[$0].isNamed(name) && nodes[$0].operation.codes == .own }
            guard !named.isEmpty else { throw .int16Activations(name: name) }
            found.formUnion(named)
        }
        return found
    }
}

extension Node {
    /// Whether `name` is the node's or a module's that it is in.
    fileprivate func isNamed(_ name: String) -> Bool { self.name == name || self.name.hasPrefix(name + ".") }
}
