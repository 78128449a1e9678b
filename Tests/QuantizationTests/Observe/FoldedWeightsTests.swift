import Kernels
import Testing

@Suite struct FoldedWeightsTests {
    /// [outputs][inputs][taps] become [outputs][taps][inputs], scaled by output, and nothing behind them is touched.
    @Test func weightsAreScaledAndTransposed() {
        let source = (1...12).map { Float($0) }
        var folded = [Float](repeating: -1, count: 13)
        eseg_fold_weights(source, [1, 10], 2, 3, 2, &folded)
        #expect(folded == [1, 3, 5, 2, 4, 6, 70, 90, 110, 80, 100, 120, -1])
    }
}
