import Testing

@testable import ESegNetwork

@Suite("A quantized PReLU")
struct QuantizedSlopeTests {
    /// A convolution and a depthwise one with slopes, 8-bit or int16.
    private func network(int16: Bool = false) -> QuantizedNetwork {
        let first = Convolution(inputChannels: 3, outputChannels: 4, kernel: 3, stride: 1, activation: .prelu)
        let graph = Graph(nodes: [
            Node(name: "image", operation: .image(Image()), inputs: []), Node(name: "first", operation: .convolution(first), inputs: [0]),
            Node(name: "each", operation: .depthwise(Depthwise(channels: 4, kernel: 1, stride: 1, activation: .prelu)), inputs: [1]),
            Node(
                name: "classifier",
                operation: .convolution(Convolution(inputChannels: 4, outputChannels: 3, kernel: 1, stride: 1, activation: .none)),
                inputs: [2]),
        ])
        return .random(graph, seed: 5, int16: int16 ? [1] : [])
    }

    private func network(slope: [Float]?) throws -> QuantizedNetwork {
        var network = network()
        var layer = try #require(network.layers[1].convolution)
        layer.slope = slope
        network.layers[1] = .convolution(layer)
        return network
    }

    @Test("reads back as it was written", arguments: [false, true])
    func files(int16: Bool) throws {
        let network = network(int16: int16)
        try network.validate(file: "n")
        try withTemporaryFolder { folder in
            try network.write(to: folder + "/a.eseg")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a.eseg") == network)
        }
    }

    @Test("has one finite slope for each channel, of any sign and size")
    func slopes() throws {
        for good in [[0, -1, 2, 1e30], [-0.25, 0.25, 0.5, 1]] as [[Float]] { try network(slope: good).validate(file: "n") }
        for bad in [nil, [], [1, 1, 1], [1, 1, 1, .nan], [.infinity, 1, 1, 1]] as [[Float]?] {
            let network = try network(slope: bad)
            #expect(networkError { try network.validate(file: "n") }?.field == "layer first: slope")
        }
    }

    @Test("follows a convolution without residual, and no sum")
    func places() {
        let layer = Convolution(inputChannels: 4, outputChannels: 4, kernel: 1, stride: 1, activation: .prelu, residual: true)
        #expect(throws: OperatorFault.self) { try layer.check(inputChannels: [4, 4]) }
        #expect(throws: OperatorFault.self) { try WeightedSum(channels: 4, inputs: 2, activation: .prelu).check(inputChannels: [4, 4]) }
    }
}
