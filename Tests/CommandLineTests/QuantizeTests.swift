import ESegImaging
import ESegNetwork
import ESegRuntime
import Foundation
import TestSupport
import Testing

@Suite struct QuantizeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var output: String { folder.path + "/edge.eseg" }

    @Test func theFileTellsHowItWasMadeAndWhatItCosts() throws {
        for (kind, suffix) in [("images", "jpg"), ("labels", "png")] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Tool.comparisonData)/\(kind)/000376.\(suffix)"))
            try folder.write(Array(bytes), to: "data/\(kind)/a.\(suffix)")
        }
        let result = try Tool.run(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "2", "--size", "96x64", "--range", "min-max",
            "--measure", folder.path + "/data", "-o", output)
        #expect(result.status == 0, "\(result.errors)")
        let provenance = try QuantizedNetwork(contentsOf: output).provenance
        let cost = try #require(provenance["cost"])
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        #expect(lines[0] == "\(output): eseg-edge, calibrated on 2 frames at 96x64" && lines[2] == cost)
        let doubt = try #require(QuantizedNetwork(contentsOf: output).doubt.seen)
        #expect(doubt.flips >= 0.99 && doubt.pixels < 0.5)
        #expect(
            lines[1]
                == String(
                    format: "doubtful: %.2f %% of pixels, which hold %.2f %% of those whose class int8 changes", 100 * doubt.pixels,
                    100 * doubt.flips))
        #expect(cost.hasPrefix("argmax agreement with float ") && cost.contains(", mIoU "), "\(cost)")
        #expect(cost.hasSuffix("/data") && cost.contains(" on 1 frames of "))
        #expect(provenance["calibration.frames"] == "calibration/images")
        #expect(provenance["weights"] == "eseg-edge.safetensors")
        #expect(provenance["calibration.size"] == "96x64")
        #expect(provenance["calibration.images"] == "2")
        #expect(provenance["quantization.range"] == "min-max")
        #expect(try Tool.run("inspect", output).output.contains("G at 96x64"))
    }

    @Test func theJSONTellsWhatTheFileTells() throws {
        let json = folder.path + "/edge.json"
        let result = try Tool.run(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "96x64", "--effort", "fast",
            "--measure", Tool.comparisonData, "-o", output, "--json", json)
        try #require(result.status == 0, "\(result.errors)")
        let told = try JSONDecoder().decode(SummaryJSON.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
        let network = try QuantizedNetwork(contentsOf: output)
        #expect(told.output == output && told.name == "eseg-edge" && told.frames == 1 && told.size == [96, 64] && told.search == nil)
        let doubt = try #require(told.doubt), seen = try #require(network.doubt.seen)
        #expect(doubt.margin == network.doubt.margin && doubt.pixels == seen.pixels && doubt.flips == seen.flips)
        let cost = try #require(network.provenance["cost"]), measured = try #require(told.cost)
        let before = try #require(measured.floatMIoU), after = try #require(measured.int8MIoU)
        #expect(measured.frames == 24)
        #expect(cost.contains("float \(String(format: "%.2f", measured.argmaxAgreement)) %"))
        #expect(cost.contains("mIoU \(String(format: "%.2f", before)) % to \(String(format: "%.2f", after)) %"))
    }

    @Test func theJSONTellsWhatASearchFound() throws {
        let json = folder.path + "/search.json"
        let result = try Tool.run(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "64x64", "--effort", "fast",
            "--max-loss", "100", "--int16-activations", "backbone.stem", "-o", output, "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        let told = try JSONDecoder().decode(SummaryJSON.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
        let search = try #require(told.search)
        #expect(search.isMet && search.maxLoss == 100 && search.loss == search.lossOf8Bits)
        #expect(search.lossUnit == "% of pixels that change their class")
        #expect(told.int16Activations == ["backbone.stem"] && told.cost == nil)
    }

    @Test func activationsOfModulesCanBeInt16() throws {
        let names = ["--int16-activations", "backbone.stem", "--int16-activations", "backbone.stages.0"]
        let quantize = ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + QuantizedModel.options + ["-o", output]
        let result = try Tool.run(quantize + names)
        #expect(result.status == 0, "\(result.errors)")
        let network = try QuantizedNetwork(contentsOf: output)
        let int16 = zip(network.graph.nodes, network.outputs).filter { $1.precision == .int16 }.map(\.0.name)
        #expect(int16 == ["backbone.stem", "backbone.stages.0.0.depthwise", "backbone.stages.0.0.project", "classifier"])
        #expect(network.provenance["quantization.int16Activations"] == "backbone.stem backbone.stages.0")
        let layers = try Tool.run("inspect", output).output.split(separator: "\n")
        let stem = try #require(layers.first { $0.hasPrefix("backbone.stem ") })
        #expect(stem.split(separator: " ").filter { $0 == "int16" }.count == 2)  // weights and codes
        #expect(try Tool.run("bench", output, "--size", "64x64", "--runs", "1").output.contains("int16 depthwise3x3"))
        let refused = try Tool.run(quantize + ["--int16-activations", "backbone.stage"])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("int16 activations \"backbone.stage\": found no node of that name"), "\(refused.errors)")
    }

    @Test func theSameFramesGiveTheSameFileWithAnyThreads() throws {
        let result = try Tool.run(
            ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + QuantizedModel.options + ["--threads", "3", "-o", output])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try FileManager.default.contentsEqual(atPath: output, andPath: QuantizedModel.path()))
    }

    @Test func framesOfOtherSizesAreResized() throws {
        for (name, width) in [("a", 64), ("b", 80)] {
            try folder.write(RGBImage.gradient(width: width, height: 48).pngBytes(), to: "frames/\(name).png")
        }
        let result = try Tool.run("quantize", Tool.weights, "--calibrate", folder.path + "/frames", "-o", output)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("\(output): eseg-edge, calibrated on 2 frames at 64x48\n"))
    }

    @Test func quantizedNetworksAreNoWeights() throws {
        let result = try Tool.run("quantize", try QuantizedModel.path(), "--calibrate", Tool.calibrationFrames, "-o", output)
        #expect(result.status == 1)
        #expect(result.errors.contains("__metadata__.format: found eseg, a quantized network, expected float weights"), "\(result.errors)")
    }

    /// Killed at any moment, a run leaves the old file or the new one.
    @Test func killedRunsLeaveAWholeFile() throws {
        try FileManager.default.copyItem(atPath: try QuantizedModel.path(), toPath: output)
        for milliseconds in [50, 200, 400, 600, 800, 1000] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Tool.path)
            process.arguments =
                ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + QuantizedModel.options + ["-o", output]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            _ = try QuantizedNetwork(contentsOf: output)
        }
    }

    @Test func badCalibrationFoldersAreErrors() throws {
        let empty = try folder.makeFolder("empty")
        try folder.write([1, 2, 3], to: "broken/frame.jpg")
        for (path, reason) in [
            (empty, "folder: found no images"), (folder.path + "/absent", "file: found no such file or directory"),
            (folder.path + "/broken", "/frame.jpg: format: found 3 bytes"),
        ] {
            let result = try Tool.run("quantize", Tool.weights, "--calibrate", path, "-o", output)
            #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: \(path)"), "\(result.errors)")
            #expect(result.errors.contains(reason), "\(result.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test(arguments: ["/dev/full", "/proc/model.eseg", "/nonexistent/model.eseg", ""])
    func outputsThatCannotBeWrittenAreErrors(path: String) throws {
        let result = try Tool.run(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "32x32", "-o", path)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(path): output: found "), "\(result.errors)")
    }

    @Test func theWeightsAreNeverOverwritten() throws {
        let weights = folder.path + "/weights.safetensors"
        try FileManager.default.copyItem(atPath: Tool.weights, toPath: weights)
        let result = try Tool.run("quantize", weights, "--calibrate", Tool.calibrationFrames, "-o", folder.path + "/./weights.safetensors")
        #expect(result.status == 1)
        #expect(result.errors.contains("output: found the input \(weights), expected another file"))
        #expect(FileManager.default.contentsEqual(atPath: weights, andPath: Tool.weights))
    }

    @Test func aLimitOnTheSizeOfFilesKeepsTheOldFile() throws {
        let path = try folder.write(Array("old".utf8), to: "limited/model.eseg")
        let options = ["--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "32x32", "-o", path]
        let result = try Tool.run(
            ["-c", "ulimit -f 100; exec \"$0\" \"$@\"", Tool.path, "quantize", Tool.weights] + options, program: "/bin/bash")
        #expect(result.status == 1)
        #expect(result.errors == "eseg: error: \(path): output: found File too large, expected to write the file\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/limited") == ["model.eseg"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }

    @Test func aFullDiskKeepsTheOldFile() throws {
        guard let disk = SmallDisk(kilobytes: 1024) else { return print("skipped: a file system of its own needs root and mount") }
        let path = disk.path + "/model.eseg"
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        let result = try Tool.run(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "32x32", "-o", path)
        #expect(result.status == 1)
        #expect(result.errors == "eseg: error: \(path): output: found No space left on device, expected to write the file\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["model.eseg"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
}

/// What programs read of a quantization.
private struct SummaryJSON: Decodable {
    let output: String, name: String, frames: Int, size: [Int], int16Activations: [String], notEqualized: [String]
    let doubt: Doubt?, cost: Cost?, search: Search?

    struct Doubt: Decodable { let margin: Float, pixels: Double, flips: Double }
    struct Cost: Decodable { let frames: Int, argmaxAgreement: Double, floatMIoU: Double?, int8MIoU: Double? }
    struct Search: Decodable { let loss: Double, lossOf8Bits: Double, lossUnit: String, maxLoss: Double, isMet: Bool }
}
