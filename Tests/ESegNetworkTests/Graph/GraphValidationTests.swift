import Testing

@testable import ESegNetwork

@Suite("A graph that is not an ESeg network is rejected")
struct GraphValidationTests {
    /// image → stem (1/2) → a (1/4) → b (1/8), brought back to 1/4 by two sums, then the classifier.
    static let valid = Graph(nodes: [
        Node(name: "image", operation: .image(Image()), inputs: []),
        Node(name: "stem", operation: convolution(3, 8, kernel: 3, stride: 2, activation: .relu), inputs: [0]),
        Node(name: "a", operation: .depthwise(Depthwise(channels: 8, kernel: 3, stride: 2, activation: .relu)), inputs: [1]),
        Node(name: "b", operation: .maxPool(MaxPool(channels: 8)), inputs: [2]),
        Node(name: "se", operation: .gate(Gate(channels: 8, squeezed: 2)), inputs: [3]),
        Node(name: "up", operation: .resize(Resize(channels: 8)), inputs: [4, 2]),
        Node(name: "fuse", operation: sum(2, activation: .relu), inputs: [2, 5]),
        Node(name: "residual", operation: convolution(8, 8, residual: true), inputs: [6, 2]),
        Node(name: "sum", operation: sum(2), inputs: [7, 5]),
        Node(name: "classifier", operation: convolution(8, 5), inputs: [8]),
    ])

    private func field(after change: (inout Graph) -> Void) -> String? {
        var graph = Self.valid
        change(&graph)
        do throws(NetworkError) {
            try graph.validate(file: "g")
            return nil
        } catch { return error.field }
    }

    private static func convolution(
        _ inputs: Int, _ outputs: Int, kernel: Int = 1, stride: Int = 1, activation: Activation = .none, residual: Bool = false
    ) -> ESegNetwork.Operation {
        let layer = Convolution(
            inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: activation, residual: residual)
        return .convolution(layer)
    }

    private static func sum(_ inputs: Int, activation: Activation = .none) -> ESegNetwork.Operation {
        .weightedSum(WeightedSum(channels: 8, inputs: inputs, activation: activation))
    }

    @Test("while the plain one passes")
    func plain() throws {
        try Self.valid.validate(file: "g")
        #expect(try Self.valid.levels(height: 64, width: 96) == [0, 1, 2, 3, 3, 2, 2, 2, 2, 2])
    }

    @Test("for its structure")
    func structure() {
        #expect(field { $0.nodes = [] } == "graph")
        #expect(field { $0.nodes = Array(repeating: $0.nodes[1], count: 5000) } == "graph")
        #expect(field { $0.nodes[2].name = "stem" } == "graph.nodes[2].name")
        #expect(field { $0.nodes[2].name = "" } == "graph.nodes[2].name")
        #expect(field { $0.nodes[2].operation = .image(Image()) } == "graph node a: operation")
        #expect(field { $0.nodes[0].operation = .maxPool(MaxPool(channels: 3)) } == "graph node image: operation")
        #expect(field { $0.nodes[0].inputs = [0] } == "graph node image: inputs")
        #expect(field { $0.nodes[2].inputs = [2] } == "graph node a: inputs")
        #expect(field { $0.nodes[2].inputs = [7] } == "graph node a: inputs")
        #expect(field { $0.nodes[2].inputs = [-1] } == "graph node a: inputs")
        #expect(field { $0.nodes[6].inputs = [5] } == "graph node fuse: inputs")
        #expect(field { $0.nodes[1].inputs = [] } == "graph node image: output")
        #expect(field { $0.nodes[9].inputs = [7] } == "graph node sum: output")
        #expect(field { $0.nodes[5].inputs = [2, 4] } == "graph node se: output", "whose size alone is read")
    }

    @Test("for its channels, kernels and strides")
    func attributes() {
        #expect(field { $0.nodes[1].operation = Self.convolution(4, 8, kernel: 3, stride: 2) } == "graph node stem: inputs")
        #expect(field { $0.nodes[1].operation = Self.convolution(3, 8, kernel: 12, stride: 2) } == "graph node stem: kernel rows")
        #expect(field { $0.nodes[1].operation = Self.convolution(3, 8, kernel: 3, stride: 0) } == "graph node stem: stride of rows")
        #expect(field { $0.nodes[1].operation = Self.convolution(3, 8, kernel: 3, stride: .max) } == "graph node stem: stride of rows")
        #expect(field { $0.nodes[1].operation = Self.convolution(3, 0, kernel: 3, stride: 2) } == "graph node stem: channels")
        #expect(field { $0.nodes[1].operation = Self.convolution(3, 1 << 40, kernel: 3, stride: 2) } == "graph node stem: channels")
        #expect(field { $0.nodes[1].operation = Self.convolution(.min, 8, kernel: 3, stride: 2) } == "graph node stem: input channels")
        #expect(
            field { $0.nodes[2].operation = .depthwise(Depthwise(channels: 9, kernel: 3, stride: 2, activation: .relu)) }
                == "graph node a: inputs")
        #expect(
            field { $0.nodes[2].operation = .depthwise(Depthwise(channels: 8, kernel: 12, stride: 2, activation: .relu)) }
                == "graph node a: kernel rows")
        #expect(field { $0.nodes[4].operation = .gate(Gate(channels: 8, squeezed: 0)) } == "graph node se: squeezed")
        #expect(field { $0.nodes[3].operation = .maxPool(MaxPool(channels: 7)) } == "graph node b: inputs")
    }

    @Test("for what its operators cannot read")
    func inputs() {
        #expect(field { $0.nodes[7].inputs = [6, 0] } == "graph node residual: residual")
        #expect(field { $0.nodes[7].inputs = [6] } == "graph node residual: inputs")
        #expect(field { $0.nodes[3].inputs = [0] } == "graph node b: inputs")
        #expect(field { $0.nodes[5].inputs = [4] } == "graph node up: inputs")
        #expect(field { $0.nodes[6].operation = Self.sum(1) } == "graph node fuse: inputs")
        #expect(field { $0.nodes[6].operation = Self.sum(17) } == "graph node fuse: inputs")
        #expect(field { $0.nodes[8].operation = Self.sum(.max) } == "graph node sum: inputs")
    }

    @Test("for what comes last: a logit for each of up to 255 classes, by any operator")
    func logits() {
        #expect(field { $0.nodes[9].operation = Self.convolution(8, 255) } == nil)
        #expect(field { $0.nodes[9].operation = Self.convolution(8, 256) } == "graph: logits")
        #expect(field { $0.nodes[9].operation = Self.convolution(8, 5, kernel: 3, activation: .relu) } == nil)
        #expect(field { $0.nodes.removeLast() } == nil)
    }
}
