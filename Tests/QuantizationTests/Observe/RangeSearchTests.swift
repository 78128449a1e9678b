import TestSupport
import Testing

@testable import Quantization

private func histogram(_ values: [Float]) -> Histogram {
    var histogram = Histogram()
    #expect(values.withUnsafeBufferPointer { histogram.add($0) })
    return histogram
}

/// Mean squared error of rounding and clipping to 256 codes over a range.
private func error(_ values: [Float], _ range: ValueRange) -> Double {
    let step = (range.upper - range.lower) / 255
    let zeroPoint = (-range.lower / step).rounded()
    return values.reduce(0.0) { sum, value in
        let code = min(255, max(0, (Double(value) / step).rounded() + zeroPoint))
        let difference = Double(value) - (code - zeroPoint) * step
        return sum + difference * difference
    } / Double(values.count)
}

@Suite("Range methods")
struct RangeSearchTests {
    let uniform: [Float]
    let bell: [Float]
    /// A bell with a few values far out.
    let heavyTailed: [Float]

    init() {
        var random = SplitMix(seed: 11)
        uniform = (0..<20000).map { _ in Float.random(in: -1..<3, using: &random) }
        bell = (0..<20000).map { _ in Float(random.gaussian()) }
        heavyTailed = bell + [60, -45, 80]
    }

    @Test("min-max spans every value")
    func minMax() {
        let range = histogram(heavyTailed).range(.minMax)
        #expect(range == ValueRange(lower: -45, upper: 80))
    }

    @Test("a percentile leaves out its share at each end")
    func percentile() {
        let range = histogram(uniform).range(.percentile(99))
        #expect(abs(range.lower - -0.96) < 0.01 && abs(range.upper - 2.96) < 0.01)
        let whole = histogram(uniform).range(.percentile(100))
        #expect(whole == histogram(uniform).range(.minMax))
    }

    @Test("a percentile of values that are never negative starts at zero")
    func oneSided() {
        let range = histogram(uniform.map { max(0, $0) }).range(.percentile(99.9))
        #expect(range.lower == 0 && abs(range.upper - 2.996) < 0.01)
    }

    @Test("MSE keeps a uniform distribution whole and clips outliers")
    func meanSquaredError() {
        let kept = histogram(uniform).range(.mse)
        #expect(kept.upper > 2.97 && kept.lower < -0.97)
        let clipped = histogram(heavyTailed).range(.mse)
        #expect(clipped.upper < 80 && clipped.lower > -45)
    }

    @Test("MSE finds less error than any other method")
    func leastError() {
        let without = heavyTailed.dropLast(3) + [6, -6]
        for values in [bell, heavyTailed, Array(without), uniform.map { max(0, $0) }] {
            let histogram = histogram(values)
            let least = error(values, histogram.range(.mse))
            for method in [RangeMethod.minMax, .percentile(99.99), .percentile(99.9), .kl] {
                #expect(least <= error(values, histogram.range(method)) * 1.02)
            }
        }
    }

    @Test("KL clips outliers and keeps the body")
    func divergence() {
        let range = histogram(heavyTailed).range(.kl)
        #expect(range.upper < 40 && range.upper > 2)
        let kept = histogram(uniform).range(.kl)
        #expect(kept.upper > 2.5)
    }

    @Test("every method gives a constant zero the empty range", arguments: [RangeMethod.minMax, .percentile(99.99), .mse, .kl, .automatic])
    func zeros(method: RangeMethod) {
        #expect(histogram([0, 0, 0]).range(method) == ValueRange(lower: 0, upper: 0))
        #expect(Histogram().range(method) == ValueRange(lower: 0, upper: 0))
    }

    @Test("names are read back as they are written")
    func names() {
        for method in [RangeMethod.automatic, .minMax, .percentile(99.5), .mse, .kl] { #expect(RangeMethod(method.description) == method) }
        #expect(RangeMethod("percentile") == .percentile(99.99))
        for text in ["", "max", "percentile:50", "percentile:100.1", "percentile:nan", "percentile:"] { #expect(RangeMethod(text) == nil) }
    }
}
