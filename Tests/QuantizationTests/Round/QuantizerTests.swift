#if canImport(Glibc)
    import TestSupport
    import Glibc
#else
    import Foundation
#endif
import ESegNetwork
import ESegRuntime
import Testing

@testable import Quantization

private func calibrated(_ network: FloatNetwork, images: Int = 3, size: Int = 48) throws -> CalibrationStatistics {
    var calibrator = try Calibrator(network: network, height: size, width: size, threads: 1)
    for seed in 0..<images { try calibrator.add(image: randomImage(height: size, width: size, seed: UInt64(seed))) }
    return try calibrator.finish()
}

@Suite("Quantizer")
struct QuantizerTests {
    @Test(
        "gives a network whose logits are close to float's",
        arguments: [Activation.relu, .relu6, .silu, .hardSwish], [RangeMethod.automatic, .minMax, .percentile(99.99), .mse, .kl])
    func closeness(activation: Activation, range: RangeMethod) throws {
        let network = tinyNetwork(activation: activation)
        let quantized = try Quantizer.quantize(
            network: network, statistics: calibrated(network), options: QuantizationOptions(range: range))
        let session = try Session(Model(quantized), height: 48, width: 48)
        let image = randomImage(height: 48, width: 48, seed: 99)
        let float = try FloatExecutor(network, height: 48, width: 48, threads: 1).run(image)
        _ = try session.segment(image)
        let scale = try #require(quantized.outputs.last).scale
        #expect(signalToNoise(float.logits, session.logits.map { Float($0) * scale }) > 25)
    }

    /// SQNR in dB.
    private func signalToNoise(_ expected: [Float], _ found: [Float]) -> Double {
        var signal = 0.0, noise = 0.0
        for (expected, found) in zip(expected, found) {
            signal += Double(expected * expected)
            noise += Double((expected - found) * (expected - found))
        }
        return 10 * log10(signal / noise)
    }

