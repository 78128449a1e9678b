import Testing

@testable import ESegNetwork

@Suite("What sums do while they read")
struct GraphAbsorptionTests {
    /// Levels of 1/2, 1/4 and 1/8, and what `more` makes of them.
    private func graph(_ more: [Node]) -> Graph {
        func convolution(_ inputs: Int) -> ESegNetwork.Operation {
            .convolution(Convolution(inputChannels: inputs, outputChannels: 4, kernel: 3, stride: 2, activation: .relu))
        }
        return Graph(
            nodes: [
                Node(name: "image", operation: .image(Image()), inputs: []), Node(name: "half", operation: convolution(3), inputs: [0]),
                Node(name: "quarter", operation: convolution(4), inputs: [1]), Node(name: "eighth", operation: convolution(4), inputs: [2]),
            ] + more)
    }

    private func resize(_ inputs: Int...) -> Node {
        Node(name: "resize \(inputs)", operation: .resize(Resize(channels: 4)), inputs: inputs)
    }

    private func maxPool(_ input: Int) -> Node { Node(name: "pool \(input)", operation: .maxPool(MaxPool(channels: 4)), inputs: [input]) }

    private func sum(_ inputs: Int..., activation: Activation = .none) -> Node {
        let sum = WeightedSum(channels: 4, inputs: inputs.count, activation: activation)
        return Node(name: "sum \(inputs)", operation: .weightedSum(sum), inputs: inputs)
    }

    private func absorbed(_ graph: Graph) -> [Int] { graph.nodes.indices.filter { graph.absorbed[$0] } }

    @Test("is to resize and to max-pool their terms but the first")
    func terms() throws {
        let graph = graph([resize(3, 2), maxPool(1), sum(2, 4, 5, activation: .relu)])
        try graph.validate(file: "g")
        #expect(absorbed(graph) == [4, 5])
        #expect(absorbed(self.graph([resize(3, 2), maxPool(1), sum(4, 5)])) == [5], "the first term is read as it is")
        #expect(graph.pyramidLevels(of: 6) == nil)
    }

    @Test("is nothing that others read too, that has several steps, or that is the output")
    func others() {
        let readTwice = graph([resize(3, 2), sum(2, 4), Node(name: "depthwise", operation: depthwise, inputs: [4]), sum(5, 6)])
        #expect(absorbed(readTwice) == [])
        #expect(absorbed(graph([resize(3, 2), sum(2, 4), sum(5, 4)])) == [4], "but several sums")
        #expect(absorbed(graph([resize(3, 2, 1), sum(1, 4)])) == [])
        #expect(absorbed(graph([sum(1, 1), resize(3, 2)])) == [])
    }

    private let depthwise: ESegNetwork.Operation = .depthwise(Depthwise(channels: 4, kernel: 3, stride: 1, activation: .none))

    @Test("is to bring the levels of a pyramid down step by step")
    func pyramid() throws {
        let graph = graph([resize(2, 1), resize(3, 2, 1), sum(1, 4, 5)])
        try graph.validate(file: "g")
        #expect(graph.pyramidLevels(of: 6) == [1, 2, 3])
        #expect(absorbed(graph) == [4, 5])
        #expect(graph.sources(of: 6, absorbed: graph.absorbed) == [1, 2, 3])
        #expect(graph.lives(absorbed: graph.absorbed) == [0...1, 1...6, 2...6, 3...6, 4...4, 5...5, 6...6])
    }

    @Test("is no pyramid in any other order, with an activation, or of two levels")
    func noPyramids() {
        #expect(graph([resize(2, 1), resize(3, 2, 1), sum(1, 5, 4)]).pyramidLevels(of: 6) == nil)
        #expect(graph([resize(2, 1), resize(3, 1), sum(1, 4, 5)]).pyramidLevels(of: 6) == nil)
        #expect(graph([resize(2, 1), resize(3, 2, 1), sum(1, 4, 5, activation: .relu)]).pyramidLevels(of: 6) == nil)
        #expect(graph([resize(2, 1), sum(1, 4)]).pyramidLevels(of: 5) == nil)
        #expect(graph([resize(2, 1)]).pyramidLevels(of: 4) == nil)
    }

    @Test("is not to bring a pyramid down where others read one of its resizes: each then takes its own steps")
    func pyramidReadTwice() {
        let graph = graph([
            resize(2, 1), resize(3, 2, 1), sum(1, 4, 5), Node(name: "depthwise", operation: depthwise, inputs: [4]), sum(6, 7),
        ])
        #expect(graph.pyramidLevels(of: 6) == [1, 2, 3])
        #expect(absorbed(graph) == [])
    }
}
