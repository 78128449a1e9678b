import ESegNetwork
import ESegRuntime
import Quantization
import TestSupport
import Testing

@testable import Interchange

/// Whether other runtimes compute the same is for `Benchmarks/onnx_agreement.py` to show; here, what they rely on.
@Suite struct ONNXExportTests {
    private static let activations: [Activation] = [.relu, .relu6, .silu, .hardSwish]

    @Test(arguments: activations)
    func nodesReadWhatEarlierOnesMake(activation: Activation) throws {
        let graph = try quantized(activation).onnxModel(file: "test", size: nil).graph
        var names = Set(graph.inputs.map(\.name))
        for tensor in graph.initializers {
            #expect(names.insert(tensor.name).inserted, "\(tensor.name)")
            #expect(Int(tensor.dims.reduce(1, *)) * bytes(tensor.type) == tensor.raw.count, "\(tensor.name)")
        }
        for node in graph.nodes {
            for input in node.inputs where !input.isEmpty { #expect(names.contains(input), "\(node.name) reads \(input)") }
            for output in node.outputs { #expect(names.insert(output).inserted, "\(output)") }
        }
        #expect(graph.inputs.map(\.name) == ["image"] && graph.outputs.map(\.name) == ["classes"])
        #expect(names.contains("classes"))
    }

    @Test func sizesAreFreeOrFixed() throws {
        let network = try quantized(.relu)
        let free = try network.onnxModel(file: "test", size: nil).graph
        #expect(free.inputs[0].dims == [.fixed(1), .free("height"), .free("width"), .fixed(3)])
        let fixed = try network.onnxModel(file: "test", size: (height: 96, width: 128)).graph
        #expect(fixed.inputs[0].dims == [1, 96, 128, 3].map { .fixed($0) })
        #expect(!fixed.nodes.contains { $0.operation == "Shape" })
    }

    @Test func valuesAreWeightsInTheOrderOfONNX() throws {
        let network = try quantized(.relu)
        let graph = try network.onnxModel(file: "test", size: nil).graph
        guard case .convolution(let layer) = network.layers[1], case .int16(let weights) = layer.weights else {
            Issue.record("the convolution that reads the image has int16 weights")
            return
        }
        let tensor = try #require(graph.initializers.first { $0.name == network.graph.nodes[1].name + "/weight/codes" })
        let codes = tensor.raw.littleEndian(Int16.self)
        let (outputs, inputs, kernel) = (Int(tensor.dims[0]), Int(tensor.dims[1]), Int(tensor.dims[2]))
        let taps = kernel * kernel
        for o in 0..<outputs {
            for i in 0..<inputs {
                for tap in 0..<taps {
                    let (theirs, ours): (Int, Int) = ((o * inputs + i) * taps + tap, (o * taps + tap) * inputs + i)
                    #expect(codes[theirs] == weights[ours])
                }
            }
        }
    }

    @Test func curvesAreTablesOfTheirCodes() {
        let curve = ActivationCurve(
            inputScale: 0.001, gain: 20000, base: (0..<64).map { Int16(-$0 * 8) }, slope: [Int16](repeating: -8, count: 64))
        #expect(curve.code(0, zeroPoint: 10) == 10)
        #expect(curve.code(512, zeroPoint: 10) == 15)  // 10 + (313 − 8 + 32) / 64
        #expect(curve.code(.max, zeroPoint: 10) == 255)
        #expect(curve.code(.min, zeroPoint: 10) == 2)  // 10 + (−504 − 8 + 32) / 64
    }

    @Test(arguments: activations)
    func int16ActivationsAreCodesOfTheirScale(activation: Activation) throws {
        let network = try quantized(activation, int16: ["backbone.stem", "backbone.stages.2", "bifpn.0.top_down", "fusion"])
        let graph = try network.onnxModel(file: "test", size: nil).graph
        for (node, output) in zip(network.graph.nodes, network.outputs).dropLast() where node.operation.codes == .own {
            let zeroPoint = try #require(graph.initializers.first { $0.name == node.name + "/zero_point" })
            #expect(zeroPoint.type == (output.precision == .int16 ? ONNX.ElementType.int16 : .uint8).rawValue, "\(node.name)")
        }
        let stem = graph.nodes.filter { $0.name.hasPrefix("backbone.stem") }.map(\.operation)
        let after = activation == .silu ? ["Sigmoid", "Mul"] : activation == .hardSwish ? ["HardSwish"] : ["Relu"]
        #expect(stem == ["DequantizeLinear", "Conv"] + after + ["QuantizeLinear", "DequantizeLinear"])
    }

    @Test func logitsOfAnyOperatorKeepWhatFollowsTheirSum() throws {
        var maker = GraphMaker()
        let stem = maker.convolution(0, 5, kernel: 3, stride: 2, .relu)
        maker.convolution(stem, 5, kernel: 3, .relu, residual: stem)
        let graph = try quantized(randomNetwork(maker.graph)).onnxModel(file: "test", size: nil).graph
        let last = graph.nodes.filter { $0.name.hasPrefix("conv3x3-2/") || $0.name == "conv3x3-2" }.map(\.operation)
        #expect(last.contains("Relu") && last.contains("Add") && last.contains("QuantizeLinear"), "\(last)")
    }

    @Test func invalidNetworksAreRefused() throws {
        var network = try quantized(.relu)
        network.outputs[1].scale = .infinity
        #expect(throws: NetworkError.self) { try network.onnxModel(file: "test", size: nil) }
    }

    /// A network of every kind of operation that `activation` goes with, calibrated on one gray image.
    private func quantized(_ activation: Activation, int16: [String] = []) throws -> QuantizedNetwork {
        let config = ESegConfig(
            name: "small", width: 0.1, depth: 1, block: activation == .relu ? .fused : .mbconv, activation: activation,
            squeezeExcite: activation == .silu, liteScaling: false, forceKernel3: activation == .relu, fpnChannels: 8, fpnRepeats: 1,
            maxLevel: 6, classes: 3)
        return try quantized(FloatNetwork.random(config: config, seed: 3), int16: int16)
    }

    private func quantized(_ network: FloatNetwork, int16: [String] = []) throws -> QuantizedNetwork {
        var calibrator = try Calibrator(network: network, height: 64, width: 64, threads: 1)
        try calibrator.add(image: RGBImage(width: 64, height: 64, pixels: (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }))
        return try Quantizer.quantize(
            network: network, statistics: calibrator.finish(), options: QuantizationOptions(int16Activations: int16))
    }
}

private func bytes(_ type: Int64) -> Int {
    switch ONNX.ElementType(rawValue: type) {
    case .uint8, .int8: 1
    case .int16: 2
    case .float, .int32: 4
    default: 8
    }
}
