import ESegNetwork
import Testing

@testable import Interchange

@Suite struct PartialImportTests {
    /// A stem, a branch whose middle is no operator of this project, one that is whole, and their sum.
    private static func model(_ middle: String) -> ONNX.Model {
        var writer = ONNXGraphWriter(name: "main")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(64), .fixed(96)])
        func weights(_ outputs: Int, _ inputs: Int) -> [Float] { [Float](repeating: 0.5, count: outputs * inputs) }
        let stemWeights = writer.constant("stem.weight", weights(4, 3), shape: [4, 3, 1, 1])
        let weight = writer.constant("weight", weights(4, 4), shape: [4, 4, 1, 1])
        let stem = writer.node("Relu", [writer.node("Conv", [image, stemWeights], "stem/Conv")], "stem/Relu")
        let middle = writer.node(middle, [writer.node("Conv", [stem, weight], "left/Conv")], "left/middle")
        let left = writer.node("Conv", [middle, weight], "left/last/Conv")
        let right = writer.node("Conv", [stem, weight], "right/Conv")
        writer.output(writer.node("Add", [left, right], "sum"), .float, [])
        return ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
    }

    @Test func whatIsUnderstoodAndWhatIsNotAreBothTold() throws {
        let part = try PartialImport(Self.model("Softplus"), file: "test.onnx")
        #expect(part.graph.nodes.map(\.name) == ["image", "stem", "left", "right"])
        #expect(part.graph.nodes.map(\.inputs) == [[], [0], [1], [1]])
        #expect(part.nodeCount == 7 && part.imageSize == MapSize(height: 64, width: 96))
        #expect(part.omitted.map(\.name) == ["left/middle", "left/last/Conv", "sum"])
        #expect(part.omitted.map(\.operation) == ["Softplus", "Conv", "Add"])
        #expect(part.omitted.map(\.reason) == [.refused, .behind, .behind])
        let shapes = part.graph.knownShapes(height: 64, width: 96)
        #expect(shapes == [Shape(height: 64, width: 96, channels: 3)] + repeatElement(Shape(height: 64, width: 96, channels: 4), count: 3))
    }

    @Test func nodesBehindAreRefusedToWhereTheirOperatorIsUnknown() throws {
        var model = Self.model("Softplus")
        model.graph.nodes[4].operation = "LSTM"
        let part = try PartialImport(model, file: "test.onnx")
        #expect(part.omitted.map(\.reason) == [.refused, .refused, .behind])
    }

    /// Such as where no node is refused but the output is none that a network can have.
    @Test func wholeGraphsOmitNothing() throws {
        var model = Self.model("Sigmoid")
        let whole = try PartialImport(model, file: "test.onnx")
        #expect(whole.omitted.isEmpty && whole.graph.nodes.contains { $0.name == "left" })
        model.graph.outputs = []
        let open = try PartialImport(model, file: "test.onnx")
        #expect(open.omitted.isEmpty && open.graph.nodes.contains { $0.name == "left" })
    }

    @Test func shapesOfLayersThatDoNotFitAreNotKnown() {
        func convolution(_ name: String, _ inputs: Int, _ input: Int) -> Node {
            Node(
                name: name,
                operation: .convolution(Convolution(inputChannels: inputs, outputChannels: 4, kernel: 1, stride: 1, activation: .none)),
                inputs: [input])
        }
        let graph = Graph(nodes: [
            Node(name: "image", operation: .image(Image()), inputs: []), convolution("a", 3, 0), convolution("b", 5, 1),
            convolution("c", 4, 2), convolution("d", 4, 9), convolution("e", 4, 1),
        ])
        let shapes = graph.knownShapes(height: 32, width: 32)
        #expect(shapes.map { $0?.channels } == [3, 4, nil, nil, nil, 4])
    }

    @Test func graphsOfWhichNothingCanBeUnderstoodAreErrors() {
        var old = Self.model("Relu"), blind = old
        old.operatorSets = ["": 8]
        blind.graph.inputs = []
        for model in [old, blind] { #expect(throws: NetworkError.self) { _ = try PartialImport(model, file: "test.onnx") } }
    }
}
