import Testing

@testable import Evaluation

struct BoundaryLabelsTests {
    @Test func keepsThreePixelsOnEachSideOfAnEdge() {
        let row: [UInt8] = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
        let kept: [UInt8] = [255, 255, 1, 1, 1, 2, 2, 2, 255, 255]
        #expect(BoundaryLabels.restrict(row, width: 10, height: 1) == kept)
        #expect(BoundaryLabels.restrict(row, width: 1, height: 10) == kept)
    }

    @Test func distanceIsChebyshev() {
        var labels = [UInt8](repeating: 0, count: 81)
        labels[40] = 1
        let kept = BoundaryLabels.restrict(labels, width: 9, height: 9)
        for y in 0..<9 {
            for x in 0..<9 {
                let near = max(abs(x - 4), abs(y - 4)) <= 3
                #expect((kept[y * 9 + x] == 255) != near, "at \(x), \(y)")
            }
        }
    }

    @Test func aUniformMapHasNoEdge() {
        #expect(BoundaryLabels.restrict([5, 5, 5, 5], width: 2, height: 2) == [255, 255, 255, 255])
    }

    @Test func ignoredRegionsMakeEdgesButStayIgnored() {
        #expect(BoundaryLabels.restrict([0, 255], width: 2, height: 1) == [0, 255])
    }

    @Test func agreesWithTheDefinition() {
        var generator = Generator(state: 7)
        let (width, height) = (23, 17)
        let labels = (0..<width * height).map { _ in UInt8(generator.next(below: 12) == 0 ? 1 : 0) }
        let kept = BoundaryLabels.restrict(labels, width: width, height: height, radius: 2)
        for y in 0..<height {
            for x in 0..<width {
                let window = (max(0, y - 2)...min(height - 1, y + 2)).flatMap { v in
                    (max(0, x - 2)...min(width - 1, x + 2)).map { labels[v * width + $0] }
                }
                let edge = window.contains { $0 != labels[y * width + x] }
                #expect(kept[y * width + x] == (edge ? labels[y * width + x] : 255))
            }
        }
    }
}

/// A linear congruential generator: the same numbers in every run.
struct Generator {
    var state: UInt64

    mutating func next(below bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }
}
