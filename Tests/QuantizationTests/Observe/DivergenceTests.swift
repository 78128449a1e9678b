import Kernels
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Kullback–Leibler divergence of what 256 codes over some bins tell from what was counted.
@Suite struct DivergenceTests {
    private func divergence(_ counts: [Double], _ begin: Int, _ end: Int) -> Double {
        eseg_histogram_divergence(counts, Int32(counts.count), Int32(begin), Int32(end))
    }

    @Test func codesThatTellAllDivergeByNothing() {
        #expect(abs(divergence([Double](repeating: 3, count: 512), 0, 512)) < 1e-12)
        #expect(abs(divergence((0..<256).map { Double($0) }, 0, 256)) < 1e-12)
    }

    @Test func whatIsCutOffCountsAtTheEnd() {
        let half = 255.0 / 512 * log(0.5)
        #expect(abs(divergence([Double](repeating: 1, count: 512), 0, 256) - (half + 257.0 / 512 * log(257.0 / 2))) < 1e-12)
        #expect(abs(divergence([Double](repeating: 1, count: 512), 256, 512) - (half + 257.0 / 512 * log(257.0 / 2))) < 1e-12)
    }

    @Test func nothingInsideTellsNothingOfWhatIsOutside() {
        var counts = [Double](repeating: 0, count: 512)
        #expect(divergence(counts, 0, 256) == 0)
        counts[400] = 1
        #expect(divergence(counts, 0, 256) == .infinity)
    }
}
