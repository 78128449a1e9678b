import ESegRuntime
import Quantization
import Testing

@testable import Evaluation

struct FrameGalleryTests {
    private func gallery(flips: [Int], worst: Int, even: Int) throws -> FrameGallery {
        var gallery = FrameGallery(worst: worst, evenlySpaced: even, of: flips.count)
        for (index, flips) in flips.enumerated() { gallery.offer(try .sample(index: index, flips: flips)) }
        return gallery
    }

    @Test func keepsTheWorstAndTheEvenlySpaced() throws {
        let exhibits = try gallery(flips: [0, 1, 8, 2, 3, 7], worst: 2, even: 2).exhibits
        #expect(exhibits.map(\.compared.index) == [2, 5, 3, 0])
        #expect(exhibits.map(\.isWorst) == [true, true, false, false])
        #expect(exhibits.map(\.isEvenlySpaced) == [false, false, true, true])
    }

    @Test func aFrameOfBothKindsIsShownOnce() throws {
        let exhibits = try gallery(flips: [5, 1], worst: 1, even: 2).exhibits
        #expect(exhibits.map(\.compared.index) == [0, 1])
        #expect(exhibits[0].isWorst && exhibits[0].isEvenlySpaced)
    }

    @Test func equalFramesKeepTheDataSetsOrder() throws {
        #expect(try gallery(flips: [4, 4, 4], worst: 3, even: 0).exhibits.map(\.compared.index) == [0, 1, 2])
    }

    @Test func theWorstIsTheOneWithTheGreatestShareOfFlips() throws {
        var gallery = FrameGallery(worst: 1, evenlySpaced: 0, of: 2)
        let image = RGBImage(width: 4, height: 4, pixels: [UInt8](repeating: 0, count: 48))
        let (zeros, ones) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 1, count: 5) + [UInt8](repeating: 0, count: 11))
        gallery.offer(
            try ComparedFrame(
                index: 0, frame: LabeledFrame(name: "large.png", image: image, labels: nil),
                float: ClassMap(width: 4, height: 4, classes: zeros), int8: ClassMap(width: 4, height: 4, classes: ones)))
        gallery.offer(try .sample(index: 1, flips: 4))
        #expect(gallery.exhibits.map(\.compared.index) == [1])
    }

    @Test func flipsAreJudgedByTheLabel() throws {
        let frame = try ComparedFrame.sample(index: 0, flips: 5, labels: [0, 0, 1, 255, 9, 0, 0, 0])
        #expect(frame.flipCounts == [.lost: 2, .gained: 1, .undecided: 2])
        #expect(try ComparedFrame.sample(index: 0, flips: 5).flipCounts == [.undecided: 5])
    }
}
