import Testing

@testable import ESegNetwork

@Suite("A quantized network")
struct QuantizedValidationTests {
    /// The field that validation names after a change to a valid network with curves, gates and residuals.
    private func field(after change: (inout QuantizedNetwork) throws -> Void) throws -> String? {
        var network = try QuantizedNetwork.random(WeightFile.small)
        try change(&network)
        return networkError { try network.validate(file: "n") }?.field
    }

    private func field(of name: String, _ change: (inout QuantizedConvolution) -> Void) throws -> String? {
        try field { network in
            let index = try #require(network.graph.nodes.firstIndex { $0.name == name })
            switch network.layers[index] {
            case .convolution(var layer):
                change(&layer)
                network.layers[index] = .convolution(layer)
            case .depthwise(var layer):
                change(&layer)
                network.layers[index] = .depthwise(layer)
            default: Issue.record("\(name) is not a convolution")
            }
        }
    }

    private func field(ofSum name: String, _ change: (inout QuantizedSum) -> Void) throws -> String? {
        try field { network in
            let index = try #require(network.graph.nodes.firstIndex { $0.name == name })
            guard case .sum(var layer) = network.layers[index] else {
                Issue.record("\(name) is no sum")
                return
            }
            change(&layer)
            network.layers[index] = .sum(layer)
        }
    }

    @Test("is valid as the tests make it")
    func valid() throws {
        try QuantizedNetwork.random(WeightFile.small).validate(file: "n")
        try QuantizedNetwork.random(QuantizedNetwork.smallFused).validate(file: "n")
        try QuantizedNetwork.tiny().validate(file: "n")
    }

    @Test("needs one output and one layer of its kind for each node, and a name for each class")
    func counts() throws {
        #expect(try field { $0.outputs.removeLast() } == "outputs")
        #expect(try field { $0.layers.removeLast() } == "layers")
        #expect(try field { $0.layers[1] = .passing } == "layer backbone.stem: layer")
        #expect(try field { $0.description.classNames.append("more") } == "network.classes")
        #expect(try field { $0.layers[0] = .image(padding: [1, 2]) } == "layer image: padding")
    }

    @Test("has finite, positive scales", arguments: [0, -1, .nan, .infinity] as [Float])
    func scales(_ scale: Float) throws {
        #expect(try field { $0.outputs[1].scale = scale } == "layer backbone.stem: scale")
        #expect(try field(of: "classifier") { $0.multiplier[2] = scale } == "layer classifier: multiplier")
        #expect(try field(of: "backbone.stem") { $0.curve?.inputScale = scale } == "layer backbone.stem: curve.input_scale")
    }

