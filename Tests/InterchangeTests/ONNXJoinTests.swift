import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Interchange

/// What graphs of other people do with maps: brought together, resized, averaged, and with numbers that no network has.
@Suite struct ONNXJoinTests {
    private static let plain = InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])

    /// A model of 32×32 pixels; `build` gets two maps of four channels and 16×16 pixels and returns its output.
    private static func model(isNamed: Bool = true, _ build: (inout ONNXGraphWriter, _ a: String, _ b: String) -> String) -> ONNX.Model {
        var writer = ONNXGraphWriter(name: "test")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
        let maps = ["a", "b"].enumerated().map { index, name in convolution(&writer, image, name, inputs: 3, stride: 2, seed: index) }
        let output = build(&writer, maps[0], maps[1])
        writer.output(output, .float, [])
        var model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
        if !isNamed { for i in model.graph.nodes.indices { model.graph.nodes[i].name = "" } }
        return model
    }

    private static func convolution(
        _ writer: inout ONNXGraphWriter, _ input: String, _ name: String, inputs: Int, outputs: Int = 4, stride: Int = 1, groups: Int = 1,
        kernel: Int = 3, seed: Int
    ) -> String {
        let count = outputs * inputs / groups * kernel * kernel
        let values = (0..<count).map { Float(($0 * 37 + seed * 11) % 23 - 11) / 23 }
        let weights = writer.constant(name + ".weight", values, shape: [outputs, inputs / groups, kernel, kernel])
        let geometry = Window(kernel: kernel, stride: stride).onnxAttributes + [.int("group", groups)]
        return writer.node("Conv", [input, weights], name, geometry)
    }

    private static func logits(_ model: ONNX.Model) throws -> [Float] {
        let network = try FloatNetwork(model, file: "test.onnx", input: plain)
        return try FloatExecutor(network, height: 32, width: 32, threads: 1).run(.gradient(width: 32, height: 32)).logits
    }

    private static func doubled(_ writer: inout ONNXGraphWriter, _ map: String) -> String {
        let scales = writer.constant(map + ".scales", [Float(1), 1, 2, 2], shape: [4])
        return writer.node(
            "Resize", [map, "", scales], map + ".doubled",
            [.string("mode", "nearest"), .string("coordinate_transformation_mode", "asymmetric"), .string("nearest_mode", "floor")])
    }

    @Test func nodesWithoutNamesKeepTheirOwnMaps() throws {
        let each = try [true, false].map { isNamed in
            try Self.logits(
                Self.model(isNamed: isNamed) { writer, a, b in
                    let sums = [a, b].map { map in
                        writer.node("Add", [map, writer.node("GlobalAveragePool", [map], map + ".mean")], map + ".sum")
                    }
                    return writer.node("Add", sums, "all")
                })
        }
        #expect(each[0] == each[1] && Set(each[0]).count > 1)
    }

    @Test func aMapOfOnePixelMayBeSubtractedFromOrSubtract() throws {
        let differences = try [false, true].map { isTurned in
            try Self.logits(
                Self.model { writer, a, b in
                    let mean = writer.node("GlobalAveragePool", [b], "mean")
                    return writer.node("Sub", isTurned ? [mean, a] : [a, mean], "difference")
                })
        }
        #expect(differences[0] == differences[1].map { -$0 } && Set(differences[0]).count > 1)
    }

    @Test func resizesThatASumHasAloneAreNodes() throws {
        let apart = try Self.logits(
            Self.model { writer, a, b in writer.node("Add", [Self.doubled(&writer, a), Self.doubled(&writer, b)], "sum") })
        let together = try Self.logits(Self.model { writer, a, b in Self.doubled(&writer, writer.node("Add", [a, b], "sum")) })
        #expect(apart == together && Set(apart).count > 1)
        let scaled = try Self.logits(
            Self.model { writer, a, _ in writer.node("Mul", [Self.doubled(&writer, a), writer.scalar("two", Float(2))], "scaled") })
        let plain = try Self.logits(Self.model { writer, a, _ in Self.doubled(&writer, a) })
        #expect(zip(scaled, plain).allSatisfy { $0 == 2 * $1 })
    }

    @Test func anAveragePoolOfTheWholeMapIsTheMeanOverAllPixels() throws {
        for stride in [1, 16] {
            let model = Self.model { writer, a, b in
                let pool = Window(
                    rows: .init(kernel: 16, stride: stride, before: 0, after: 0),
                    columns: .init(kernel: 16, stride: stride, before: 0, after: 0))
                return writer.node("Mul", [b, writer.node("AveragePool", [a], "pool", pool.onnxAttributes)], "gated")
            }
            let network = try FloatNetwork(model, file: "test.onnx", input: Self.plain)
            #expect(network.graph.nodes.contains { $0.operation == .globalAveragePool(GlobalAveragePool(channels: 4)) })
        }
    }

    @Test func numbersThatNoNetworkHasAreRefused() throws {
        let cases: [(String, (inout ONNXGraphWriter, String) -> String)] = [
            ("output_padding", { Self.transposed(&$0, $1, .ints("output_padding", [.max, .max])) }),
            ("output_padding", { Self.transposed(&$0, $1, .ints("output_shape", [.min, .max])) }),
            ("pads", { Self.transposed(&$0, $1, .ints("pads", [.max, 0, .min, 0])) }),
            ("strides", { Self.transposed(&$0, $1, .ints("strides", [.max, .max])) }),
            ("weights", { Self.transposed(&$0, $1, .ints("strides", [11, 11]), outputs: 136, kernel: 11) }),
            (
                "weights",
                { writer, map in
                    let wide = Self.convolution(&writer, map, "wide", inputs: 4, outputs: 4096, kernel: 1, seed: 1)
                    return Self.convolution(&writer, wide, "grouped", inputs: 4096, outputs: 4096, groups: 2048, seed: 2)
                }
            ),
            ("blocksize", { writer, map in writer.node("DepthToSpace", [map], "space", [.int("blocksize", .max)]) }),
            ("kernel_shape", { writer, map in writer.node("AveragePool", [map], "pool", [.ints("kernel_shape", [.max, .min])]) }),
            (
                "pads",
                { writer, map in writer.node("Pad", [map, writer.constant("pads", [Int64](repeating: .max, count: 8), shape: [8])], "pad") }
            ),
        ]
        for (field, build) in cases {
            let model = Self.model { writer, a, _ in build(&writer, a) }
            let result = Result { () throws(NetworkError) in try FloatNetwork(model, file: "test.onnx", input: Self.plain) }
            guard case .failure(let error) = result else {
                Issue.record("\(field) was taken")
                continue
            }
            #expect(error.file == "test.onnx" && error.field.hasPrefix("node ") && error.field.contains(field), "\(error)")
        }
    }

    @Test func aStepBeyondAllChannelsTakesTheFirst() throws {
        let model = Self.model { writer, a, _ in
            let bounds = [(1, "starts"), (.max, "ends"), (1, "axes"), (.max, "steps")].map { value, name in
                writer.constant(name, [Int64(value)], shape: [1])
            }
            return writer.node("Slice", [a] + bounds, "slice")
        }
        let network = try FloatNetwork(model, file: "test.onnx", input: Self.plain)
        #expect(network.graph.nodes.contains { $0.operation == .channelSelection(ChannelSelection(inputChannels: 4, selected: [1])) })
    }

    private static func transposed(
        _ writer: inout ONNXGraphWriter, _ map: String, _ attribute: ONNX.Attribute, outputs: Int = 2, kernel: Int = 2
    ) -> String {
        let values = [Float](repeating: 0.5, count: 4 * outputs * kernel * kernel)
        let weights = writer.constant("up.weight", values, shape: [4, outputs, kernel, kernel])
        let usual = ONNX.Attribute.ints("strides", [2, 2])
        return writer.node("ConvTranspose", [map, weights], "up", attribute.name == "strides" ? [attribute] : [usual, attribute])
    }
}
