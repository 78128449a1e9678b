import ESegImaging
import ESegRuntime
import TestSupport
import Testing

/// What programs are told of work that takes long: `--progress lines`.
@Suite struct ProgressTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func quantizeTellsEachStageFromItsStartToItsEnd() throws {
        let quantize = ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + QuantizedModel.options
        let result = try Tool.run(quantize + ["--progress", "lines", "-o", folder.path + "/edge.eseg"])
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.prefix(3) == ["calibrating 0/2", "calibrating 1/2", "calibrating 2/2"])
        #expect(lines[3].hasPrefix("quantizing 0/"))
        let ends = lines.last?.split(separator: " ").last?.split(separator: "/") ?? []
        #expect(lines.last?.hasPrefix("looking for doubtful pixels ") == true && ends.first == ends.last)
        #expect(lines.contains { $0.wholeMatch(of: #/quantizing ([0-9]+)\/\1/#) != nil })
    }

    @Test func compareTellsEachFrame() throws {
        for name in ["a", "b"] { try folder.write(RGBImage.gradient(width: 64, height: 48).pngBytes(), to: "frames/\(name).png") }
        let compare = ["compare", Tool.weights, try QuantizedModel.path(), "--data", folder.path + "/frames"]
        let result = try Tool.run(compare + ["--before", QuantizedModel.path(), "--progress", "lines"])
        #expect(result.status == 0)
        let steps = ["comparing", "comparing, before 1 of 1"].flatMap { stage in (0...2).map { "\(stage) \($0)/2" } }
        #expect(result.errors.split(separator: "\n").map(String.init) == steps)
    }

    @Test func withoutATerminalNothingIsTold() throws {
        let quantize = ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + QuantizedModel.options
        #expect(try Tool.run(quantize + ["-o", folder.path + "/edge.eseg"]).errors.isEmpty)
    }
}
