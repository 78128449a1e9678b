import ESegNetwork

/// A network of seeded random parameters, half of whose activations are int16; the same on every machine.
///
/// Each output's codes vary by about as much as its precision has room for, so that little saturates.
struct Int16RandomNetwork {
    private let graph: Graph
    private let config: ESegConfig
    private var random: SeededRandom
    private var outputs: [Quantization] = []
    private var layers: [QuantizedLayer] = []

    static func make(_ config: ESegConfig, seed: UInt64) throws -> QuantizedNetwork {
        let graph = try Architecture(config: config).graph.gatheringGates()
        var network = Int16RandomNetwork(graph: graph, config: config, random: SeededRandom(state: seed))
        for index in network.graph.nodes.indices { network.append(index) }
        return QuantizedNetwork(
            graph: network.graph, description: config.description(classNames: (0..<config.classes).map { "class \($0)" }),
            familyConfig: config.json, outputs: network.outputs, layers: network.layers, provenance: [:])
    }

    private init(graph: Graph, config: ESegConfig, random: SeededRandom) {
        self.graph = graph
        self.config = config
        self.random = random
    }

    private mutating func append(_ index: Int) {
        let node = graph.nodes[index]
        switch node.operation.codes {
        case .pixels: outputs.append(Quantization(scale: 1, zeroPoint: 0))
        case .input: outputs.append(outputs[node.inputs[0]])
        case .own:
            let precision: Precision = index == graph.nodes.count - 1 || Bool.random(using: &random) ? .int16 : .uint8
            let zeroPoint = precision == .int16 ? 0 : UInt8.random(in: 100...150, using: &random)
            outputs.append(Quantization(scale: 1 / Float(precision.deviation), zeroPoint: zeroPoint, precision: precision))
        }
        layers.append(layer(index, node))
    }

    private mutating func layer(_ index: Int, _ node: Node) -> QuantizedLayer {
        switch node.operation {
        case .image: return .image(padding: [124, 116, 104])
        case .maxPool, .resize, .channelMaximum, .channelSelection, .depthToSpace: return .passing
        case .softmax: return .softmax(QuantizedSoftmax(step: outputs[node.inputs[0]].scale))
        case .averagePool, .adaptiveAveragePool, .bilinearResize, .globalAveragePool, .product:
            let scale = node.valueInputs.reduce(Float(1)) { $0 * outputs[$1].scale }
            return .rescaled(QuantizedRescaling(multiplier: scale / outputs[index].scale))
        case .concat:
            let multipliers = node.inputs.map { outputs[$0] == outputs[index] ? 1 : outputs[$0].scale / outputs[index].scale }
            return .concat(QuantizedConcat(multipliers: multipliers))
        case .convolution(let c):
            let taps = c.taps
            let residual = c.residual ? residual(index, node, relu: c.activation == .relu) : nil
            let part = residual.map { isInt16(index) ? 1 : Double(1 << $0.shift) } ?? 1
            return .convolution(convolution(index, taps: taps, c.outputChannels, c.residual ? .none : c.activation, part, residual))
        case .depthwise(let d):
            return .depthwise(convolution(index, taps: d.taps, d.channels, d.activation, 1, nil))
        case .gate(let gate):
            let (channels, squeezed) = (gate.channels, gate.squeezed)
            return .gate(
                QuantizedGate(
                    reduceWeights: floats(channels * squeezed), reduceBias: floats(squeezed), expandWeights: floats(channels * squeezed),
                    expandBias: floats(channels)))
        case .weightedSum(let sum): return weightedSum(index, node, sum.activation, channels: sum.channels)
        }
    }

    private func isInt16(_ index: Int) -> Bool { graph.isInt16(index, outputs: outputs) }

    /// The standard deviation of what a node rounds: codes, a curve's input, or real numbers before a curve.
    private func deviation(_ index: Int, _ activation: Activation) -> Double {
        activation.isCurved ? (isInt16(index) ? 1.5 : 8000) : outputs[index].precision.deviation
    }

    private mutating func convolution(
        _ index: Int, taps: Int, _ channels: Int, _ activation: Activation, _ part: Double, _ residual: ResidualTerm?
    ) -> QuantizedConvolution {
        let input = outputs[graph.nodes[index].inputs[0]].precision
        let hasInt16Weights = graph.nodes[index].inputs[0] == 0 || isInt16(index) && Bool.random(using: &random)
        let most = min(hasInt16Weights ? 32639 : 127, Int(Double(Int32.max - 1_000_000) / (input.reach * Double(taps))))
        let codes = (0..<taps * channels).map { _ in Int16.random(in: Int16(-most)...Int16(most), using: &random) }
        let reached = Double(most) / 1.7 * Double(taps).squareRoot() * input.deviation
        let multiplier = deviation(index, activation) * part / reached
        return QuantizedConvolution(
            weights: hasInt16Weights ? .int16(codes) : .int8(codes.map { Int8($0) }),
            bias: (0..<channels).map { _ in .random(in: -100_000...100_000, using: &random) },
            multiplier: (0..<channels).map { _ in Float(multiplier) * .random(in: 0.5...1, using: &random) },
            curve: activation.isCurved && !isInt16(index) ? curve() : nil, residual: residual)
    }

    private func residual(_ index: Int, _ node: Node, relu: Bool) -> ResidualTerm {
        let ratio = 0.7 * outputs[index].precision.deviation / outputs[node.inputs[1]].precision.deviation
        let shift = (1...14).last { ratio * Double(1 << $0) < (isInt16(index) ? 32767 : 1024) } ?? 1
        return ResidualTerm(multiplier: Int16(max(1, ratio * Double(1 << shift))), shift: shift, relu: relu)
    }

    private mutating func weightedSum(_ index: Int, _ node: Node, _ activation: Activation, channels: Int) -> QuantizedLayer {
        let parts = node.inputs.map { input in
            (0..<channels).map { _ in
                deviation(index, activation) / outputs[input].precision.deviation / Double(node.inputs.count)
                    * .random(in: 0.5...1.5, using: &random)
            }
        }
        if isInt16(index) { return .int16Sum(Int16Sum(multipliers: parts.map { $0.map { Float($0) } })) }
        let shift = activation.isCurved ? 7 : 14
        let multipliers = parts.map { $0.map { Int16(min(20000, $0 * Double(1 << shift))) } }
        return .sum(QuantizedSum(multipliers: multipliers, shift: shift, curve: activation.isCurved ? curve() : nil))
    }

    private func curve() -> ActivationCurve {
        let base = (0..<64).map { Int16(-$0 * (63 - $0) / 8) }
        return ActivationCurve(inputScale: 1 / 5000, gain: 10000, base: base, slope: zip(base, base.dropFirst() + [0]).map { $1 - $0 })
    }

    private mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
}

extension Precision {
    fileprivate var deviation: Double { self == .int16 ? 6000 : 40 }
}
