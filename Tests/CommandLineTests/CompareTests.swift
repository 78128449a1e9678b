import ESegImaging
import ESegNetwork
import ESegRuntime
import Foundation
import TestSupport
import Testing

@Suite struct CompareTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func measuresBothNetworksAndWritesTheReport() throws {
        let json = folder.path + "/cost.json", report = folder.path + "/report"
        let result = try Tool.run(
            "compare", Tool.weights, QuantizedModel.path(), "--data", Tool.comparisonData, "--images", "2", "--size", "160x120", "--json",
            json, "--report", report)
        #expect(result.status == 0, "\(result.errors)")
        for row in ["mIoU", "argmax agreement", "pedestrian", "report: \(report)/index.html"] { #expect(result.output.contains(row)) }

        let cost = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        let agreement = try #require(cost["argmaxAgreement"] as? Double)
        #expect(agreement > 90 && agreement <= 100)
        for side in ["float", "int8"] {
            let figures = try #require(cost[side] as? [String: Any])
            #expect(Set(figures.keys) == ["mIoU", "pixelAccuracy", "boundaryIoU", "perClassIoU", "medianMs", "peakBytes"])
            #expect((figures["peakBytes"] as? Int ?? 0) > 1_000_000)
        }
        let layers = try #require(cost["layers"] as? [[String: Any]])
        #expect(layers.contains { $0["name"] as? String == "backbone.stem" && ($0["sqnrDb"] as? Double ?? 0) > 10 })

        let page = try String(contentsOfFile: report + "/index.html", encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("data:image/jpeg;base64,") && page.hasSuffix("</html>\n"))
    }

    @Test func otherNetworksAreComparedOnTheSameFrames() throws {
        let json = folder.path + "/cost.json", report = folder.path + "/report"
        let other = try folder.write(Array(Data(contentsOf: URL(fileURLWithPath: QuantizedModel.path()))), to: "<other>.eseg")
        let result = try Tool.run(
            "compare", Tool.weights, QuantizedModel.path(), "--before", other, "--data", Tool.comparisonData, "--images", "1", "--size",
            "160x120", "--json", json, "--report", report)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("  <other>.eseg"))
        let cost = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        let before = try #require((cost["before"] as? [[String: Any]])?.first)
        #expect(before["argmaxAgreement"] as? Double == cost["argmaxAgreement"] as? Double)
        #expect(before["meanSqnrDb"] as? Double == cost["meanSqnrDb"] as? Double)
        let page = try String(contentsOfFile: report + "/index.html", encoding: .utf8)
        for text in ["&lt;other&gt;.eseg", "id=\"network\"", "id=\"ranges\"", "id=\"flips\""] { #expect(page.contains(text), "\(text)") }
        #expect(!page.contains("<other>"))
    }

    @Test func aNetworkBeforeOfOtherWeightsIsRefused() throws {
        let result = try Tool.run("compare", Tool.weights, QuantizedModel.path(), "--before", Tool.weights, "--data", Tool.comparisonData)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(Tool.weights): "))
    }

    @Test func framesWithoutLabelsShowAgreementAlone() throws {
        try folder.write(RGBImage.gradient(width: 64, height: 48).pngBytes(), to: "a.png")
        let result = try Tool.run("compare", Tool.weights, QuantizedModel.path(), "--data", folder.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("argmax agreement") && !result.output.contains("pedestrian"))
    }

    @Test func labelsOfAnotherNumberingAreRefusedAndFewerAreTold() throws {
        try folder.write(RGBImage.gradient(width: 40, height: 32).pngBytes(), to: "images/a.png")
        func compare(_ row: (Int) -> UInt8, _ options: String...) throws -> Tool.Result {
            let label = PNGBuilder(width: 40, height: 32, type: .gray, rows: (0..<32).map { _ in (0..<40).map(row) })
            try folder.write(label.bytes, to: "labels/a.png")
            return try Tool.run(["compare", Tool.weights, QuantizedModel.path(), "--data", folder.path] + options)
        }
        let scaled = try compare { UInt8($0 % 10 * 20) }
        #expect(scaled.status == 1 && scaled.output.isEmpty)
        #expect(
            scaled.errors
                == "eseg: error: data set: labels: found 90.00 % of labeled pixels, such as 20, 40, 60, 80, 100, 120, 140, 160 and "
                + "1 others, expected classes from 0 to 10, or 255 for none\n")
        let few = try compare { $0 == 0 ? 30 : 1 }
        #expect(
            few.status == 0
                && few.output.hasSuffix(
                    "labels: found 30 in 2.50 % of labeled pixels, which do not count, expected classes from 0 to 10, or 255 for none\n")
        )
        #expect(try !compare({ $0 == 0 ? 30 : 1 }, "--ignore", "30").output.contains("labels: "))
        #expect(try compare { _ in 255 }.output.contains("labels: found no pixel with a class"))
    }

    @Test func aLabelOfAnotherSizeIsAnError() throws {
        try folder.write(RGBImage.gradient(width: 64, height: 48).pngBytes(), to: "images/a.png")
        let label = PNGBuilder(width: 2, height: 1, type: .gray, rows: [[0, 1]])
        let path = try folder.write(label.bytes, to: "labels/a.png")
        let result = try Tool.run("compare", Tool.weights, QuantizedModel.path(), "--data", folder.path)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(path): size: found 2x1, expected 64x48"), "\(result.errors)")
    }

    @Test func networksThatDoNotBelongTogetherAreRefused() throws {
        let result = try Tool.run("compare", QuantizedModel.path(), Tool.weights, "--data", Tool.comparisonData)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: "))
    }

    @Test func whatDiffersIsNamedAndNamesDoNotMatter() throws {
        var network = try QuantizedNetwork(contentsOf: QuantizedModel.path())
        network.description.classNames[0] = "other"
        try network.write(to: folder.path + "/names.eseg")
        network.description.std[2] = 0.75
        try network.write(to: folder.path + "/std.eseg")
        func compare(_ model: String) throws -> Tool.Result {
            try Tool.run(
                "compare", Tool.weights, "\(folder.path)/\(model).eseg", "--data", Tool.comparisonData, "--images", "1", "--size", "96x64")
        }
        #expect(try compare("names").status == 0)
        #expect(
            try compare("std").errors
                == "eseg: error: \(folder.path)/std.eseg: std: found [0.5, 0.5, 0.75], expected [0.5, 0.5, 0.5], "
                + "as in \(Tool.weights)\n")
    }

    @Test func aReportFolderThatCannotBeMadeIsAnErrorBeforeTheWork() throws {
        let result = try Tool.run(
            "compare", Tool.weights, QuantizedModel.path(), "--data", Tool.comparisonData, "--report", "/proc/eseg")
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("eseg: error: /proc/eseg: output folder: found "))
    }
}