    @Test("has codes that agree: the image's, the classifier's and a pool's")
    func zeroPoints() throws {
        #expect(try field { $0.outputs[0].zeroPoint = 1 } == "layer image: scale, zero point and precision")
        #expect(try field { $0.outputs[$0.outputs.count - 1].zeroPoint = 1 } == "layer classifier: zero point")
        #expect(try field { $0.outputs[$0.outputs.count - 1].precision = .uint8 } == "layer classifier: precision")
        let pool = try field { network in
            network.outputs[try #require(network.graph.nodes.firstIndex { $0.name == "p6.pool" })].scale *= 2
        }
        #expect(pool == "layer p6.pool: scale, zero point and precision")
    }

    @Test("has as many weights, biases and multipliers as its convolutions ask for, within range")
    func convolutions() throws {
        #expect(try field(of: "backbone.stem") { $0.weights = .int8([1]) } == "layer backbone.stem: weight")
        #expect(try field(of: "backbone.stem") { $0.bias.removeLast() } == "layer backbone.stem: bias")
        #expect(try field(of: "backbone.stem") { $0.multiplier.append(1) } == "layer backbone.stem: multiplier")
        let stem = 8 * 27
        #expect(
            try field(of: "backbone.stem") { $0.weights = .int8([Int8](repeating: -128, count: stem)) } == "layer backbone.stem: weight")
        #expect(
            try field(of: "backbone.stem") { $0.weights = .int16([Int16](repeating: 32640, count: stem)) } == "layer backbone.stem: weight")
        #expect(
            try field(of: "backbone.stem") { $0.weights = .int16([Int16](repeating: .min, count: stem)) } == "layer backbone.stem: weight")
    }

    @Test("cannot overflow an accumulator or what is rounded from it")
    func accumulators() throws {
        let channel = "layer classifier: channel 1"
        #expect(try field(of: "classifier") { $0.bias[1] = .max } == channel)
        #expect(try field(of: "classifier") { $0.bias[1] = .min } == channel)
        #expect(try field(of: "classifier") { $0.multiplier[1] = 1e9 } == channel)
        var bounds: [Int32: String?] = [:]
        for bias: Int32 in [0, 1] {
            bounds[bias] = try fieldOfBound(bias)
        }
        #expect(bounds == [0: nil, 1: "layer classifier: channel 0"])
    }

    /// 8 weights a channel; |bias| + 255 · Σ|w| is 2^31 − 1 + `excess`.
    private func fieldOfBound(_ excess: Int32) throws -> String? {
        var network = try QuantizedNetwork.random(WeightFile.small)
        let last = network.layers.count - 1
        guard case .convolution(var layer) = network.layers[last] else { return "no convolution" }
        layer.weights = .int8([Int8](repeating: 0, count: 24).enumerated().map { $0.offset < 8 ? 127 : 0 })
        layer.bias = [Int32.max - 255 * 127 * 8 + excess, 0, 0]
        layer.multiplier = [0.001, 0.001, 0.001]
        network.layers[last] = .convolution(layer)
        do {
            try network.validate(file: "n")
            return nil
        } catch { return error.field }
    }

    @Test("has curves and residuals exactly where the graph has")
    func terms() throws {
        let curve = ActivationCurve(inputScale: 1, gain: 1, base: [Int16](repeating: 0, count: 64), slope: [Int16](repeating: 0, count: 64))
        let residual = ResidualTerm(multiplier: 1, shift: 1)
        #expect(try field(of: "backbone.stem") { $0.curve = nil } == "layer backbone.stem: curve")
        #expect(try field(of: "classifier") { $0.curve = curve } == "layer classifier: curve")
        #expect(try field(of: "classifier") { $0.residual = residual } == "layer classifier: residual_term")
        #expect(try field(of: "backbone.stem") { $0.curve?.gain = -1 } == "layer backbone.stem: curve.gain")
        #expect(try field(of: "backbone.stem") { $0.curve?.base.removeLast() } == "layer backbone.stem: curve.base")
        #expect(try field(of: "backbone.stem") { $0.curve?.slope.append(0) } == "layer backbone.stem: curve.slope")
        let name = "backbone.stages.3.1.project"
        #expect(try field(of: name) { $0.residual = nil } == "layer \(name): residual_term")
        #expect(try field(of: name) { $0.residual?.shift = 0 } == "layer \(name): residual_term.shift")
        #expect(try field(of: name) { $0.residual?.shift = 15 } == "layer \(name): residual_term.shift")
        #expect(try field(of: name) { $0.residual?.multiplier = 0 } == "layer \(name): residual_term.multiplier")
        #expect(try field(of: name) { $0.residual?.relu = true } == "layer \(name): residual_term.relu")
    }

    @Test("refuses a residual after an activation that int8 has no arithmetic for")
    func residualActivation() throws {
        var config = QuantizedNetwork.smallFused
        config.activation = .relu6
        let network = try QuantizedNetwork.random(config)
        let error = networkError { try network.validate(file: "n") }
        #expect(error?.found == "relu6 before a residual")
    }

    @Test("has sums' multipliers in range, for each input and channel")
    func sums() throws {
        let name = "bifpn.0.top_down.0.fuse"
        var network = try QuantizedNetwork.random(WeightFile.small)
        let index = try #require(network.graph.nodes.firstIndex { $0.name == name })
        if case .sum(var layer) = network.layers[index] {
            layer.multipliers[1][3] = .max
            network.layers[index] = .sum(layer)
        }
        #expect(throws: Never.self) { try network.validate(file: "n") }
        #expect(try field(ofSum: name) { $0.multipliers.removeLast() } == "layer \(name): multiplier")
        #expect(try field(ofSum: name) { $0.multipliers[1].removeLast() } == "layer \(name): multiplier")
        #expect(try field(ofSum: name) { $0.multipliers[1][3] = .min } == "layer \(name): multiplier")
        #expect(try field(ofSum: name) { $0.shift = 25 } == "layer \(name): shift")
        #expect(try field(ofSum: name) { $0.shift = 0 } == "layer \(name): shift")
        #expect(try field(ofSum: name) { $0.curve = nil } == "layer \(name): curve")
    }

    @Test("has gates whose float32 sums stay finite")
    func gates() throws {
        func field(_ change: (inout QuantizedGate) -> Void) throws -> String? {
            try self.field { network in
                let index = try #require(network.graph.nodes.firstIndex { $0.name == "backbone.stages.1.0.se" })
                guard case .gate(var layer) = network.layers[index] else {
                    Issue.record("no gate")
                    return
                }
                change(&layer)
                network.layers[index] = .gate(layer)
            }
        }
        let layer = "layer backbone.stages.1.0.se"
        #expect(try field { $0.reduceWeights[0] = .nan } == "\(layer): reduce.weight")
        #expect(try field { $0.expandBias[0] = .infinity } == "\(layer): expand.bias")
        #expect(try field { $0.expandWeights.removeLast() } == "\(layer): expand.weight")
        #expect(try field { $0.reduceBias = [] } == "\(layer): reduce.bias")
        #expect(try field { $0.reduceWeights[0] = 3e38 } == "\(layer): weights")
        let scale = try self.field { network in
            network.outputs[try #require(network.graph.nodes.firstIndex { $0.name == "backbone.stages.1.0.se" })].scale = 1e-30
        }
        #expect(scale == "\(layer): scale")
    }
}
