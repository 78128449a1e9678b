import Kernels
import Testing

/// Squared error of 256 codes over the values of a histogram, each bin's spread evenly over its width.
@Suite struct SquaredErrorTests {
    private func error(_ counts: [Double], first: Int, width: Double, lower: Double, step: Double) -> Double {
        eseg_histogram_squared_error(counts, Int32(counts.count), Int32(first), width, lower, step)
    }

    @Test func aBinAroundACodeErrsByATwelfthOfItsSquare() {
        #expect(abs(error([0, 6], first: -1, width: 2, lower: 1, step: 2) - 6.0 * 4 / 12) < 1e-12)
    }

    @Test func aBinOfSeveralCodesErrsAsEachOfThem() {
        #expect(abs(error([4], first: 0, width: 8, lower: 0.5, step: 1) - 4.0 / 12) < 1e-12)
    }

    @Test func whatLiesBeyondTheLastCodeErrsByItsDistance() {
        let far = error([1], first: 300, width: 1, lower: 0, step: 1)
        #expect(abs(far - (45.0 * 45 + 45 + 1.0 / 3)) < 1e-9)
        #expect(error([0, 0], first: 0, width: 1, lower: 0, step: 1) == 0)
    }
}
