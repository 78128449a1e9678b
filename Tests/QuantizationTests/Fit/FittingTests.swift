import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Fitting")
struct FittingTests {
    @Test("brings logits nearer to float's than rounding each weight by itself", arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func closeness(activation: Activation) throws {
        let network = tinyNetwork(activation: activation)
        let plain = try logitsSQNR(network, fitted(network, QuantizationOptions(effort: .fast)))
        for effort in [Effort.default, .best] {
            let found = try logitsSQNR(network, fitted(network, QuantizationOptions(effort: effort)))
            #expect(found > plain)
        }
    }

    @Test("gives the same network with any count of threads")
    func threads() throws {
        let network = tinyNetwork(activation: .relu6)
        let (one, three) = (try fitted(network, threads: 1), try fitted(network, threads: 3))
        #expect(one == three)
    }

    @Test("tells which techniques it used", arguments: Technique.allCases)
    func provenance(technique: Technique) throws {
        let made = try fitted(tinyNetwork(activation: .relu), QuantizationOptions(without: [technique])).provenance
        #expect(made["quantization.effort"] == "default")
        let used = try #require(made["quantization.techniques"]).split(separator: " ")
        #expect(used.map { String($0) } == Technique.allCases.filter { $0 != technique }.map(\.rawValue))
    }

    @Test("works on int16 activations too")
    func int16() throws {
        let network = tinyNetwork(activation: .relu)
        let narrow = try logitsSQNR(network, fitted(network))
        let names = network.graph.nodes.dropLast().filter { $0.operation.codes == .own }.map(\.name)
        let options = QuantizationOptions(int16Activations: names)
        let int16 = try logitsSQNR(network, fitted(network, options))
        #expect(int16 > narrow + 10)
    }

    @Test("refuses frames of unlike size")
    func sizes() {
        let images = [randomImage(height: 48, width: 48, seed: 1), randomImage(height: 48, width: 64, seed: 1)]
        #expect(throws: CalibrationError.imageSize(found: "64x48", expected: "48x48")) { try FittingFrames(images) }
        #expect(throws: CalibrationError.noImages) { try FittingFrames([]) }
    }

    @Test("keeps as many frames as memory allows")
    func memory() throws {
        let graph = tinyNetwork(activation: .relu).graph
        let (few, many) = (
            try FittingFrames.count(atMost: 32, graph, height: 4096, width: 8192),
            try FittingFrames.count(atMost: 32, graph, height: 480, width: 640)
        )
        #expect(few < 8 && many == 32)
    }

    @Test("keeps no maps of what sums do while they read", arguments: [(360, 480, 32), (720, 1280, 15), (1024, 2048, 6)])
    func absorbedMemory(height: Int, width: Int, count: Int) throws {
        let graph = try Architecture(config: try #require(ESegConfig.preset("eseg-edge"))).graph
        #expect(try FittingFrames.count(atMost: 32, graph, height: height, width: width) == count)
    }

    @Test("leaves layers alone whose matrix would be too large")
    func taps() throws {
        let network = broadNetwork(channels: 512)
        let node = try #require(network.graph.nodes.firstIndex { $0.name == "broad" })
        #expect(network.graph.nodes[node].operation.taps > DenseFit.mostTaps)
        let (plain, found) = (try fitted(network, QuantizationOptions(effort: .fast)), try fitted(network))
        let (expected, weights) = (plain.layers[node].convolution?.weights, found.layers[node].convolution?.weights)
        #expect(weights != nil && weights == expected)
        #expect(found.layers.last != plain.layers.last, "others are fitted")
    }

    /// Three convolutions, the second of which reads that many channels.
    private func broadNetwork(channels: Int) -> FloatNetwork {
        var random = SplitMix(seed: 11)
        var network = tinyNetwork(activation: .relu)
        network.graph.nodes = [network.graph.nodes[0]]
        let layers = [
            ("stem", 3, channels, 3, 2, Activation.relu), ("broad", channels, 8, 3, 2, .relu), ("classifier", 8, 11, 1, 1, .none),
        ]
        for (index, (name, inputs, outputs, kernel, stride, activation)) in layers.enumerated() {
            let layer = Convolution(
                inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: activation)
            network.graph.nodes.append(Node(name: name, operation: .convolution(layer), inputs: [index]))
            let taps = kernel * kernel * inputs, deviation = (2 / Double(taps)).squareRoot()
            let weights = (0..<outputs * taps).map { _ in Float(random.gaussian() * deviation) }
            network.parameters[name + ".weight"] = FloatTensor(shape: [outputs, kernel, kernel, inputs], values: weights)
            network.parameters[name + ".bias"] = FloatTensor(
                shape: [outputs], values: (0..<outputs).map { _ in Float(0.3 * random.gaussian()) })
        }
        return network
    }
}
