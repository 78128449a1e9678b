import ESegNetwork
import Testing

@testable import Interchange

/// Graphs whose every node is well-formed, but of which there are too many.
@Suite struct ONNXHostileGraphTests {
    /// What importing a chain of one operator says, between a convolution of 16 channels and one of two.
    private func error(
        _ operation: String, _ inputs: [String], _ attributes: [ONNX.Attribute] = [], count: Int = 12000
    ) throws -> NetworkError {
        var writer = ONNXGraphWriter(name: "main")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
        func weights(_ name: String, _ shape: [Int]) -> String {
            writer.constant(name, [Float](repeating: 0.5, count: shape.reduce(1, *)), shape: shape)
        }
        let first = weights("first", [16, 3, 1, 1]), last = weights("last", [2, 16, 1, 1])
        for (name, shape) in [("half", [1]), ("map", [1, 16, 1, 1]), ("blocks", [16, 16, 2, 2])] { _ = weights(name, shape) }
        _ = writer.constant("scales", [Float(1), 1, 2, 2], shape: [4])
        var tensor = writer.node("Conv", [image, first], "conv")
        for index in 0..<count {
            tensor = writer.node(operation, inputs.map { $0 == "before" ? tensor : $0 }, "link\(index)", attributes)
        }
        writer.output(writer.node("Conv", [tensor, last], "logits"), .float, [])
        let model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
        let input = InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])
        let result = Result { () throws(NetworkError) in try FloatNetwork(model, file: "test.onnx", input: input) }
        guard case .failure(let error) = result else {
            return try #require(nil as NetworkError?, "found a network, expected an error")
        }
        return error
    }

    @Test func tensorsThatWaitForEachOtherDoNotEndTheStack() throws {
        for (operation, inputs) in [
            ("Sigmoid", ["before"]), ("Mul", ["before", "half"]), ("Div", ["before", "half"]), ("Mul", ["before", "map"]),
        ] {
            let error = try error(operation, inputs)
            #expect(error.field.contains("logits") && error.found.contains("wait for each other"), "\(operation): \(error)")
        }
    }

    /// A dimension of zero comes last: the product before it is no number.
    @Test func sizesOfEmptyConstantsAreNumbers() throws {
        for dims in [[1 << 62, 4, 0], [0, 1 << 62, 4], [-1 << 62, 4, 0]] as [[Int64]] {
            for operation in ["Size", "Shape", "Cast", "Flatten", "Transpose", "ReduceSum"] {
                var writer = ONNXGraphWriter(name: "main")
                _ = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
                var empty = ONNX.Tensor()
                (empty.name, empty.dims, empty.type) = ("empty", dims, ONNX.ElementType.float.rawValue)
                let node = ONNX.Node(name: "n", operation: operation, inputs: ["empty"], outputs: ["n"], attributes: [.int("to", 1)])
                writer.output("n", .float, [])
                var graph = writer.graph
                graph.initializers.append(empty)
                graph.nodes.append(node)
                let model = ONNX.Model(irVersion: 8, producer: "test", graph: graph, operatorSets: ["": 17])
                let input = InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])
                #expect(throws: NetworkError.self) { _ = try FloatNetwork(model, file: "test.onnx", input: input) }
            }
        }
    }

    @Test func mapsThatGrowFromNodeToNodeAreRefusedBeforeTheirSizesAreNoNumbers() throws {
        let nearest: [ONNX.Attribute] = [
            .string("mode", "nearest"), .string("coordinate_transformation_mode", "asymmetric"), .string("nearest_mode", "floor"),
        ]
        let channels = try error("Concat", ["before", "before"], [.int("axis", 1)], count: 100)
        #expect(channels.field.contains("link10") && channels.found == "32x32x32768", "\(channels)")
        let blocks = try error("ConvTranspose", ["before", "blocks"], [.ints("strides", [2, 2])], count: 100)
        #expect(blocks.field.contains("link9") && blocks.found == "32768x32768x16", "\(blocks)")
        let windows = try error(
            "MaxPool", ["before"], [.ints("kernel_shape", [601, 601]), .ints("pads", [600, 600, 600, 600])], count: 100)
        #expect(windows.field.contains("link27") && windows.found == "16832x16832x16", "\(windows)")
        let resized = try error("Resize", ["before", "", "scales"], nearest, count: 100)
        #expect(resized.field.contains("link9"), "\(resized)")
    }
}
