import ESegNetwork
import Foundation
import TestSupport
import Testing

/// `eseg quantize`'s `--effort`, `--without` and `--max-loss`.
@Suite struct EffortTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var output: String { folder.path + "/edge.eseg" }

    private func quantize(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            [
                "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "64x48", "--threads", "1", "-o",
                output,
            ]
                + arguments)
    }

    @Test func theFileTellsItsTechniques() throws {
        let result = try quantize("--without", "equalization", "--without", "absorption")
        #expect(result.status == 0, "\(result.errors)")
        let provenance = try QuantizedNetwork(contentsOf: output).provenance
        #expect(provenance["quantization.effort"] == "default")
        #expect(provenance["quantization.techniques"] == "fitting bias-correction mixed-precision")
        #expect(provenance["quantization.range"] == "output")
    }

    @Test func outputsThatEightBitsRuinAreInt16() throws {
        let weights = try ruined("backbone.stages.0.0.project", readBy: "backbone.stages.1.0.expand")
        func int16Activations(_ options: String...) throws -> (told: Bool, written: String?) {
            let plain = ["equalization", "fitting", "bias-correction"].flatMap { ["--without", $0] }
            let frames = ["--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "64x48"]
            let result = try Tool.run(["quantize", weights, "-o", output] + frames + plain + options)
            #expect(result.status == 0, "\(result.errors)")
            let told = result.output.contains("int16 activations: backbone.stages.0.0.project\n")
            return (told, try QuantizedNetwork(contentsOf: output).provenance["quantization.int16Activations"])
        }
        let found = try int16Activations(), without = try int16Activations("--without", "mixed-precision")
        #expect(found.told && found.written == "backbone.stages.0.0.project")
        #expect(!without.told && without.written == nil)
    }

    /// The shipped weights with a channel with so large a range that its tensor's other channels have few codes left; the network computes the same.
    private func ruined(_ node: String, readBy reader: String) throws -> String {
        let original = try Safetensors(contentsOf: Tool.weights), path = folder.path + "/ruined.safetensors"
        var writer = SafetensorsWriter(metadata: original.metadata)
        for name in original.tensors.keys.sorted() {
            var tensor = try original.floats(name)
            if [node + ".bn.weight", node + ".bn.bias"].contains(name) { tensor.values[0] *= 256 }
            if name == reader + ".conv.weight" {
                for index in stride(from: 0, to: tensor.values.count, by: tensor.shape[1]) { tensor.values[index] /= 256 }
            }
            try writer.add(name, shape: tensor.shape, values: tensor.values)
        }
        try writer.write(to: path)
        return path
    }

    @Test func whatIsNotEqualizedIsToldOnRequest() throws {
        let result = try quantize("--effort", "fast", "--verbose")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("not equalized: backbone.stem → backbone.stages.0.0.depthwise: "))
        #expect(result.output.contains(" channels: ReLU6 clips them"))
    }

    @Test func aLossThatIsMetTakesNoInt16() throws {
        let result = try quantize("--effort", "fast", "--max-loss", "100")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("int16 activations: no layer; loss "), "\(result.output)")
        #expect(try QuantizedNetwork(contentsOf: output).outputs.dropLast().allSatisfy { $0.precision == .uint8 })
    }

    @Test func aLossThatNeedsInt16GetsIt() throws {
        let plain = try quantize("--effort", "fast", "--max-loss", "0")
        #expect(plain.status == 1)
        #expect(plain.errors.contains("--max-loss: found ") && plain.errors.contains("no choice of them meets it"), "\(plain.errors)")
        #expect(
            try QuantizedNetwork(contentsOf: output).outputs.dropLast().contains { $0.precision == .int16 }, "the best found is written")

        let words = plain.output.split { " ,;\n".contains($0) }
        let (loss, with) = (try #require(words.firstIndex(of: "loss")), try #require(words.firstIndex(of: "with")))
        let (least, most) = (try #require(Double(words[loss + 1])), try #require(Double(words[with - 1])))
        #expect(least < most)
        let result = try quantize("--effort", "fast", "--max-loss", "\((least + most) / 2)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try QuantizedNetwork(contentsOf: output).outputs.dropLast().contains { $0.precision == .int16 })
    }

    @Test(arguments: [
        (["--effort", "most"], "most"), (["--without", "luck"], "luck"), (["--max-loss", "-1"], "--max-loss"),
        (["--max-loss", "101"], "--max-loss: found 101.0, expected 0 to 100"), (["--max-loss", "nan"], "--max-loss: found nan"),
        (["--effort", "fast", "--range", "output"], "--range output: found --effort fast"),
    ])
    func badOptionsAreErrors(arguments: [String], reason: String) throws {
        let result = try Tool.run(
            ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "-o", output] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}
