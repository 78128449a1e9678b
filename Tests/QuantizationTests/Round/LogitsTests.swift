import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Logits of any operator")
struct LogitsTests {
    private func quantized(_ build: (inout GraphMaker, _ half: Int) -> Void) throws -> QuantizedNetwork {
        var maker = GraphMaker()
        build(&maker, maker.convolution(0, 5, kernel: 3, stride: 2, .relu))
        let network = randomNetwork(maker.graph)
        return try Quantizer.quantize(network: network, statistics: statistics(network, tinyFrames(1)))
    }

    /// The names of the nodes with int16 codes, without their numbers.
    private func int16(_ network: QuantizedNetwork) throws -> [String] {
        try network.validate(file: "n")
        return zip(network.graph.nodes, network.outputs).filter { $1.precision == .int16 }.map { node, _ in node.operation.label }
    }

    @Test("are int16: of a plain convolution, an activated one, a depthwise one, a sum")
    func own() throws {
        #expect(try int16(quantized { $0.convolution($1, 5) }) == ["conv1x1"])
        for activation in [Activation.relu, .relu6, .silu, .hardSwish] {
            #expect(try int16(quantized { $0.convolution($1, 5, kernel: 3, activation) }) == ["conv3x3"])
            #expect(try int16(quantized { $0.depthwise($1, activation) }) == ["depthwise3x3"])
            #expect(try int16(quantized { $0.sum([$1, $1], activation) }) == ["sum"])
        }
        #expect(try int16(quantized { $0.convolution($1, 5, residual: $1) }) == ["conv1x1"])
    }

    @Test("that are passed on are int16 from where they are computed")
    func passedOn() throws {
        #expect(try int16(quantized { $0.resize($0.maxPool($0.convolution($1, 5)), [$1]) }) == ["conv1x1", "max-pool", "resize"])
        #expect(try int16(quantized { $0.maxPool($0.sum([$1, $1])) }) == ["sum", "max-pool"])
    }

    @Test("keep their classes however small they are", arguments: [1e-8, 1e-10, 1e-20] as [Float])
    func tiny(scale: Float) throws {
        let network = tinyNetwork(activation: .relu)
        let plain = try logitsSQNR(network, fitted(network))
        let last = try #require(network.graph.nodes.last).name
        var small = network
        for name in [last + ".weight", last + ".bias"] {
            small.parameters[name]?.values = try #require(network.parameters[name]).values.map { $0 * scale }
        }
        #expect(try abs(logitsSQNR(small, fitted(small)) - plain) < 0.5)
    }

    @Test("may come of layers that are small within")
    func tinyWithin() throws {
        let network = tinyNetwork(activation: .relu)
        for exponent in [-30, -60] {
            let small = rescaled(network, exponents: Array(repeating: exponent, count: 8))
            #expect(try logitsSQNR(small, fitted(small)) > 20)
        }
    }

    @Test("may come of gates, whose codes are int16, as are those of all that lives on one pixel")
    func gates() throws {
        #expect(try int16(quantized { $0.convolution($1, 5, .sigmoid) }) == ["conv1x1"])
        let names = try int16(quantized { $0.squeezeExcite($0.convolution($1, 5), squeezed: 2) })
        #expect(names == ["mean", "conv1x1", "conv1x1", "product"])
    }
}
