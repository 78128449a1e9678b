import ESegNetwork
import TestSupport
import Testing

@testable import Quantization

/// What a quantized network's integers stand for is what the float network's weights are.
@Suite("Units of a quantized network")
struct UnitsTests {
    static let activations: [Activation] = [.none, .relu, .relu6, .silu, .hardSwish]
    /// Of a node's input and of its output.
    static let codes = [[Precision.uint8, .uint8], [.uint8, .int16], [.int16, .uint8], [.int16, .int16]]

    /// A source, and what reads it: a convolution, a depthwise one, a residual one, a sum.
    private func quantized(_ activation: Activation, residual: Activation, _ codes: [Precision]) throws -> (FloatNetwork, QuantizedNetwork)
    {
        var maker = GraphMaker()
        let source = maker.convolution(0, 6, kernel: 3, stride: 2, .relu)
        let read = [
            maker.convolution(source, 6, kernel: 3, activation), maker.depthwise(source, activation),
            maker.convolution(source, 6, residual, residual: source),
            maker.sum([source, maker.resize(maker.maxPool(source), [source])], activation),
        ]
        maker.convolution(maker.sum(read), 5)
        let network = randomNetwork(maker.graph)
        let names = (codes[0] == .int16 ? [source] : []) + (codes[1] == .int16 ? read : [])
        let options = QuantizationOptions(int16Activations: names.map { network.graph.nodes[$0].name }, without: [.biasCorrection])
        let int8 = try Quantizer.quantize(network: network, statistics: statistics(network, tinyFrames(1)), options: options)
        for node in read { #expect(int8.outputs[node].precision == codes[1] && int8.outputs[source].precision == codes[0]) }
        return (network, int8)
    }

    @Test("are the float weights', whatever the codes, the activation and the residual", arguments: activations, codes)
    func weights(activation: Activation, codes: [Precision]) throws {
        for residual in [Activation.none, .relu] {
            let (float, int8) = try quantized(activation, residual: residual, codes)
            for (index, node) in int8.graph.nodes.enumerated() {
                if int8.layers[index].convolution != nil {
                    try expectWeights(of: index, int8, float)
                } else if case .weightedSum = node.operation {
                    try expectSum(of: index, int8, float)
                } else {
                    #expect(int8.unitsOfAccumulator(index).isEmpty && int8.weightsOfSum(index).isEmpty)
                }
            }
        }
    }

    /// Weights within half a code of the float ones, and biases within half a unit, but for the last bits of float32 multipliers; of the
    /// image's reader, normalized.
    private func expectWeights(of node: Int, _ int8: QuantizedNetwork, _ float: FloatNetwork) throws {
        let layer = try #require(int8.layers[node].convolution), name = int8.graph.nodes[node].name, codes = layer.weights.values
        let units = int8.unitsOfAccumulator(node), input = int8.graph.nodes[node].inputs[0]
        let step = input == 0 ? 1 : Double(int8.outputs[input].scale)
        let weights = try #require(float.parameters[name + ".weight"]).values, bias = try #require(float.parameters[name + ".bias"]).values
        #expect(units.count == bias.count && int8.weightsOfSum(node).isEmpty)
        for (channel, unit) in units.enumerated() {
            let taps = codes.count / units.count
            for tap in channel * taps..<(channel + 1) * taps {
                let expected = Double(weights[tap]) / (input == 0 ? 255 * Double(float.description.std[tap % 3]) : 1)
                #expect(abs(Double(codes[tap]) * unit / step - expected) <= unit / step * 0.51, "\(name), weight \(tap)")
            }
            guard input > 0 else { continue }
            let expected = Double(bias[channel])
            #expect(abs(Double(layer.bias[channel]) * unit - expected) <= unit / 2 + 1e-7 * abs(expected), "\(name), bias \(channel)")
        }
    }

    /// Weights within half a step of the multipliers of 8-bit arithmetic, and within a float's last bits in int16 arithmetic.
    private func expectSum(of node: Int, _ int8: QuantizedNetwork, _ float: FloatNetwork) throws {
        let name = int8.graph.nodes[node].name, weights = try #require(float.parameters[name + ".weights"]).values
        let found = int8.weightsOfSum(node), channels = int8.graph.nodes[node].channels
        #expect(int8.unitsOfAccumulator(node).isEmpty)
        for (term, input) in int8.graph.nodes[node].inputs.enumerated() {
            var tolerance = 1e-6
            if case .sum(let sum) = int8.layers[node] {
                tolerance = 0.5001 * int8.unitOfRounded(node) / Double(1 << sum.shift) / Double(int8.outputs[input].scale)
            }
            for channel in 0..<channels {
                #expect(abs(found[term][channel] - Double(weights[term * channels + channel])) <= tolerance, "\(name), term \(term)")
            }
        }
        #expect(found.count == int8.graph.nodes[node].inputs.count)
    }
}
