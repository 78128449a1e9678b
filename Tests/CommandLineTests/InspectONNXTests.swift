import TestSupport
import Testing

@testable import Interchange

/// ONNX networks need neither be taken as a whole nor be given a normalization to be shown.
@Suite struct InspectONNXTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file with a convolution, an operator, and a convolution.
    private func network(_ middle: String, _ attributes: [ONNX.Attribute] = []) throws -> String {
        var writer = ONNXGraphWriter(name: "main")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(64), .fixed(96)])
        let weights = writer.constant("weights", [Float](repeating: 0.5, count: 9), shape: [3, 3, 1, 1])
        let middle = writer.node(middle, [writer.node("Conv", [image, weights], "first/Conv")], "middle", attributes)
        writer.output(writer.node("Conv", [middle, weights], "last/Conv"), .float, [])
        let model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
        return try folder.write(model.bytes, to: "network.onnx")
    }

    @Test func nodesThatAreNotSupportedStandBelowThoseThatAre() throws {
        let path = try network("Softplus")
        let result = try Tool.run("inspect", path)
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        let expected = [
            "graph 3 nodes, 1 not supported, 1 behind those", "image image 96x64x3", "first conv 1x1 96x64x3 0.06",
            "middle Softplus not supported", "last/Conv Conv behind one that is not supported",
        ]
        #expect(lines.filter { expected.contains($0) } == expected, "\(result.output)")
        let errors = result.errors.split(separator: "\n")
        #expect(errors.count == 1 && errors.allSatisfy { $0.hasPrefix("eseg: error: \(path): node \"middle\" (\"Softplus\"): ") })
        let small = try Tool.run("inspect", path, "--size", "48x32")
        #expect(small.status == 1 && small.output.contains("48x32x3"))
    }

    @Test func networksThatDoNotFitTheSizeAreShownToo() throws {
        let path = try network("MaxPool", [.ints("kernel_shape", [64, 64])])
        let result = try Tool.run("inspect", path, "--size", "48x32")
        #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: \(path): graph node "), "\(result.errors)")
        #expect(result.output.contains("does not fit"))
    }

    @Test func filesThatCannotBeReadShowNothing() throws {
        let damaged = try folder.write(Array("no model".utf8), to: "damaged.onnx")
        let result = try Tool.run("inspect", damaged)
        #expect(result.status == 1 && result.output.isEmpty && result.errors.hasPrefix("eseg: error: \(damaged): protobuf: "))
    }

    @Test func onlyPixelsNeedANormalization() throws {
        let whole = try network("Relu")
        let shown = try Tool.run("inspect", whole)
        #expect(shown.status == 0 && shown.output.contains("RGB, normalized as --mean and --std say"), "\(shown.errors)")
        #expect(shown.output.contains("first  conv 1x1 relu"))
        let given = try Tool.run("inspect", whole, "--mean", "0.5", "--std", "0.25")
        #expect(given.status == 0 && given.output.contains("mean 0.5 0.5 0.5, std 0.25 0.25 0.25"))
        let quantized = try Tool.run("quantize", whole, "--calibrate", Tool.calibrationFrames, "-o", folder.path + "/out.eseg")
        #expect(quantized.status == 1 && quantized.errors.contains("normalization: found no --mean"))
    }
}
