import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Codes of a concat")
struct ConcatTests {
    /// - Parameter scale: with which the weights and biases of the last input's node are multiplied.
    private func quantized(scale: Float = 1, _ build: (inout GraphMaker) -> [Int]) throws -> QuantizedNetwork {
        var maker = GraphMaker()
        let maps = build(&maker)
        maker.convolution(maker.concat(maps), 3)
        var network = randomNetwork(maker.graph)
        let last = maker.graph.nodes[maps[maps.count - 1]].name
        for name in [last + ".weight", last + ".bias"] {
            guard let tensor = network.parameters[name] else { continue }
            network.parameters[name] = FloatTensor(shape: tensor.shape, values: tensor.values.map { $0 * scale })
        }
        var calibrator = try Calibrator(network: network, height: 32, width: 48, threads: 1)
        for seed in 0..<2 { try calibrator.add(image: randomImage(height: 32, width: 48, seed: UInt64(seed))) }
        return try Quantizer.quantize(network: network, statistics: calibrator.finish())
    }

    private func codes(_ network: QuantizedNetwork) -> (inputs: [Quantization], output: Quantization, multipliers: [Float]) {
        let index = network.graph.nodes.count - 2
        guard case .concat(let concat) = network.layers[index] else { return ([], network.outputs[index], []) }
        return (network.graph.nodes[index].inputs.map { network.outputs[$0] }, network.outputs[index], concat.multipliers)
    }

    @Test(
        "are its inputs', where these end in one activation and nothing else reads them",
        arguments: [Activation.none, .relu, .relu6, .silu])
    func shared(activation: Activation) throws {
        let found = codes(
            try quantized { maker in
                let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
                return [maker.convolution(stem, 5, activation), maker.depthwise(maker.convolution(stem, 6), activation)]
            })
        #expect(found.inputs == [found.output, found.output] && found.multipliers == [1, 1])
    }

    @Test("reach through concats of concats")
    func nested() throws {
        let network = try quantized { maker in
            let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
            let inner = maker.concat([maker.convolution(stem, 5, .relu), maker.convolution(stem, 2, .relu)])
            return [maker.convolution(stem, 3, .relu), inner]
        }
        #expect(Set(network.outputs[2..<7].map(\.scale)).count == 1)
    }

    @Test("are its own where an input that is read elsewhere has a smaller range, or another activation than the others")
    func own() throws {
        func read(_ scale: Float) throws -> (inputs: [Quantization], output: Quantization, multipliers: [Float]) {
            codes(
                try quantized(scale: scale) { maker in
                    let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
                    return [stem, maker.convolution(stem, 5, .relu)]
                })
        }
        #expect(try read(1).multipliers == [1, 1])
        let large = try read(10)
        #expect(large.multipliers[0] < 0.5 && large.multipliers[1] == 1)
        let mixed = codes(
            try quantized { maker in
                let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
                return [maker.convolution(stem, 4), maker.convolution(stem, 5, .relu)]
            })
        #expect(mixed.inputs[1].zeroPoint == 0 && mixed.output.zeroPoint > 0)
    }
}
