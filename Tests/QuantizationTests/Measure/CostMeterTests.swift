import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

struct CostMeterTests {
    private let float = tinyNetwork(activation: .relu)

    private func frames(labels: [UInt8]? = nil) -> MeasuredFrames {
        MeasuredFrames(
            LabeledFrames(count: 2) { index in
                LabeledFrame(name: "\(index)", image: randomImage(height: 40, width: 56, seed: UInt64(index)), labels: labels)
            }, named: "frames")
    }

    @Test func everyMeasurementGivesTheSame() throws {
        let int8 = try Quantizer.quantize(network: float, statistics: statistics(float, tinyFrames(2)))
        var meter = CostMeter(float, on: frames(), isa: .best, threads: 1)
        let first = try meter.cost(of: int8) { _ in }, second = try meter.cost(of: int8) { _ in }
        #expect(first == second && first.frames == 2 && first.pixels == 2 * 40 * 56)
    }

    @Test func labelsOfAnotherSizeAreRefused() throws {
        let int8 = try Quantizer.quantize(network: float, statistics: statistics(float, tinyFrames(2)))
        var meter = CostMeter(float, on: frames(labels: [0]), isa: .best, threads: 1)
        #expect(throws: CompareError.labelCount(frame: "0", found: 1, expected: 40 * 56)) { try meter.cost(of: int8) { _ in } }
    }
}
