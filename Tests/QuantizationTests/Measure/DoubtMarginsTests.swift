import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("DoubtMargins")
struct DoubtMarginsTests {
    @Test("calibrates a margin that holds nearly all flips, and hardly more")
    func margin() throws {
        let float = tinyNetwork(activation: .silu), images = (0..<3).map { randomImage(height: 48, width: 48, seed: UInt64($0)) }
        let int8 = try QuantizationPipeline(
            float, frames: CalibrationFrames(images), options: QuantizationOptions(effort: .fast), threads: 1
        ).run().network
        let seen = try #require(int8.doubt.seen)
        #expect(seen.flips >= 0.99 && seen.pixels > 0 && seen.pixels < 1)
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
