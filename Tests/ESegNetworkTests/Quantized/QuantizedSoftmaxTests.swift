import Testing

@testable import ESegNetwork

@Suite("A quantized softmax")
struct QuantizedSoftmaxTests {
    private static func network() -> QuantizedNetwork {
        let first = Convolution(inputChannels: 3, outputChannels: 4, kernel: 3, stride: 1, activation: .none)
        let graph = Graph(nodes: [
            Node(name: "image", operation: .image(Image()), inputs: []), Node(name: "first", operation: .convolution(first), inputs: [0]),
            Node(name: "shares", operation: .softmax(Softmax(channels: 4)), inputs: [1]),
        ])
        return .random(graph, seed: 5)
    }

    @Test("reads back as it was written")
    func files() throws {
        let network = Self.network()
        try network.validate(file: "n")
        try withTemporaryFolder { folder in
            try network.write(to: folder + "/a.eseg")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a.eseg") == network)
        }
    }

    @Test("has a positive step and a scale that fits", arguments: [0, -1, .nan, .infinity] as [Float])
    func steps(step: Float) {
        var network = Self.network()
        network.layers[2] = .softmax(QuantizedSoftmax(step: step))
        #expect(networkError { try network.validate(file: "n") }?.field == "layer shares: step")
        network = Self.network()
        network.outputs[2].scale = 1e-12
        #expect(networkError { try network.validate(file: "n") }?.field == "layer shares: scale")
    }
}
