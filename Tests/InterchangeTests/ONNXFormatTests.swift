import ESegNetwork
import Foundation
import TestSupport
import Testing

@testable import Interchange

@Suite struct ONNXFormatTests {
    private static let values: [Float] = [1, -2, 3.5, 0.25]

    /// A model with one initializer, "weight", of four floats that another file has, written into a folder.
    private static func model(
        in folder: TemporaryFolder, _ external: [String: String], dims: [Int64] = [4], name: String = "model.onnx"
    ) throws -> String {
        let tensor = ONNX.Tensor(name: "weight", dims: dims, type: ONNX.ElementType.float.rawValue, isExternal: true, external: external)
        let node = ONNX.Node(name: "relu", operation: "Relu", inputs: ["weight"], outputs: ["output"])
        let graph = ONNX.Graph(name: "graph", nodes: [node], initializers: [tensor])
        return try folder.write(ONNX.Model(irVersion: 8, graph: graph, operatorSets: ["": 17]).bytes, to: name)
    }

    /// Eight other bytes, then those of the values.
    private static var data: [UInt8] {
        [UInt8](repeating: 9, count: 8)
            + values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    }

    private static func weight(_ path: String) throws(NetworkError) -> Constant? {
        guard let tensor = try ONNX.Model(contentsOf: path).graph.initializers.first else { return nil }
        return try Constant(tensor, file: path, place: "weight")
    }

    @Test func numbersAreReadFromTheFieldOfTheirType() throws {
        let tensor = try ONNX.Tensor([0x08, 2, 0x10, 6, 0x28, 7, 0x28, 8, 0x38, 9][...])
        #expect(tensor.dims == [2] && tensor.type == 6 && tensor.ints == [7, 8] && tensor.longs == [9])
        #expect(tensor.floats.isEmpty && tensor.doubles.isEmpty)
        #expect(try ONNX.Tensor([0x22, 4, 0, 0, 0x80, 0x3F][...]).floats == [1])
        #expect(try ONNX.Tensor([0x52, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F][...]).doubles == [1])
    }

    @Test func fieldsOfAnyNumberAreRead() throws {
        var reader = ProtobufReader([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 5][...])
        #expect(try reader.next()?.number == (1 << 29) - 1)
        var beyond = ProtobufReader([0x80, 0x80, 0x80, 0x80, 0x10, 5][...])
        #expect(throws: ProtobufError.self) { try beyond.next() }
    }

    @Test func anAttributeWithoutATypeHasNoValue() throws {
        let attribute = try ONNX.Attribute([0x0A, 1, 0x61, 0x18, 3][...])
        guard case .none = attribute.value else { return #expect(Bool(false), "\(attribute.value)") }
        guard case .int(3) = try ONNX.Attribute([0x0A, 1, 0x61, 0x18, 3, 0xA0, 1, 2][...]).value else { return #expect(Bool(false)) }
    }

    @Test func valuesAreReadFromTheFileBesideTheModel() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.data, to: "model.data")
        try folder.write(Self.data, to: "parts/0.bin")
        let places = [
            ["location": "model.data", "offset": "8", "length": "16"], ["location": "model.data", "offset": "8"],
            ["location": "./parts/0.bin", "offset": "8", "length": "16", "checksum": "unread"],
        ]
        for external in places {
            #expect(try Self.weight(Self.model(in: folder, external)) == floats(Self.values), "\(external)")
        }
        let nested = try Self.model(in: folder, ["location": "0.bin", "offset": "8"], name: "parts/model.onnx")
        #expect(try Self.weight(nested) == floats(Self.values))
    }

    @Test func filesOutsideTheModelsFolderAreRefused() throws {
        let folder = try TemporaryFolder()
        let outside = try folder.write(Self.data, to: "outside.bin")
        try folder.write(Self.data, to: "models/inside.bin")
        let models = folder.path + "/models"
        for (link, target) in [("link.bin", outside), ("folder", folder.path), ("within.bin", models + "/inside.bin")] {
            try FileManager.default.createSymbolicLink(atPath: "\(models)/\(link)", withDestinationPath: target)
        }
        func read(_ location: String) throws(NetworkError) -> Constant? {
            let path = Result { try Self.model(in: folder, ["location": location, "offset": "8"], name: "models/model.onnx") }
            guard case .success(let path) = path else { return nil }
            return try Self.weight(path)
        }
        #expect(try read("within.bin") == floats(Self.values))
        let locations = [
            "../outside.bin", "a/../../outside.bin", "..", outside, "/dev/zero", "link.bin", "folder/outside.bin", "", ".", "missing.bin",
            "inside.bin\0",
        ]
        for location in locations {
            let result = Result { () throws(NetworkError) in try read(location) }
            guard case .failure(let error) = result else {
                Issue.record("\(location) is read")
                continue
            }
            #expect(error.file == models + "/model.onnx" && error.field == "initializer \"weight\": external_data location", "\(error)")
        }
    }

    @Test func bytesThatTheFileHasNotAreRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.data, to: "model.data")
        try folder.write([], to: "empty.data")
        let cases: [(field: String, external: [String: String])] = [
            ("offset", ["offset": "25"]), ("offset", ["offset": "-8"]), ("offset", ["offset": "0x8"]), ("offset", ["offset": ""]),
            ("offset", ["offset": "99999999999999999999"]), ("offset", ["offset": "9223372036854775807"]),
            ("length", ["offset": "8", "length": "17"]), ("length", ["offset": "9", "length": "16"]), ("length", ["offset": "12"]),
            ("length", ["length": "9223372036854775807", "offset": "8"]), ("length", ["length": "12"]), ("length", ["length": "0"]),
            ("length", ["length": "-1"]), ("location", ["location": "empty.data"]),
        ]
        for (field, external) in cases {
            let path = try Self.model(in: folder, ["location": "model.data"].merging(external) { $1 })
            let result = Result { () throws(NetworkError) in try ONNX.Model(contentsOf: path) }
            guard case .failure(let error) = result else {
                Issue.record("\(external) is read")
                continue
            }
            #expect(error.file == path && error.field == "initializer \"weight\": external_data \(field)", "\(external): \(error)")
        }
        for dims: [Int64] in [[5], [-1], [1 << 62, 8], [0]] {
            #expect(throws: NetworkError.self, "\(dims)") {
                _ = try Self.weight(Self.model(in: folder, ["location": "model.data", "length": "16"], dims: dims))
            }
        }
    }

    @Test func numbersOfEveryTypeAreDecoded() throws {
        func decoded(_ type: ONNX.ElementType, _ raw: [UInt8], count: Int64 = 2) throws(NetworkError) -> Constant {
            try Constant(ONNX.Tensor(dims: [count], type: type.rawValue, raw: raw[...]), file: "test", place: "tensor")
        }
        #expect(try decoded(.float16, [0x00, 0x3E, 0x01, 0x80]) == floats([1.5, -5.9604645e-8]))
        #expect(try decoded(.bfloat16, [0xC0, 0x3F, 0x80, 0xFF]) == floats([1.5, -.infinity]))
        #expect(try decoded(.double, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]) == floats([1.5, -2]))
        #expect(try decoded(.uint16, [0xFF, 0xFF, 1, 0]) == ints([65535, 1]))
        #expect(try decoded(.int8, [0xFF, 1]) == ints([-1, 1]))
        #expect(try decoded(.bool, [0, 1]) == ints([0, 1]))
        let doubles = ONNX.Tensor(dims: [1], type: ONNX.ElementType.double.rawValue, doubles: [0.5])
        let halves = ONNX.Tensor(dims: [1], type: ONNX.ElementType.float16.rawValue, ints: [0x3800])
        for tensor in [doubles, halves] { #expect(try Constant(tensor, file: "test", place: "tensor") == floats([0.5])) }
        #expect(throws: NetworkError.self) { try decoded(.float, [0, 0, 0, 0], count: 2) }
        #expect(throws: NetworkError.self) { try decoded(.float, [0, 0, 0, 0, 0], count: 1) }
    }

    @Test(arguments: [9, 10, 11, 13, 18, 23, 24, 25] as [Int64])
    func operatorSetsFrom9To25AreRead(version: Int64) throws {
        let error = try #require(refusal("Relu6", version: version))
        #expect(error.field.contains("Relu6"), "\(error)")
    }

    @Test(arguments: [1, 8, 26, -1, Int64.max])
    func otherOperatorSetsAreRefused(version: Int64) throws {
        let error = try #require(refusal("Relu", version: version))
        #expect(error.field == "opset_import" && error.expected == "opset 9 to 25")
    }

    @Test func sparseConstantsAreRefusedByName() throws {
        let attribute = ONNX.Attribute(name: "sparse_value", value: .none)
        let error = try #require(refusal("Constant", version: 17, [attribute]))
        #expect(error.field.contains("sparse_value"), "\(error)")
    }

    /// As files of IR version 3 have them.
    @Test func initializersThatAreInputsTooAreConstants() throws {
        let initializer = ONNX.Tensor(name: "shift", dims: [1], type: ONNX.ElementType.float.rawValue, floats: [1])
        let node = ONNX.Node(name: "sum", operation: "Neg", inputs: ["shift"], outputs: ["negative"])
        var network = NetworkImport(Self.graph(node, 11, [initializer]), file: "test.onnx")
        _ = Result { () throws(NetworkError) in try network.run() }
        guard case .constant(let negative) = network.values["negative"] else {
            Issue.record("no constant")
            return
        }
        #expect(negative == floats([-1]))
    }

    private static func graph(_ node: ONNX.Node, _ version: Int64, _ initializers: [ONNX.Tensor] = []) -> ONNX.Model {
        let type = ONNX.ElementType.float.rawValue
        let image = ONNX.ValueInfo(name: "image", type: type, dims: [.fixed(1), .fixed(3), .fixed(64), .fixed(64)])
        let others = initializers.map { ONNX.ValueInfo(name: $0.name, type: $0.type, dims: $0.dims.map { .fixed($0) }) }
        let graph = ONNX.Graph(name: "graph", nodes: [node], initializers: initializers, inputs: others + [image])
        return ONNX.Model(irVersion: 3, graph: graph, operatorSets: ["": version])
    }

    /// What importing a graph of one node says.
    private func refusal(_ operation: String, version: Int64, _ attributes: [ONNX.Attribute] = []) -> NetworkError? {
        let inputs = operation == "Constant" ? [] : ["image"]
        let node = ONNX.Node(name: "node", operation: operation, inputs: inputs, outputs: ["output"], attributes: attributes)
        var network = NetworkImport(Self.graph(node, version), file: "test.onnx")
        guard case .failure(let error) = (Result { () throws(NetworkError) in try network.run() }) else { return nil }
        return error
    }
}
