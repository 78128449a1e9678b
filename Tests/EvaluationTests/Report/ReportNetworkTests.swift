import ESegNetwork
import Foundation
import TestSupport
import Testing

@testable import Evaluation

struct ReportNetworkTests {
    private func html(_ decibels: [String: Double], int16Activations: [String] = []) throws -> String {
        let network = try ReportedNetwork(tinyInt8(int16Activations: int16Activations).int8)
        let layers = network.layers.compactMap { layer in
            decibels[layer.name].map { Comparison.Layer(name: layer.name, sqnrDb: $0) }
        }
        return NetworkSection(network, layers: layers).html.markup
    }

    @Test func eachNodeIsACellOfItsSQNRsColor() throws {
        let html = try html(["stem": 42.4, "block.se": 12])
        #expect(html.contains("<g class=\"n0\""))
        #expect(
            html.contains(
                "<title>stem\nconv 3x3 /2 relu\n42.4 dB\nadds noise of 0.0058 % of its power\nuint8 output, int16 weights</title>"))
        #expect(html.contains(">42</text>"))
        #expect(html.contains("<g class=\"n6\""))
        let shown = tinyNetwork(activation: .relu).graph.absorbed.count { !$0 } - 1
        #expect(html.components(separatedBy: "<rect").count - 1 == shown)
    }

    @Test func whereTheNoiseEntersIsSaid() throws {
        let html = try html(["stem": 30, "block.depthwise": 20, "block.se": 25])
        #expect(
            html.contains("enters at <code>block.depthwise</code> (0.90 % of its power), <code>stem</code> (0.10 % of its power)."))
        #expect(html.contains("<title>block.se\nsqueeze-excite\n25.0 dB\nuint8 output"))
    }

    @Test func int16OutputsAreMarked() throws {
        #expect(try html(["stem": 42], int16Activations: ["stem"]).contains("int16 output, int16 weights</title>"))
        #expect(try html(["stem": 42]).components(separatedBy: "class=\"int16\"").count == 3, "the logits', and the legend's")
    }

    @Test func whatWasNotMeasuredHasNoColor() throws {
        let html = try html(["stem": .nan, "head": .infinity])
        #expect(html.contains("<g class=\"unmeasured\""))
        #expect(html.contains(">∞</text>") && html.contains("\nexact\n"))
        #expect(!html.contains("nan") && !html.contains("inf"))
    }

    @Test func withoutMeasuredLayersThereIsNoPicture() throws {
        #expect(try html([:]) == "")
    }

    @Test func namesAreEscaped() throws {
        var (_, int8) = try tinyInt8()
        int8.graph.nodes[1].name = "</title><script>"
        let section = NetworkSection(try ReportedNetwork(int8), layers: [.init(name: "</title><script>", sqnrDb: 3)])
        #expect(!section.html.markup.contains("<script>"))
        #expect(section.html.markup.contains("<title>&lt;/title&gt;&lt;script&gt;\n"))
    }

    @Test(arguments: [(40.0, "n0"), (39.99, "n1"), (25, "n3"), (14.9, "n6"), (-3, "n6"), (.infinity, "n0")])
    func theScaleHasAStepForEveryRatio(decibels: Double, style: String) {
        #expect(NoiseStep.of(decibels)?.style == style)
    }

    @Test func theScaleHasNoStepForNothing() {
        #expect(NoiseStep.of(nil) == nil)
        #expect(NoiseStep.of(.nan) == nil)
    }
}
