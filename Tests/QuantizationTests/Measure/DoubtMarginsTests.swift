import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("DoubtMargins")
struct DoubtMarginsTests {
    @Test("counts how far down one must go for a share of the flips")
    func histogram() {
        var histogram = DoubtHistogram()
        histogram.add(doubt: [255, 255, 254, 250, 250, 10, 0, 0], float: [1, 1, 1, 1, 1, 1, 1, 1], int8: [0, 1, 0, 0, 1, 0, 1, 1])
        #expect(histogram.steps(holding: 0.25) == 0)
        #expect(histogram.steps(holding: 0.5) == 1)
        #expect(histogram.steps(holding: 0.75) == 5)
        #expect(histogram.steps(holding: 1) == 245)
        #expect(histogram.shares(within: 5) == DoubtCalibration.Seen(pixels: 5 / 8, flips: 3 / 4))
    }

    @Test("finds nothing where no pixel flips, or only those that are beyond doubt")
    func nothing() {
        var histogram = DoubtHistogram()
        histogram.add(doubt: [255, 0], float: [1, 1], int8: [1, 1])
        #expect(histogram.steps(holding: 0.99) == nil)
        histogram.add(doubt: [0], float: [1], int8: [0])
        #expect(histogram.steps(holding: 0.99) == nil)
    }

    @Test("calibrates a margin that holds nearly all flips, and hardly more")
    func margin() throws {
        let float = tinyNetwork(activation: .silu), images = (0..<3).map { randomImage(height: 48, width: 48, seed: UInt64($0)) }
        let int8 = try QuantizationPipeline(
            float, frames: CalibrationFrames(images), options: QuantizationOptions(effort: .fast), threads: 1
        ).run().network
        let seen = try #require(int8.doubt.seen)
        #expect(seen.flips >= 0.9965 && seen.pixels > 0 && seen.pixels < 1)
        let session = try Session(Model(int8), height: 48, width: 48)
        let executor = try FloatExecutor(float.gatheringGates(), height: 48, width: 48, threads: 1)
        var flips = 0, doubtful = 0, held = 0
        for image in images {
            let (map, doubt) = try session.segmentWithDoubt(image), expected = try executor.run(image).classes
            for index in doubt.indices {
                let isDoubtful = doubt[index] >= DoubtMap.doubtful, isFlip = map.classes[index] != expected.classes[index]
                flips += isFlip ? 1 : 0
                doubtful += isDoubtful ? 1 : 0
                held += isFlip && isDoubtful ? 1 : 0
            }
        }
        #expect(flips > 0 && Double(held) >= 0.99 * Double(flips))
        #expect(abs(Double(doubtful) / Double(3 * 48 * 48) - seen.pixels) < 0.01)
    }
}
