import ESegNetwork
import TestSupport
import Testing

@testable import Interchange

/// Activations that exporters spell out, recognized by what they compute, and what only looks like them.
@Suite struct ONNXFunctionTests {
    /// A model of 32×32 pixels; `build` gets a map of four channels and returns its output.
    private static func network(_ build: (inout ONNXGraphWriter, String) -> String) throws -> FloatNetwork {
        var writer = ONNXGraphWriter(name: "test")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
        let weights = writer.constant("weights", (0..<108).map { Float($0 % 7) - 3 }, shape: [4, 3, 3, 3])
        let map = writer.node("Conv", [image, weights], "map", Window(kernel: 3, stride: 2).onnxAttributes)
        let output = build(&writer, map)
        writer.output(output, .float, [])
        let model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 20])
        return try FloatNetwork(model, file: "test.onnx", input: InputNormalization(mean: [0, 0, 0], std: [1, 1, 1]))
    }

    private static func gelu(_ writer: inout ONNXGraphWriter, _ map: String, root: Float = Float(2).squareRoot()) -> String {
        let scaled = writer.node("Div", [map, writer.scalar("root", root)], "scaled")
        let share = writer.node("Add", [writer.node("Erf", [scaled], "erf"), writer.scalar("one", Float(1))], "share")
        return writer.node("Mul", [writer.node("Mul", [map, writer.scalar("half", Float(0.5))], "halved"), share], "gelu")
    }

    @Test func geluIsTheActivationOfWhatGivesItsInput() throws {
        let network = try Self.network { writer, map in Self.gelu(&writer, map) }
        #expect(network.graph.nodes.count == 2 && network.graph.nodes[1].operation.activation == .gelu)
    }

    @Test func geluOfWhatOthersReadIsALayer() throws {
        let network = try Self.network { writer, map in writer.node("Add", [Self.gelu(&writer, map), map], "sum") }
        #expect(network.graph.nodes.map(\.operation.activation) == [.none, .none, .gelu, .none])
    }

    @Test func anotherFunctionIsRefusedByItsOperator() {
        let refusal = refusal { try Self.network { writer, map in Self.gelu(&writer, map, root: 1.4) } }
        #expect(refusal.hasPrefix("node \"erf\""), "\(refusal)")
    }

    @Test func squaresAndTheirSumsAreProductsAsBefore() throws {
        let network = try Self.network { writer, map in
            let square = writer.node("Mul", [map, map], "square")
            return writer.node("Add", [square, map], "sum")
        }
        #expect(network.graph.nodes.map(\.operation.name) == ["image", "convolution", "product", "weighted_sum"])
    }

    @Test func aLongChainOfFunctionsIsNoDeepOne() throws {
        let network = try Self.network { writer, map in
            (0..<3000).reduce(writer.node("Mul", [map, map], "square")) { chain, i in
                writer.node("Add", [chain, writer.scalar("term\(i)", Float(0))], "sum\(i)")
            }
        }
        #expect(network.graph.nodes.contains { $0.operation.name == "product" })
    }

    @Test(arguments: [(Float(1), 2), (0.5, 5), (0, 5)])
    func eluOfAnyAlphaIsOneOfAlphaOneAndReLU(alpha: Float, count: Int) throws {
        let network = try Self.network { writer, map in writer.node("Elu", [map], "elu", [.float("alpha", alpha)]) }
        #expect(network.graph.nodes.count == count && network.graph.nodes.contains { $0.operation.activation == .elu })
    }

    @Test func attributesThatThereAreNot() {
        let elu = refusal { try Self.network { writer, map in writer.node("Elu", [map], "elu", [.float("alpha", .nan)]) } }
        #expect(elu == "node \"elu\" (\"Elu\"): alpha")
        let gelu = refusal { try Self.network { writer, map in writer.node("Gelu", [map], "gelu", [.string("approximate", "no")]) } }
        #expect(gelu == "node \"gelu\" (\"Gelu\"): approximate")
    }

    /// The field that an import is refused for.
    private func refusal(_ make: () throws -> FloatNetwork) -> String {
        do {
            _ = try make()
            return "taken"
        } catch {
            return (error as? NetworkError)?.field ?? "\(error)"
        }
    }
}
