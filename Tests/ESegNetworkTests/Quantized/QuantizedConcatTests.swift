import Testing

@testable import ESegNetwork

@Suite("A quantized concat")
struct QuantizedConcatTests {
    /// A convolution, its max-pool's resize and another convolution side by side, 8-bit or int16.
    private func network(int16: Bool = false) -> QuantizedNetwork {
        func layer(_ inputs: Int, _ channels: Int) -> Operation {
            .convolution(Convolution(inputChannels: inputs, outputChannels: channels, kernel: 1, stride: 1, activation: .none))
        }
        let graph = Graph(nodes: [
            Node(name: "image", operation: .image(Image()), inputs: []),
            Node(name: "first", operation: layer(3, 4), inputs: [0]), Node(name: "second", operation: layer(3, 7), inputs: [0]),
            Node(name: "joined", operation: .concat(Concat(inputChannels: [4, 7])), inputs: [1, 2]),
            Node(name: "classifier", operation: layer(11, 3), inputs: [3]),
        ])
        return .random(graph, seed: 5, int16: int16 ? [1, 3] : [])
    }

    private func field(after change: (inout QuantizedNetwork) -> Void) -> String? {
        var network = network()
        change(&network)
        return networkError { try network.validate(file: "n") }?.field
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

    @Test("has one positive multiplier for each input, none of which can reach 2^30")
    func multipliers() {
        for bad in [[1], [1, 1, 1], [1, 0], [-1, 1], [.nan, 1], [1, .infinity], [0x1p23, 1]] as [[Float]] {
            #expect(field { $0.layers[3] = .concat(QuantizedConcat(multipliers: bad)) } == "layer joined: multiplier")
        }
        var network = network(int16: true)
        network.layers[3] = .concat(QuantizedConcat(multipliers: [Float(0x1p15).nextDown, 1]))
        #expect(throws: Never.self) { try network.validate(file: "n") }
        network.layers[3] = .concat(QuantizedConcat(multipliers: [0x1p15, 1]))
        #expect(throws: NetworkError.self) { try network.validate(file: "n") }
        #expect(field { $0.layers[3] = .passing } == "layer joined: layer")
    }

    @Test("passes codes that are its own on unchanged")
    func equalCodes() {
        func network(_ multiplier: Float) -> QuantizedNetwork {
            var network = self.network()
            network.outputs[2] = network.outputs[3]
            network.layers[3] = .concat(QuantizedConcat(multipliers: [0.5, multiplier]))
            return network
        }
        #expect(throws: Never.self) { try network(1).validate(file: "n") }
        #expect(networkError { try network(0.5).validate(file: "n") }?.field == "layer joined: multiplier")
    }
}
