@testable import ESegNetwork

extension QuantizedNetwork {
    /// Fused blocks with ReLU, among them residuals after an activation.
    static let smallFused = ESegConfig(
        name: "fused", width: 0.1, depth: 1.1, block: .fused, activation: .relu, squeezeExcite: false, liteScaling: false,
        forceKernel3: true, fpnChannels: 8, fpnRepeats: 1, maxLevel: 6, classes: 3)

    /// A valid network of random values: int16 weights for the first convolution, int8 for the others.
    ///
    /// - int16: nodes whose outputs are int16, besides the classifier; what passes codes on has its input's.
    static func random(
        _ graph: Graph, name: String = "small", familyConfig: JSONValue? = nil, seed: UInt64, int16: Set<Int> = []
    ) -> QuantizedNetwork {
        var generator = SeededGenerator(seed: seed)
        var outputs: [Quantization] = []
        var layers: [QuantizedLayer] = []
        for (index, node) in graph.nodes.enumerated() {
            let isLast = index == graph.nodes.count - 1
            switch node.operation.codes {
            case .pixels: outputs.append(Quantization(scale: 1, zeroPoint: 0))
            case .input: outputs.append(outputs[node.inputs[0]])
            case .own:
                let precision: Precision = isLast || int16.contains(index) ? .int16 : .uint8
                let zeroPoint = precision == .int16 ? 0 : UInt8.random(in: 0...255, using: &generator)
                let scale = Float.random(in: 0.001...0.1, using: &generator)
                outputs.append(Quantization(scale: scale, zeroPoint: zeroPoint, precision: precision))
            }
            layers.append(.random(node, isFirst: index == 1, isInt16: graph.isInt16(index, outputs: outputs), &generator))
        }
        return QuantizedNetwork(
            graph: graph, description: .numbered(name, classes: graph.nodes.last?.channels ?? 0), familyConfig: familyConfig,
            outputs: outputs, layers: layers, provenance: ["method": "random \"values\"", "frames": "0"])
    }

    static func random(_ config: ESegConfig, seed: UInt64 = 1, int16: Set<Int> = []) throws -> QuantizedNetwork {
        random(try gathered(config), name: config.name, familyConfig: config.json, seed: seed, int16: int16)
    }

    /// The graph of a config as it is quantized.
    private static func gathered(_ config: ESegConfig) throws -> Graph { try Architecture(config: config).graph.gatheringGates() }

    /// Some of whose activations are int16.
    static func int16(_ config: ESegConfig) throws -> QuantizedNetwork {
        try random(config, int16: Set(try gathered(config).nodes.indices.filter { $0 > 0 && $0 % 5 < 2 }))
    }

    /// Ten nodes, every operation but a depthwise with curve.
    static func tiny() -> QuantizedNetwork {
        random(GraphValidationTests.valid, seed: 2)
    }

    /// The same with int16 outputs of the first convolution and of the sum that reads it.
    static func tinyInt16() -> QuantizedNetwork {
        random(GraphValidationTests.valid, seed: 2, int16: [1, 6])
    }
}

extension NetworkDescription {
    static func numbered(_ name: String, classes: Int) -> NetworkDescription {
        NetworkDescription(
            name: name, classNames: (0..<classes).map { "class \($0)" }, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
    }
}

extension QuantizedLayer {
    fileprivate static func random(_ node: Node, isFirst: Bool, isInt16: Bool, _ generator: inout SeededGenerator) -> QuantizedLayer {
        switch node.operation {
        case .image: .image(padding: [127, 128, 0])
        case .convolution(let layer):
            .convolution(
                .random(
                    node, hasInt16Weights: isFirst, isInt16: isInt16, layer.residual ? .none : layer.activation,
                    residual: layer.residual ? ResidualTerm(multiplier: 300, shift: 8, relu: layer.activation == .relu) : nil, &generator))
        case .depthwise(let layer):
            .depthwise(.random(node, hasInt16Weights: false, isInt16: isInt16, layer.activation, residual: nil, &generator))
        case .gate(let gate):
            .gate(
                QuantizedGate(
                    reduceWeights: floats(gate.channels * gate.squeezed, -1...1, &generator),
                    reduceBias: floats(gate.squeezed, -1...1, &generator),
                    expandWeights: floats(gate.channels * gate.squeezed, -1...1, &generator),
                    expandBias: floats(gate.channels, -1...1, &generator)))
        case .maxPool, .resize, .channelMaximum, .channelSelection, .depthToSpace: .passing
        case .softmax: .softmax(QuantizedSoftmax(step: floats(1, 0.1...10, &generator)[0]))
        case .averagePool, .adaptiveAveragePool, .bilinearResize, .globalAveragePool, .product:
            .rescaled(QuantizedRescaling(multiplier: floats(1, 0.1...10, &generator)[0]))
        case .concat(let concat): .concat(QuantizedConcat(multipliers: floats(concat.inputChannels.count, 0.1...10, &generator)))
        case .weightedSum(let sum) where isInt16:
            .int16Sum(Int16Sum(multipliers: (0..<sum.inputs).map { _ in floats(sum.channels, -1...1, &generator) }))
        case .weightedSum(let sum): .sum(.random(node, inputs: sum.inputs, sum.activation, &generator))
        }
    }
}

extension QuantizedConvolution {
    fileprivate static func random(
        _ node: Node, hasInt16Weights: Bool, isInt16: Bool, _ activation: Activation, residual: ResidualTerm?,
        _ generator: inout SeededGenerator
    ) -> QuantizedConvolution {
        let count = node.operation.weightShape.reduce(1, *)
        let weights: QuantizedWeights =
            hasInt16Weights
            ? .int16((0..<count).map { _ in .random(in: -32639...32639, using: &generator) })
            : .int8((0..<count).map { _ in .random(in: -127...127, using: &generator) })
        return QuantizedConvolution(
            weights: weights, bias: (0..<node.channels).map { _ in .random(in: -100_000...100_000, using: &generator) },
            multiplier: floats(node.channels, isInt16 ? 1e-7...1e-5 : 1e-6...1e-2, &generator),
            curve: activation.isCurved && !isInt16 ? .random(&generator) : nil,
            slope: activation == .prelu ? floats(node.channels, -1...1, &generator) : nil, residual: residual)
    }
}

extension QuantizedSum {
    fileprivate static func random(_ node: Node, inputs: Int, _ activation: Activation, _ generator: inout SeededGenerator)
        -> QuantizedSum
    {
        let multipliers = (0..<inputs).map { _ in (0..<node.channels).map { _ in Int16.random(in: -32767...32767, using: &generator) } }
        return QuantizedSum(multipliers: multipliers, shift: 14, curve: activation.isCurved ? .random(&generator) : nil)
    }
}

extension ActivationCurve {
    fileprivate static func random(_ generator: inout SeededGenerator) -> ActivationCurve {
        func codes() -> [Int16] { (0..<64).map { _ in .random(in: .min ... .max, using: &generator) } }
        return ActivationCurve(inputScale: .random(in: 1e-5...1e-3, using: &generator), gain: 20000, base: codes(), slope: codes())
    }
}

private func floats(_ count: Int, _ range: ClosedRange<Float>, _ generator: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in .random(in: range, using: &generator) }
}
