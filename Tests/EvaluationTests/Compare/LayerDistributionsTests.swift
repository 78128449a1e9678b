import ESegNetwork
import Testing

@testable import Evaluation

struct LayerDistributionsTests {
    /// Codes from −1 to 1.55 in steps of 0.01.
    private let codes = Quantization(scale: 0.01, zeroPoint: 100)

    private func distribution(of values: [Float], _ codes: Quantization) -> LayerDistribution {
        var distribution = LayerDistribution(codes: codes)
        values.withUnsafeBufferPointer { distribution.add($0) }
        return distribution
    }

    @Test func theRangeIsThatOfTheCodes() {
        #expect(abs(distribution(of: [], codes).range.lowerBound + 1) < 1e-6)
        #expect(abs(distribution(of: [], codes).range.upperBound - 1.55) < 1e-6)
        #expect(distribution(of: [], Quantization(scale: 0.5, zeroPoint: 0, precision: .int16)).range == -16384...16383.5)
    }

    @Test func clippedIsWhatLiesBeyondTheRangeByMoreThanRounding() {
        let seen = distribution(of: [-2, -1.01, -1.004, 0, 1.554, 1.56, 3, 4], codes)
        #expect(seen.clippedBelow == 2 && seen.clippedAbove == 3)
        #expect(seen.percentBelow == 25 && seen.percentAbove == 37.5)
        #expect(seen.histogram.total == 8)
    }

    @Test func valuesThatAreNotFiniteCountNothing() {
        let seen = distribution(of: [1, .nan], codes)
        #expect(seen.count == 0 && seen.percentAbove == 0)
    }

    @Test func valuesAreThoseOfTheInt8NetworksScaling() throws {
        var (_, int8) = try tinyInt8()
        let stem = int8.outputs[1], greatest = stem.scale * Float(255 - Int(stem.zeroPoint))
        int8.channelScalings[1] = ChannelScaling(factors: [1] + [Float](repeating: 4, count: 7), offsets: [Float](repeating: 0, count: 8))
        var distributions = LayerDistributions(of: int8)
        [Float](repeating: greatest / 2, count: 8).withUnsafeBufferPointer { distributions.add(1, $0) }
        let seen = try #require(distributions[1])
        #expect(seen.clippedAbove == 7)
        #expect(seen.histogram.maximum == 2 * greatest)
    }

    @Test func nodesThatDoNotExistAreLeftOut() throws {
        var distributions = LayerDistributions(of: try tinyInt8().int8)
        [Float(1)].withUnsafeBufferPointer { distributions.add(1000, $0) }
        #expect(distributions[1000] == nil && distributions[-1] == nil && distributions[1] == nil)
    }
}
