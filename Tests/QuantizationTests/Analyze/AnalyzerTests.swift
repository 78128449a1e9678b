import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Analyzer")
struct AnalyzerTests {
    private func int8(_ network: FloatNetwork) throws -> QuantizedNetwork {
        let options = QuantizationOptions(int16Weights: .named([]), effort: .fast, without: Set(Technique.allCases))
        return try Quantizer.quantize(network: network, statistics: statistics(network, tinyFrames(2)), options: options)
    }

    private func analysis(_ network: FloatNetwork, labels: [UInt8]? = nil) throws -> Analysis {
        let frames = try tinyFrames(2)
        var analyzer = try Analyzer(network, int8: int8(network), height: 48, width: 48, threads: 1)
        for image in frames.images { try analyzer.add(image, labels: labels) }
        return try analyzer.finish()
    }

    @Test("looks at every layer but what sums do while they read", arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func layers(activation: Activation) throws {
        let network = tinyNetwork(activation: activation), found = try analysis(network)
        let absorbed = ["top_down.up.1", "bottom_up.down.2", "fusion.up.1"]
        #expect(found.layers.map(\.name) == network.graph.nodes.dropFirst().map(\.name).filter { !absorbed.contains($0) })
        for layer in found.layers {
            let node = network.graph.nodes[layer.node]
            #expect((layer.weights != nil) == (node.operation.taps > 0), "\(layer.name)")
            #expect((layer.output != nil) == (layer.name != "pool" && layer.name != "classifier"), "\(layer.name)")
            #expect(layer.cumulative.pixels == 2 * 48 * 48)
            if let weights = layer.weights { #expect(weights.logits.decibels > 20, "\(layer.name)") }
            if let output = layer.output { #expect(output.logits.decibels > 20, "\(layer.name)") }
        }
        #expect(found.all.logits.decibels > 15)
        #expect(found.floatMeanIoU == nil)
    }

    @Test("tries each layer's output alone, whatever was tried before it")
    func alone() throws {
        let network = tinyNetwork(activation: .relu), int8 = try int8(network), frames = try tinyFrames(2)
        let found = try analysis(network)
        for layer in found.layers {
            guard let output = layer.output else { continue }
            var logits = SignalToNoise()
            for image in frames.images {
                let executor = try FloatExecutor(network, height: 48, width: 48, threads: 1, keepsAll: true)
                let expected = try executor.run(image, from: 0).logits
                int8.outputs[layer.node].round(executor.mutableOutput(of: layer.node))
                let rounded = try executor.run(image, from: layer.node + 1).logits
                expected.withUnsafeBufferPointer { expected in rounded.withUnsafeBufferPointer { logits.add(expected, approximations: $0) }
                }
            }
            #expect(output.logits == logits, "\(layer.name)")
        }
    }

    @Test("names what an effort makes int16: outputs that 8 bits ruin, or those that stand out")
    func int16() {
        let hurt = damages(outputs: [3e-3, 2e-5, 2e-3, 1e-4, 9e-4, 1e-5], weights: 5e-5)
        #expect(hurt.needsInt16(.fast) == [])
        #expect(hurt.needsInt16(.default) == ["0", "2"])
        #expect(hurt.needsInt16(.best) == ["0", "2", "4", "3"])
        #expect(damages(outputs: [1e-5, 0.9e-5, 1.1e-5], weights: 1e-4).needsInt16(.best) == [])
        #expect(damages(outputs: [Double](repeating: 2e-3, count: 12), weights: 0).needsInt16(.best).count == 12)
        #expect(damages(outputs: [], weights: 0).needsInt16(.best) == [])
    }

    /// Layers that do so much noise.
    private func damages(outputs: [Double], weights: Double) -> Analysis {
        func damage(_ noise: Double) -> Damage {
            var damage = Damage()
            let (signal, error): ([Float], Float) = ([1], Float(noise.squareRoot()))
            signal.withUnsafeBufferPointer { signal in [1 + error].withUnsafeBufferPointer { damage.logits.add(signal, approximations: $0) }
            }
            return damage
        }
        let layers = outputs.enumerated().map { node, noise in
            LayerDamage(
                node: node, name: "\(node)", kind: "1x1", level: 2, weights: damage(weights), output: damage(noise), cumulative: Damage(),
                channelRanges: [])
        }
        return Analysis(layers: layers, floatMeanIoU: nil)
    }

    @Test("says what the int8 network itself loses", arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func total(activation: Activation) throws {
        let network = tinyNetwork(activation: activation)
        let (found, real) = (try analysis(network).all.logits.decibels, try logitsSQNR(network, int8(network), frames: 0..<2))
        #expect(abs(found - real) < 2)
    }

    @Test("finds the layer whose weights hurt, and the one whose channels differ")
    func ranking() throws {
        let hard = rescaled(tinyNetwork(activation: .relu), exponents: [-6, 6, 0, 0, 0, 0, 0, 0])
        let found = try analysis(hard)
        #expect(found.ranking.first?.name == "stem")
        #expect(found.layers.max { $0.channelSpread < $1.channelSpread }?.name == "stem")
        var coarse = tinyNetwork(activation: .relu)
        // One weight per row so large that the rest of the row has few codes left, on a channel that is always zero.
        for output in 0..<8 { coarse.parameters["block.project.weight"]?.values[output * 8] = 400 }
        coarse.parameters["block.depthwise.bias"]?.values[0] = -1e4
        let ranking = try analysis(coarse).ranking
        let worst = try #require(ranking.first)
        #expect(worst.name == "block.project" && worst.weightNoise > worst.outputNoise)
    }

    @Test("counts mIoU where there are labels")
    func labels() throws {
        let found = try analysis(tinyNetwork(activation: .relu), labels: (0..<48 * 48).map { UInt8($0 / 48 % 11) })
        let before = try #require(found.floatMeanIoU)
        #expect(before > 0)
        #expect(found.layers.allSatisfy { $0.cumulative.meanIoU != nil })
    }

    @Test("adds up noise by kind and level")
    func groups() throws {
        let found = try analysis(tinyNetwork(activation: .relu))
        let total = found.layers.reduce(0) { $0 + $1.noise }
        for groups in [found.noise { $0.kind }, found.noise { "P\($0.level)" }] {
            #expect(abs(groups.reduce(0) { $0 + $1.weights + $1.outputs } - total) < 1e-9 * total)
            #expect(groups.map { $0.weights + $0.outputs } == groups.map { $0.weights + $0.outputs }.sorted(by: >))
        }
    }
}
