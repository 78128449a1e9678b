import ESegNetwork
import TestSupport
import Testing

@testable import Interchange

/// Elements of a map taken one by one: what is an average over a grid's cells is taken, anything else is refused by the node's name.
@Suite struct ONNXElementsTests {
    /// A model of 32×32 pixels; `build` gets two maps of four channels and 16×16 pixels and returns its output.
    private static func network(_ build: (inout ONNXGraphWriter, _ a: String, _ b: String) -> String) throws -> FloatNetwork {
        var writer = ONNXGraphWriter(name: "test")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
        let weights = writer.constant("weights", (0..<108).map { Float($0 % 7) - 3 }, shape: [4, 3, 3, 3])
        let maps = ["a", "b"].map { writer.node("Conv", [image, weights], $0, Window(kernel: 3, stride: 2).onnxAttributes) }
        let output = build(&writer, maps[0], maps[1])
        writer.output(output, .float, [])
        let model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
        return try FloatNetwork(model, file: "test.onnx", input: InputNormalization(mean: [0, 0, 0], std: [1, 1, 1]))
    }

    /// Rows and columns of a map by themselves: [1, 4, rows of cells, rows in one, columns of cells, columns in one].
    private static func cells(
        _ writer: inout ONNXGraphWriter, _ map: String, _ rows: [[Int64]], _ columns: [[Int64]], _ name: String = "cells"
    ) -> String {
        let down = writer.constant(name + ".rows", rows.flatMap { $0 }, shape: [rows.count, rows[0].count])
        let across = writer.constant(name + ".columns", columns.flatMap { $0 }, shape: [columns.count, columns[0].count])
        let taken = writer.node("Gather", [map, down], name + ".taken", [.int("axis", 2)])
        return writer.node("Gather", [taken, across], name, [.int("axis", 4)])
    }

    private static let halves: [[Int64]] = [Array(0..<8), Array(8..<16)]
    private static let reduction: [ONNX.Attribute] = [.ints("axes", [-3, -1]), .int("keepdims", 0)]

    @Test func meansOfGatheredCellsAreAPoolToAGrid() throws {
        let network = try Self.network { writer, a, _ in
            let overlapping: [[Int64]] = [Array(0..<6), Array(5..<11), Array(10..<16)]
            return writer.node("ReduceMean", [Self.cells(&writer, a, Self.halves, overlapping)], "pool", Self.reduction)
        }
        #expect(network.graph.nodes.last?.operation == .adaptiveAveragePool(AdaptiveAveragePool(channels: 4, rows: 2, columns: 3)))
    }

    @Test(arguments: [(Float(64), true), (63, false), (0, false), (.nan, false)])
    func sumsAreDividedByTheCellsPixels(divisor: Float, isTaken: Bool) throws {
        let make = {
            try Self.network { writer, a, _ in
                let sums = writer.node("ReduceSum", [Self.cells(&writer, a, Self.halves, Self.halves)], "sums", Self.reduction)
                return writer.node("Div", [sums, writer.scalar("count", divisor)], "pool")
            }
        }
        if isTaken { _ = try make() } else { #expect(Self.refusal(make).hasPrefix("node \"pool\" (\"Div\"): output")) }
    }

    @Test func whatIsNoPoolIsRefusedByName() {
        let ends: [(String, (inout ONNXGraphWriter, String, String) -> String)] = [
            ("cells", { writer, a, _ in Self.cells(&writer, a, [[0, 99]], Self.halves) }),
            (
                "pool",
                { writer, a, _ in
                    writer.node("ReduceMean", [Self.cells(&writer, a, [Array(1..<9), Array(8..<16)], Self.halves)], "pool", Self.reduction)
                }
            ),
            ("pool", { writer, a, _ in writer.node("ReduceMean", [Self.cells(&writer, a, Self.halves, Self.halves)], "pool") }),
            (
                "sum",
                { writer, a, b in
                    let (x, y) = (
                        Self.cells(&writer, a, Self.halves, Self.halves), Self.cells(&writer, b, Self.halves, Self.halves, "others")
                    )
                    return writer.node("Add", [x, y], "sum")
                }
            ),
            ("relu", { writer, a, _ in writer.node("Relu", [Self.cells(&writer, a, Self.halves, Self.halves)], "relu") }),
            (
                "sum12",
                { writer, a, _ in
                    (0..<20).reduce(Self.cells(&writer, a, [[0]], [[0]])) { writer.node("Add", [$0, $0], "sum\($1)") }
                }
            ),
        ]
        for (name, build) in ends {
            let refusal = Self.refusal { try Self.network(build) }
            #expect(refusal.hasPrefix("node \"\(name)"), "\(refusal)")
        }
    }

    /// The field that an import is refused for.
    private static func refusal(_ make: () throws -> FloatNetwork) -> String {
        do {
            _ = try make()
            return "taken"
        } catch {
            return (error as? NetworkError)?.field ?? "\(error)"
        }
    }
}
