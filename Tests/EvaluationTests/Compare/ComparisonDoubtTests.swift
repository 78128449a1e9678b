import Testing

@testable import Evaluation

struct ComparisonDoubtTests {
    private func comparison(_ frames: [(flips: Int, doubt: [UInt8]?)]) throws -> Comparison {
        var comparison = Comparison.sample()
        comparison.frames = try frames.enumerated().map { try ComparedFrame.sample(index: $0, flips: $1.flips, doubt: $1.doubt).summary }
        return comparison
    }

    @Test func sharesAreOfAllFrames() throws {
        let found = try comparison([(4, [255, 128, 127, 0, 200, 0, 0, 0]), (0, [128, 0, 0, 0, 0, 0, 0, 0])])
        #expect(found.frames.map(\.doubt) == [Comparison.Doubt(pixels: 3, flips: 2), Comparison.Doubt(pixels: 1, flips: 0)])
        #expect(found.doubt == Comparison.DoubtShares(pixels: 25, flips: 50))
        let lines = found.table().split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("doubtful pixels 25.00 %") && lines.contains("flips that are doubtful 50.00 %"))
    }

    @Test func withoutFlipsThereIsNothingToHold() throws {
        let found = try comparison([(0, [255, 0, 0, 0, 0, 0, 0, 0])])
        #expect(found.doubt == Comparison.DoubtShares(pixels: 12.5, flips: nil))
        #expect(!found.table().contains("flips that are"))
    }

    @Test func withoutCalibrationThereIsNone() throws {
        let found = try comparison([(1, nil), (1, [255, 0, 0, 0, 0, 0, 0, 0])])
        #expect(found.doubt == nil && !found.table().contains("doubt"))
    }

    @Test func theFiguresAreJSONToo() throws {
        let text = String(decoding: try comparison([(2, [255, 0, 0, 0, 0, 0, 0, 0])]).json(), as: UTF8.self)
        #expect(
            text.contains("\"doubt\" : {\n    \"flips\" : 50,\n    \"pixels\" : 12.5\n  }")
                || text.contains("\"doubt\":{\"flips\":50,\"pixels\":12.5}"))
    }
}
