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

    @Test("of a sigmoid, a mean or a product that belong to no gate cannot be")
    func notQuantized() throws {
        for (operation, expected) in [("convolution", "a sigmoid"), ("product", "global_average_pool")] {
            var maker = GraphMaker()
            let half = maker.convolution(0, 5, kernel: 3, stride: 2, .relu)
            if operation == "product" { maker.squeezeExcite(half, squeezed: 1) } else { maker.convolution(half, 5, .sigmoid) }
            let network = randomNetwork(maker.graph)
            do {
                _ = try Quantizer.quantize(network: network, statistics: statistics(network, tinyFrames(1)))
                Issue.record("a network with \(operation) was quantized")
            } catch let error as CalibrationError { #expect("\(error)".contains(expected)) }
        }
    }
}
