import Foundation
import TestSupport
import Testing

@Suite struct ExportTests {
    @Test func writesAnONNXFileThatTellsWhoMadeIt() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/model.onnx"
        let result = try Tool.run("export", QuantizedModel.path(), "--onnx", path, "--size", "480x360")
        #expect(result.status == 0 && result.output.contains("eseg-edge, 480x360"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.starts(with: [8, 10, 18, 4]))
        #expect(bytes.range(of: Data("QuantizeLinear".utf8)) != nil)
    }

    @Test func modelsThatAreNotInt8AreRefused() throws {
        let result = try Tool.run("export", Tool.weights, "--onnx", "/nowhere/model.onnx")
        #expect(result.status == 1 && result.errors.contains("/nowhere/model.onnx"))
        let folder = try TemporaryFolder()
        let other = try Tool.run("export", Tool.weights, "--onnx", folder.path + "/model.onnx")
        #expect(other.status == 1 && other.errors.hasPrefix("eseg: error: \(Tool.weights): "))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/model.onnx"))
    }

    @Test func networksOfONNXFilesNeedANormalization() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("no model".utf8), to: "model.onnx")
        let missing = try Tool.run("inspect", path, "--mean", "0.5")
        #expect(missing.status == 1 && missing.errors.contains("normalization: found no --std"))
        let damaged = try Tool.run("inspect", path, "--mean", "0.5", "--std", "0.5")
        #expect(damaged.status == 1 && damaged.errors.hasPrefix("eseg: error: \(path): protobuf: "))
        let needless = try Tool.run("inspect", Tool.weights, "--mean", "0.5", "--std", "0.5")
        #expect(needless.status == 1 && needless.errors.contains("expected none"))
        #expect(try Tool.run("inspect", Tool.weights, "--channel-order", "bgr").errors.contains("expected none"))
        #expect(try Tool.run("inspect", path, "--mean", "0", "--std", "1", "--channel-order", "gbr").status == 64)
        #expect(try Tool.run("inspect", path, "--mean", "1,2", "--std", "x").status != 0)
        let pixels = try Tool.run("inspect", path, "--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375")
        #expect(
            pixels.status == 1
                && pixels.errors.contains(
                    "mean: found 123.675, expected that of pixel/255, at most 1: of pixels from 0 to 255, mean and std are divided by 255, this one to 0.485"
                ))
    }
}
