import ESegNetwork
import Testing

@testable import Quantization

@Suite("MarginHistogram")
struct MarginHistogramTests {
    /// Margins of all sizes, a flip where they are small.
    private var histogram: MarginHistogram {
        var histogram = MarginHistogram()
        for step in 1...1000 { histogram.add(Float(step) / 100, isFlip: step <= 10 || step == 500) }
        return histogram
    }

    @Test("tells below which margin a share of the flips is")
    func holding() throws {
        for (share, expected) in [(0.05, 0.01), (0.5, 0.06), (0.9, 0.1), (1, 5)] as [(Double, Float)] {
            let margin = try #require(histogram.margin(holding: share))
            #expect(margin > expected && margin < 1.02 * expected, "\(share)")
        }
        #expect(MarginHistogram().margin(holding: 0.99) == nil)
    }

    @Test("widens a margin as long as flips are worth the pixels")
    func worth() throws {
        let cheap = try #require(histogram.margin(worth: 0.001)), dear = try #require(histogram.margin(worth: 0.5))
        #expect(cheap > 5 && cheap < 5.1 && dear > 0.1 && dear < 0.102)
        var flawless = MarginHistogram()
        flawless.add(1, isFlip: false)
        #expect(flawless.margin(worth: 0.01) == nil)
    }

    @Test("tells below which margin no more than a share of the pixels is")
    func ofPixels() {
        for share in [0.01, 0.5, 0.999] {
            let margin = histogram.margin(ofPixels: share), seen = histogram.shares(below: margin)
            #expect(seen.pixels <= share && margin > 9.7 * Float(share), "\(share)")
        }
        #expect(histogram.margin(ofPixels: 0) < 0.01)
        #expect(histogram.shares(below: histogram.margin(ofPixels: 1)).pixels == 1)
        #expect(MarginHistogram().margin(ofPixels: 0.05) > 1e18)
    }

    @Test("tells what is below a margin")
    func shares() throws {
        let margin = try #require(histogram.margin(holding: 0.9))
        #expect(histogram.shares(below: margin) == DoubtCalibration.Seen(pixels: 0.01, flips: 10 / 11))
    }

    @Test("takes margins of 0 and of any size")
    func extremes() {
        var histogram = MarginHistogram()
        for margin in [0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity] as [Float] { histogram.add(margin, isFlip: true) }
        #expect(histogram.flipCount == 4 && histogram.margin(holding: 0.5)?.isFinite == true)
    }
}