    @Test("keeps every number within the arithmetic's bounds", arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func bounds(activation: Activation) throws {
        let network = tinyNetwork(activation: activation)
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        try quantized.validate(file: "tiny")
        for (node, (layer, output)) in zip(quantized.graph.nodes, zip(quantized.layers, quantized.outputs)) {
            #expect(output.scale.isFinite && output.scale > 0)
            switch layer {
            case .convolution(let layer), .depthwise(let layer):
                #expect(layer.multiplier.allSatisfy { $0.isFinite && $0 > 0 })
                let expectsCurve = activation.isCurved && ["stem", "head", "block.depthwise", "block2.depthwise"].contains(node.name)
                #expect((layer.curve != nil) == expectsCurve)
                #expect((layer.residual != nil) == (node.name == "block2.project"))
                if let residual = layer.residual { #expect((1...14).contains(residual.shift) && residual.multiplier > 0) }
            case .sum(let sum):
                #expect((1...24).contains(sum.shift))
                for channel in 0..<8 {
                    let greatest = sum.multipliers.reduce(0) { $0 + 255 * abs(Int($1[channel])) }
                    #expect(greatest + (1 << (sum.shift - 1)) <= Int(Int32.max))
                }
            case .image(let padding):
                #expect(padding == [124, 116, 104])
            case .gate, .passing, .int16Sum, .concat, .rescaled, .softmax:
                break
            }
        }
    }

    @Test("puts zero at code 0 after ReLU, and ends ReLU6 at 6 or below")
    func zeroPoints() throws {
        for activation in [Activation.relu, .relu6] {
            let network = tinyNetwork(activation: activation)
            let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
            for (node, output) in zip(quantized.graph.nodes, quantized.outputs) {
                guard ["stem", "block.depthwise", "head"].contains(node.name) else { continue }
                #expect(output.zeroPoint == 0)
                #expect(activation == .relu || output.top <= 6.0001)
            }
        }
    }

    @Test("passes a max-pool's input quantization on")
    func maxPool() throws {
        let network = tinyNetwork(activation: .relu)
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        let pool = try #require(network.graph.nodes.firstIndex { $0.name == "pool" })
        #expect(quantized.outputs[pool] == quantized.outputs[network.graph.nodes[pool].inputs[0]])
    }

    @Test("stores int16 weights for the stem, and where it is told to")
    func int16Weights() throws {
        let network = tinyNetwork(activation: .relu)
        let statistics = try calibrated(network)
        func int16(_ layers: Int16Weights) throws -> [String] {
            let options = QuantizationOptions(int16Weights: layers)
            let quantized = try Quantizer.quantize(network: network, statistics: statistics, options: options)
            return try #require(quantized.provenance["quantization.int16Weights"]).split(separator: " ").map(String.init)
        }
        #expect(try int16(.automatic) == ["stem"])
        #expect(try int16(.named(["block2", "head"])) == ["stem", "block2.project", "head"])
        #expect(throws: CalibrationError.int16Weights(name: "block3")) { try int16(.named(["block3"])) }
    }

    @Test("with int16 activations is nearer to float, the more of them there are", arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func int16Activations(activation: Activation) throws {
        let network = tinyNetwork(activation: activation), statistics = try calibrated(network)
        let float = try FloatExecutor(network, height: 48, width: 48, threads: 1).run(randomImage(height: 48, width: 48, seed: 99))
        let all = network.graph.nodes.dropLast().filter { $0.operation.codes == .own }.map(\.name)
        let ratios = try [[], ["stem", "block"], all].map { names in
            let options = QuantizationOptions(int16Activations: names)
            let quantized = try Quantizer.quantize(network: network, statistics: statistics, options: options)
            try quantized.validate(file: "tiny")
            #expect(quantized.outputs.filter { $0.precision == .int16 }.count > names.count)
            let session = try Session(Model(quantized), height: 48, width: 48)
            _ = try session.segment(randomImage(height: 48, width: 48, seed: 99))
            let scale = try #require(quantized.outputs.last).scale
            return signalToNoise(float.logits, session.logits.map { Float($0) * scale })
        }
        #expect(ratios[0] < ratios[1] && ratios[1] + 20 < ratios[2], "\(ratios)")
        #expect(ratios[2] > 55)
    }

    @Test("takes names of modules for int16 activations, but none of what has no choice")
    func int16ActivationNames() throws {
        let network = tinyNetwork(activation: .relu), statistics = try calibrated(network)
        func int16(_ names: String...) throws -> [String] {
            let options = QuantizationOptions(int16Activations: names)
            let quantized = try Quantizer.quantize(network: network, statistics: statistics, options: options)
            #expect(quantized.provenance["quantization.int16Activations"] == names.joined(separator: " "))
            return zip(network.graph.nodes, quantized.outputs).filter { $1.precision == .int16 }.map(\.0.name)
        }
        #expect(try int16("stem") == ["stem", "classifier"])
        #expect(try int16("block2") == ["block2.depthwise", "block2.project", "pool", "top_down.up.1", "classifier"])
        for name in ["pool", "classifier", "image", "block3", "ste", ""] {
            #expect(throws: CalibrationError.int16Activations(name: name)) { try int16(name) }
        }
    }

    @Test("stores int16 weights where input channels differ much in scale")
    func automaticInt16Weights() throws {
        var network = tinyNetwork(activation: .relu)
        try scale(channel: 0, of: "block.se", into: "block.project", by: 1000, in: &network)
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        #expect(quantized.provenance["quantization.int16Weights"] == "stem block.project")
    }

    /// Divides what a convolution multiplies one input channel with, and scales that channel's source, here the depthwise convolution's.
    private func scale(channel: Int, of source: String, into reader: String, by factor: Float, in network: inout FloatNetwork) throws {
        for tap in 0..<9 { network.parameters["block.depthwise.weight"]?.values[channel * 9 + tap] *= factor }
        network.parameters["block.depthwise.bias"]?.values[channel] *= factor
        for output in 0..<8 { network.parameters[reader + ".weight"]?.values[output * 8 + channel] /= factor }
        for squeezed in 0..<2 { network.parameters[source + ".reduce.weight"]?.values[squeezed * 8 + channel] /= factor }
    }

    @Test("tells what it was made of")
    func provenance() throws {
        let network = tinyNetwork(activation: .silu)
        let quantized = try Quantizer.quantize(
            network: network, statistics: calibrated(network, images: 2), options: QuantizationOptions(range: .percentile(99.9)))
        #expect(quantized.provenance["calibration.images"] == "2")
        #expect(quantized.provenance["calibration.size"] == "48x48")
        #expect(quantized.provenance["quantization.range"] == "percentile:99.9")
    }

    @Test("gives a dead layer finite scales")
    func deadLayer() throws {
        var network = tinyNetwork(activation: .relu)
        network.parameters["stem.weight"]?.values = Array(repeating: 0, count: 8 * 27)
        network.parameters["stem.bias"]?.values = Array(repeating: -1, count: 8)
        network.parameters["classifier.weight"]?.values = Array(repeating: 0, count: 11 * 8)
        network.parameters["classifier.bias"]?.values = Array(repeating: 0, count: 11)
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        #expect(quantized.outputs.allSatisfy { $0.scale.isFinite && $0.scale > 0 })
        let session = try Session(Model(quantized), height: 48, width: 48)
        #expect(try session.segment(randomImage(height: 48, width: 48, seed: 1)).classes.count == 48 * 48)
    }

    @Test("refuses a SiLU or ReLU6 before a residual sum", arguments: [Activation.silu, .relu6])
    func activationBeforeResidual(activation: Activation) throws {
        var network = tinyNetwork(activation: .relu)
        let index = try #require(network.graph.nodes.firstIndex { $0.name == "block2.project" })
        guard case .convolution(var layer) = network.graph.nodes[index].operation else { return }
        layer.activation = activation
        network.graph.nodes[index].operation = .convolution(layer)
        let statistics = try calibrated(network)
        let expected = CalibrationError.unsupported(node: "block2.project", operation: "\(activation.rawValue) before a residual sum")
        #expect(throws: expected) { try Quantizer.quantize(network: network, statistics: statistics) }
    }

    @Test("keeps a ReLU before a residual sum")
    func reluBeforeResidual() throws {
        var network = tinyNetwork(activation: .relu)
        let index = try #require(network.graph.nodes.firstIndex { $0.name == "block2.project" })
        guard case .convolution(var layer) = network.graph.nodes[index].operation else { return }
        layer.activation = .relu
        network.graph.nodes[index].operation = .convolution(layer)
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        guard case .convolution(let convolution) = quantized.layers[index] else { return }
        #expect(convolution.residual?.relu == true)
    }

    @Test("leaves steps of what a softmax reads no finer than its sums of exponentials need")
    func softmaxInput() throws {
        var maker = GraphMaker()
        let small = maker.convolution(0, 4), next = maker.add(.softmax(Softmax(channels: 4)), [small])
        maker.convolution(next, 2)
        var network = randomNetwork(maker.graph)
        for (name, tensor) in network.parameters where name.hasPrefix(maker.nodes[small].name) {
            network.parameters[name]?.values = tensor.values.map { $0 * 0x1p-40 }
        }
        let quantized = try Quantizer.quantize(network: network, statistics: calibrated(network))
        #expect(Double(quantized.outputs[small].scale) >= Quantization.leastSoftmaxStep)
    }

    @Test("shifts a sum as far as its factors and itself leave room, and at least once")
    func shifts() {
        #expect(greatestShift(atMost: 14, factor: 1, sum: 0) == 14)
        #expect(greatestShift(atMost: 14, factor: 32767.0 / 16384, sum: 0) == 14)
        #expect(greatestShift(atMost: 14, factor: 2, sum: 0) == 13)
        #expect(greatestShift(atMost: 14, factor: 0, sum: 0x1p20) == 10)
        #expect(greatestShift(atMost: 14, factor: 0, sum: 0x1p20 + 1) == 9)
        #expect(greatestShift(atMost: 14, factor: 1e9, sum: 1e9) == 1)
    }

    @Test("names a parameter that is missing, of the wrong size or not finite")
    func badParameters() throws {
        let network = tinyNetwork(activation: .relu)
        let statistics = try calibrated(network)
        func quantize(_ change: (inout FloatNetwork) -> Void) throws {
            var changed = network
            change(&changed)
            _ = try Quantizer.quantize(network: changed, statistics: statistics)
        }
        #expect(throws: CalibrationError.parameter(name: "head.bias", found: "none", expected: "8 values")) {
            try quantize { $0.parameters["head.bias"] = nil }
        }
        #expect(throws: CalibrationError.parameter(name: "head.bias", found: "9 values", expected: "8")) {
            try quantize { $0.parameters["head.bias"]?.values.append(0) }
        }
        #expect(throws: CalibrationError.self) { try quantize { $0.parameters["head.bias"]?.values[0] = .nan } }
    }
}
