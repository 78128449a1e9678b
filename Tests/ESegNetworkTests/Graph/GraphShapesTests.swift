import Testing

@testable import ESegNetwork

@Suite("The shapes of a graph")
struct GraphShapesTests {
    private static func convolution(_ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1) -> ESegNetwork.Operation {
        .convolution(Convolution(inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: .relu))
    }

    /// Half the image by a convolution and then by a max-pool, and by a convolution that resizes need not follow.
    private let graph = Graph(nodes: [
        Node(name: "image", operation: .image(Image()), inputs: []),
        Node(name: "half", operation: convolution(3, 4, stride: 2), inputs: [0]),
        Node(name: "quarter", operation: .maxPool(MaxPool(channels: 4)), inputs: [1]),
        Node(name: "whole", operation: convolution(3, 4), inputs: [0]),
        Node(name: "up", operation: .resize(Resize(channels: 4)), inputs: [2, 1, 3]),
        Node(name: "sum", operation: .weightedSum(WeightedSum(channels: 4, inputs: 2, activation: .none)), inputs: [4, 3]),
    ])

    @Test("follow from the image's by each operator's own rule; the logits have any size up to it")
    func sizes() throws {
        let sizes = try graph.shapes(height: 33, width: 50).map { [$0.height, $0.width, $0.channels] }
        #expect(sizes == [[33, 50, 3], [17, 25, 4], [9, 13, 4], [33, 50, 4], [33, 50, 4], [33, 50, 4]])
        #expect(try graph.levels(height: 33, width: 50) == [0, 1, 2, 0, 0, 0])
    }

    @Test("do not count inputs whose size alone is read as reads")
    func reads() {
        #expect(graph.readers == [[1, 3], [2], [4], [5], [5], []])
        #expect(graph.lives(absorbed: graph.nodes.map { _ in false }) == [0...3, 1...2, 2...4, 3...5, 4...5, 5...5])
    }

    @Test("that do not fit are an error that names the node, and the image's size")
    func misfit() throws {
        var graph = graph
        graph.nodes[4].inputs = [2, 1]
        let error = try #require(networkError { _ = try graph.shapes(height: 33, width: 50, file: "g") })
        #expect(error.file == "g" && error.field == "graph node sum: inputs")
        #expect(error.found == "maps of 25x17 and 50x33 for an image of 50x33" && error.expected == "maps of one size")
    }

    @Test("may fit at one size of the image and not at another")
    func sizesThatFit() throws {
        var graph = Graph(nodes: [graph.nodes[0], graph.nodes[1]])
        for level in 2...5 {
            graph.nodes.append(Node(name: "level\(level)", operation: Self.convolution(4, 4, stride: 2), inputs: [level - 1]))
        }
        graph.nodes.append(Node(name: "scaled", operation: .product(Product(channels: 4)), inputs: [1, 5]))
        #expect(try graph.shapes(height: 32, width: 32).last == Shape(height: 16, width: 16, channels: 4))
        let error = try #require(networkError { _ = try graph.shapes(height: 33, width: 32) })
        #expect(error.field == "graph node scaled: factor" && error.found == "a map of 1x2 for an image of 32x33")
    }

    @Test("are those of images of 32 to 16384 pixels a side")
    func imageSides() throws {
        #expect(throws: Never.self) { try graph.shapes(height: 32, width: 16384) }
        #expect(networkError { _ = try graph.shapes(height: 31, width: 32) }?.field == "height")
        #expect(networkError { _ = try graph.shapes(height: 32, width: 16385) }?.field == "width")
    }

    @Test("stay so small that all counts of them are numbers")
    func extents() throws {
        let axis = Window.Axis(kernel: 11, stride: 1, dilation: 64, before: 640, after: 640)
        let grow = Convolution(
            inputChannels: 4, outputChannels: 4, window: Window(rows: axis, columns: axis), activation: .relu)
        var graph = Graph(nodes: [graph.nodes[0], graph.nodes[3]])
        for step in 0..<100 { graph.nodes.append(Node(name: "grow\(step)", operation: .convolution(grow), inputs: [step + 1])) }
        let error = try #require(networkError { _ = try graph.shapes(height: 32, width: 32) })
        #expect(error.field == "graph node grow25: window" && error.found == "a map of 16672x16672 for an image of 32x32", "\(error)")
    }

    @Test("cost what their convolutions do")
    func macs() throws {
        #expect(try graph.macs(height: 32, width: 32) == [0, 256 * 4 * 27, 0, 1024 * 4 * 27, 0, 0])
    }
}
