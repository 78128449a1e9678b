import Foundation
import Testing

@testable import Evaluation

struct ReportFlipsTests {
    private func frames(_ flips: [Int]) -> [Comparison.Frame] {
        flips.enumerated().map { Comparison.Frame(name: "frame\($0).png", pixels: 1000, flippedPixels: $1) }
    }

    @Test func framesAreSortedByTheirShareOfFlippedPixels() throws {
        let large = Comparison.Frame(name: "large.png", pixels: 100_000, flippedPixels: 100)
        let html = FlipsSection(frames([2, 20]) + [large], pictured: []).html.markup
        let positions = try ["frame1.png", "frame0.png", "large.png"].map { try #require(html.firstRange(of: "<code>\($0)")).lowerBound }
        #expect(positions == positions.sorted())
        #expect(html.contains("<b>2.00 %</b>") && html.contains("<b>0.10 %</b>"))
    }

    @Test func framesWithPicturesLeadToThem() {
        let html = FlipsSection(frames([2, 20]), pictured: [1]).html.markup
        #expect(html.contains("<code><a href=\"#frame-1\">frame1.png</a></code>"))
        #expect(html.contains("<code>frame0.png</code>"))
    }

    @Test func theHistogramCountsFrames() {
        let html = FlipsSection(frames([0, 1, 1, 100]), pictured: []).html.markup
        #expect(html.contains("<title>3 frames from 0 to 0.50 %</title>"))
        #expect(html.contains("<title>1 frame from 10 to 10.5 %</title>") || html.contains("<title>1 frame from 10 to 11 %</title>"))
        #expect(html.contains("2.55 % in the mean of 4 frames"))
    }

    @Test(arguments: [(10.0, 0.5), (0.3, 0.02), (100, 5), (0.0001, 0.000005), (1e-9, 0.000001)])
    func stepsAreRoundNumbers(greatest: Double, step: Double) {
        #expect(abs(FlipsSection.step(for: greatest) / step - 1) < 1e-9)
    }

    @Test func everyShareIsInAStep() {
        #expect(FlipsSection.counts([0, 0.49, 0.5, 2.6], step: 0.5) == [2, 1, 0, 0, 0, 1])
    }

    @Test func manyFramesAreCutOff() {
        let html = FlipsSection(frames([Int](repeating: 1, count: 1200)), pictured: []).html.markup
        #expect(html.contains("1190 more frames") && html.contains("and 200 with fewer flipped pixels"))
        #expect(html.components(separatedBy: "<div class=\"layer\">").count - 1 == 1000)
    }

    @Test func framesWithoutFlipsOrPixelsDoNotBreakThePage() {
        let empty = Comparison.Frame(name: "a", pixels: 0, flippedPixels: 0)
        #expect(!FlipsSection([empty, empty], pictured: []).html.markup.contains("nan"))
        #expect(FlipsSection([], pictured: []).html == "")
    }

    @Test func namesAreEscaped() {
        let hostile = Comparison.Frame(name: "<script>", pixels: 8, flippedPixels: 1)
        #expect(!FlipsSection([hostile], pictured: [0]).html.markup.contains("<script>"))
    }
}
