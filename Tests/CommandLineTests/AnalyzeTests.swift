import Foundation
import TestSupport
import Testing

@Suite struct AnalyzeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func analyze(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(["analyze", Tool.weights, "--images", "1", "--size", "64x48", "--threads", "1"] + arguments)
    }

    @Test func layersAreRankedAndTheNoiseIsDivided() throws {
        let json = folder.path + "/analysis.json"
        let result = try analyze("--data", Tool.comparisonData, "--top", "3", "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("All layers in 8 bits, each weight rounded by itself: "))
        #expect(lines.contains { $0.hasPrefix("Worst: the ") })
        let table = try #require(lines.firstIndex { $0.hasPrefix("worst layers") })
        #expect(lines[table + 5].isEmpty, "3 rows under the header and its rule")
        for title in ["layers of kind", "pyramid level"] { #expect(lines.contains { $0.hasPrefix(title) }) }

        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any]
        let layers = try #require(object?["layers"] as? [[String: Any]])
        #expect(layers.count > 50)
        #expect(layers.first?["name"] as? String == "backbone.stem")
        #expect((layers.first?["channel_ranges"] as? [Double])?.count == 32)
        let noise = layers.compactMap { $0["noise_to_signal"] as? Double }
        let worst = try #require(noise.indices.max { noise[$0] < noise[$1] })
        #expect(lines[table + 2].hasPrefix((layers[worst]["name"] as? String) ?? "none"))
    }

    @Test func equalizedNetworksLoseLess() throws {
        func loss(_ arguments: String...) throws -> Double {
            let json = folder.path + "/\(arguments.count).json"
            let result = try Tool.run(
                ["analyze", Tool.weights, "--data", Tool.calibrationFrames, "--images", "1", "--size", "96x64", "--json", json] + arguments)
            #expect(result.status == 0, "\(result.errors)")
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any]
            return try #require((object?["all"] as? [String: Any])?["logits_sqnr_db"] as? Double)
        }
        let (plain, equalized) = (try loss(), try loss("--equalized"))
        #expect(equalized > plain)
    }

    @Test(arguments: [
        (["--top", "0"], "--top: found 0"), (["--images", "0"], "--images: found 0"), (["--range", "output"], "--range: found output"),
        (["--range", "best"], "best"), (["--size", "1x1"], "1x1"),
    ])
    func badOptionsAreErrors(arguments: [String], reason: String) throws {
        let result = try Tool.run(["analyze", Tool.weights, "--data", Tool.calibrationFrames] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(reason), "\(result.errors)")
    }

    @Test func badInputsAreErrors() throws {
        let empty = try folder.makeFolder("empty")
        let (noFrames, noWeights) = (
            try analyze("--data", empty), try Tool.run("analyze", folder.path + "/none.safetensors", "--data", Tool.calibrationFrames)
        )
        #expect(noFrames.status == 1 && noFrames.errors.contains("found no images"), "\(noFrames.errors)")
        #expect(noWeights.status == 1 && noWeights.errors.contains("none.safetensors"), "\(noWeights.errors)")
        let int8 = try Tool.run("analyze", try QuantizedModel.path(), "--data", Tool.calibrationFrames)
        #expect(int8.status == 1 && int8.errors.contains("expected float weights"), "\(int8.errors)")
    }
}
