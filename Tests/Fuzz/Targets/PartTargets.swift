import ESegRuntime
import TestSupport

@testable import ESegNetwork
@testable import Evaluation
@testable import Quantization

extension FuzzTarget {
    /// What a statistics file holds is written so that it reads as the same, merges with what it is merged with, and gives finite ranges.
    static let calibration = FuzzTarget("calibration") {
        let network = smallNetwork
        let parts = try [1, 2].map { index in
            var calibrator = try Calibrator(network: network, height: 32, width: 32, threads: 1)
            try calibrator.add(image: randomImage(height: 32, width: 32, seed: UInt64(index)))
            guard let shard = Shard("\(index)/2") else { throw FuzzFinding("no shard") }
            return CalibrationPart(
                of: network, isa: "scalar", frameNames: ["a", "b"], shard: shard, statistics: try calibrator.finish())
        }
        return try parts.map { PackedFile.packed(try $0.writer().pieces(as: CalibrationPart.sealed, file: "seed")) }
    } run: { bytes in
        let part: CalibrationPart
        do { part = try CalibrationPart(WholeFile(packed: bytes)) } catch { return "\(error)" }
        let file = try part.writer().pieces(as: CalibrationPart.sealed, file: "fuzz").joined()
        try require(try CalibrationPart(WholeFile(Array(file), name: "again")) == part, "other statistics when written")
        var ranges: [Double] = []
        for node in part.statistics.nodes {
            for method in [RangeMethod.mse, .kl, .percentile(99)] {
                let range = node.output.range(method)
                try require(range.lower.isFinite && range.upper.isFinite && range.lower <= range.upper, "\(range) of \(method)")
                ranges += [range.lower, range.upper]
            }
        }
        var twice = part.statistics
        do { try twice.merge(part.statistics) } catch { return "\(error)" }
        var fingerprint = Fingerprint()
        fingerprint.add(ranges)
        return fingerprint.text
    }

    /// The same of a comparison file, whose numbers can be printed.
    static let comparison = FuzzTarget("comparison") {
        var tally = ComparisonTally(classNames: ["sky", "road"], layerNames: ["image", "stem"])
        let image = RGBImage(width: 2, height: 2, pixels: Array(repeating: 9, count: 12))
        let frame = LabeledFrame(name: "a", image: image, labels: [0, 1, 1, 255])
        let maps = [[0, 1, 1, 1], [0, 0, 1, 1]].map { ClassMap(width: 2, height: 2, classes: $0) }
        let compared = try ComparedFrame(index: 0, frame: frame, float: maps[0], int8: maps[1])
        tally.add(compared, floatTime: .milliseconds(3), int8Time: .milliseconds(1))
        tally.add(InspectedFrame(index: 0, layers: [SignalToNoise(), SignalToNoise(signal: 1, noise: 0.5)]))
        tally.note(floatBytes: 4000, int8Bytes: 1000)
        let part = ComparisonPart(
            of: smallNetwork, model: "m", isa: "scalar", size: "32x32", frameNames: ["a"], shard: .whole,
            names: .init(weights: "w", model: "m", dataset: "d"), threads: 1, tally: tally)
        return [PackedFile.packed(try part.writer().pieces(as: ComparisonPart.sealed, file: "seed"))]
    } run: { bytes in
        let part: ComparisonPart
        do { part = try ComparisonPart(WholeFile(packed: bytes)) } catch { return "\(error)" }
        let file = try part.writer().pieces(as: ComparisonPart.sealed, file: "fuzz").joined()
        let again = try ComparisonPart(WholeFile(Array(file), name: "again"))
        try require(again.header == part.header && again.tally.frames.count == part.tally.frames.count, "other counts when written")
        let comparison = part.tally.comparison
        _ = try comparison.json()
        _ = comparison.table()
        var twice = part.tally
        twice.merge(part.tally)
        return twice.comparison.table()
    }
}
