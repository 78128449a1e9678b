import Testing

@testable import Quantization

struct SignalToNoiseTests {
    private func ratio(_ frames: [(values: [Float], approximations: [Float])]) -> Double {
        var ratio = SignalToNoise()
        for frame in frames {
            frame.values.withUnsafeBufferPointer { values in
                frame.approximations.withUnsafeBufferPointer { ratio.add(values, approximations: $0) }
            }
        }
        return ratio.decibels
    }

    @Test func aTenthOffIsTwentyDecibels() {
        #expect(abs(ratio([([10, -10], [9, -9])]) - 20) < 1e-12)
    }

    @Test func framesAddUpBeforeTheLogarithm() {
        #expect(abs(ratio([([10], [10]), ([0], [1])]) - 20) < 1e-12)
    }

    @Test func equalValuesAreInfinitelyClean() {
        #expect(ratio([([1, 2], [1, 2])]) == .infinity)
    }

    @Test func nothingOrNaNGivesNaN() {
        #expect(ratio([]).isNaN)
        #expect(ratio([([.nan], [1])]).isNaN)
        #expect(ratio([([0], [0])]).isNaN)
    }
}
