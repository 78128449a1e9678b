import TestSupport
import Testing

@testable import Quantization

private func histogram(_ parts: [[Float]], threads: Int = 1) -> Histogram {
    var histogram = Histogram()
    for part in parts { #expect(part.withUnsafeBufferPointer { histogram.add($0, threads: threads) }) }
    return histogram
}

@Suite("Histogram")
struct HistogramTests {
    @Test("counts every value in the bin that holds it")
    func bins() {
        let histogram = histogram([[0, 0.25, 1, 3.999, -2]])
        #expect(histogram.total == 5)
        for value in [0, 0.25, 1, 3.999, -2] {
            let bin = Int((value / histogram.width).rounded(.down)) - histogram.first
            #expect(histogram.counts[bin] == 1)
        }
        #expect(histogram.minimum == -2 && histogram.maximum == 3.999)
    }

    @Test("always covers zero")
    func zero() {
        let histogram = histogram([[5, 6]])
        #expect(histogram.minimum == 0 && histogram.maximum == 6 && histogram.first == 0)
    }

    @Test("has at least half its bins between the extremes", arguments: [1e-20, 0.3, 6, 1e9] as [Float])
    func resolution(greatest: Float) {
        for least in [0, -greatest / 7, -greatest] {
            let histogram = histogram([[least, greatest]])
            let used = Double(greatest - least) / histogram.width
            #expect(used >= Double(Histogram.capacity) / 2 - 1 && used <= Double(Histogram.capacity))
        }
    }

    @Test("depends neither on the order of values, nor on their division into calls, nor on threads")
    func order() {
        var random = SplitMix(seed: 3)
        let values = (0..<20000).map { Float(random.gaussian() * ($0 < 10000 ? 1 : 40)) }
        let whole = histogram([values])
        let reversed = Array(values.reversed())
        #expect(histogram([Array(values[..<777]), Array(values[777...])]) == whole)
        #expect(histogram([Array(reversed[..<5]), Array(reversed[5...])]) == whole)
        #expect(histogram([values], threads: 3) == whole)
    }

    @Test("stays the same when a value is not finite", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) {
        var histogram = histogram([[1, 2, 3]])
        let before = histogram
        var values = [Float](repeating: 0.5, count: 100)
        for place in [0, 50, 99] {
            values[place] = value
            #expect(!values.withUnsafeBufferPointer { histogram.add($0) })
            values[place] = 0.5
        }
        #expect(histogram == before)
    }

    @Test("takes zeros and nothing at all")
    func degenerate() {
        let histogram = histogram([[], [0, 0], [], [1, 0]])
        #expect(histogram.total == 4 && histogram.counts[0] == 3)
    }
}
