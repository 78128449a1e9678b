import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// Runs divided into parts, and their merged results.
@Suite struct ShardTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for index in 0..<5 {
            try folder.write(RGBImage.gradient(width: 64 + 16 * index, height: 48).pngBytes(), to: "frames/\(index).png")
        }
    }

    private func file(_ name: String) -> String { folder.path + "/" + name }

    private func quantize(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            ["quantize", Tool.weights, "--calibrate", file("frames"), "--images", "5", "--size", "64x48", "--effort", "fast"] + arguments)
    }

    private func compare(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            ["compare", Tool.weights, QuantizedModel.path(), "--data", Tool.comparisonData, "--images", "3", "--size", "64x48"] + arguments)
    }

    @Test func mergedPartsGiveTheSameModelByteForByte() throws {
        #expect(try quantize("-o", file("whole.eseg")).status == 0)
        for (part, threads) in [("1", "1"), ("2", "3"), ("3", "2")] {
            let result = try quantize("--shard", part + "/3", "--threads", threads, "-o", file(part + ".stats"))
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "\(file(part + ".stats")): \(part == "3" ? 1 : 2) of 5 frames\n")
        }
        let early = try Tool.run("merge", file("3.stats"), file("1.stats"), "-o", file("some.stats"))
        #expect(early.output == "\(file("some.stats")): 2 of 3 parts, 3 of 5 frames; missing 2\n", "\(early.errors)")
        let refused = try quantize("--statistics", file("some.stats"), "-o", file("merged.eseg"))
        #expect(refused.status == 1)
        #expect(refused.errors.contains("some.stats: shards: found 2 of 3, without 2, expected all 3"), "\(refused.errors)")

        #expect(try Tool.run("merge", file("2.stats"), file("some.stats"), "-o", file("all.stats")).status == 0)
        let result = try quantize("--statistics", file("all.stats"), "-o", file("merged.eseg"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(FileManager.default.contentsEqual(atPath: file("whole.eseg"), andPath: file("merged.eseg")))

        let twice = try Tool.run("merge", file("all.stats"), file("1.stats"), "-o", file("twice.stats"))
        #expect(twice.status == 1)
        #expect(twice.errors.contains("1.stats: shards: found 1, which the files before it hold"), "\(twice.errors)")
        let others = try Tool.run(
            "quantize", Tool.weights, "--calibrate", file("frames"), "--images", "4", "--size", "64x48", "--effort", "fast",
            "--statistics", file("all.stats"), "-o", file("other.eseg"))
        #expect(others.status == 1 && others.errors.contains("all.stats: frame_names: found "), "\(others.errors)")
    }

    @Test func mergedComparisonsSayWhatOneRunSays() throws {
        #expect(try compare("--json", file("whole.json"), "-o", file("whole.comparison")).status == 0)
        for part in ["1", "2"] {
            let result = try compare("--shard", part + "/2", "-o", file(part + ".comparison"))
            #expect(result.status == 0, "\(result.errors)")
        }
        let result = try Tool.run(
            "merge", file("2.comparison"), file("1.comparison"), "--json", file("merged.json"), "--report", file("report"), "-o",
            file("all.comparison"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("argmax agreement") && result.output.contains("pedestrian"))
        #expect(try figures("merged.json") == figures("whole.json"))
        let page = try String(contentsOfFile: file("report/index.html"), encoding: .utf8)
        #expect(page.hasSuffix("</html>\n") && !page.contains("href=\"#frames\"") && page.contains("eseg-edge.safetensors"))

        let again = try Tool.run("merge", file("all.comparison"))
        #expect(again.status == 0 && again.output.contains("argmax agreement"), "\(again.errors)")
        let missing = try Tool.run("merge", file("2.comparison"))
        #expect(missing.status == 1 && missing.errors.contains("shards: found 1 of 2, without 1, expected all 2"), "\(missing.errors)")
    }

    /// All that does not depend on when it was measured.
    private func figures(_ name: String) throws -> NSDictionary {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file(name))))
        let figures = NSMutableDictionary(dictionary: try #require(object as? [String: Any]))
        for side in ["float", "int8"] {
            var values = try #require(figures[side] as? [String: Any])
            values["medianMs"] = nil
            figures[side] = values
        }
        return figures
    }

    @Test func filesThatAreNoPartsAreRefused() throws {
        #expect(try quantize("--shard", "1/2", "-o", file("part.stats")).status == 0)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file("part.stats"))))
        try folder.write(Array(bytes.dropLast()), to: "cut.stats")
        try folder.write([], to: "empty.stats")
        for (path, reason) in [
            (file("cut.stats"), "tensor preactivation.range.data_offsets[1]: found "),
            (file("empty.stats"), "file: found 0 bytes"), (file("absent.stats"), "file: found No such"),
            (Tool.weights, "__metadata__.format: found "), (try QuantizedModel.path(), "__metadata__.format: found "),
        ] {
            let merged = try Tool.run("merge", path, "-o", file("out.stats"))
            #expect(merged.status == 1 && merged.errors.hasPrefix("eseg: error: \(path): \(reason)"), "\(merged.errors)")
            let result = try quantize("--statistics", path, "-o", file("out.eseg"))
            #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: \(path): \(reason)"), "\(result.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: file("out.stats")))
    }

    @Test func morePartsThanFramesAreRefused() throws {
        for (result, frames) in [
            (try quantize("--shard", "1/6", "-o", file("x")), 5), (try compare("--shard", "4/4", "-o", file("x")), 3),
        ] {
            #expect(result.status == 1)
            #expect(result.errors == "eseg: error: --shard: found \(frames + 1) parts of \(frames) frames, expected at most \(frames)\n")
        }
    }

    @Test func partsOfAnotherInstructionSetAreRefused() throws {
        #expect(try quantize("--shard", "1/2", "--isa", "scalar", "-o", file("1.stats")).status == 0)
        #expect(try quantize("--shard", "2/2", "-o", file("2.stats")).status == 0)
        let result = try Tool.run("merge", file("1.stats"), file("2.stats"), "-o", file("all.stats"))
        #expect(result.status == 1)
        #expect(result.errors.contains("2.stats: isa: found "), "\(result.errors)")
        #expect(
            result.errors.contains("expected scalar, as in \(file("1.stats")); --isa makes machines compute the same"), "\(result.errors)")
    }
}
