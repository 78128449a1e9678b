import ESegRuntime
import Quantization
import Testing

@testable import Evaluation

struct FramePicturesTests {
    private let colors = [Color(1, 2, 3), Color(4, 5, 6)]

    @Test func mapsHaveTheirClassColors() throws {
        let pictures = FramePictures(try .sample(index: 0, flips: 1), colors: colors)
        #expect(pictures.float.pixels == (0..<8).flatMap { _ in [UInt8](arrayLiteral: 1, 2, 3) })
        #expect(Array(pictures.int8.pixels.prefix(6)) == [4, 5, 6, 1, 2, 3])
        #expect(pictures.frame.pixels == [UInt8](repeating: 240, count: 24))
    }

    @Test func flippedPixelsLightUpOverTheDimmedFrame() throws {
        let pictures = FramePictures(try .sample(index: 0, flips: 2, labels: [0, 1, 0, 0, 0, 0, 0, 0]), colors: colors)
        let pixels = stride(from: 0, to: 24, by: 3).map { Array(pictures.flips.pixels[$0..<$0 + 3]) }
        let (lost, gained) = (FlipKind.lost.color.channels, FlipKind.gained.color.channels)
        let dimmed: [UInt8] = [96, 96, 96]
        #expect(pixels[0..<4] == [lost, gained, gained.map { $0 / 2 }, dimmed])
        #expect(pixels[4..<8] == [lost.map { $0 / 2 }, gained.map { $0 / 2 }, dimmed, dimmed])
    }

    @Test func aLargeFrameShrinksAndKeepsEveryFlip() throws {
        let (width, height) = (2050, 5)
        var int8 = [UInt8](repeating: 0, count: width * height)
        int8[4 * width + 2049] = 1
        let frame = try ComparedFrame(
            index: 0,
            frame: LabeledFrame(
                name: "wide", image: RGBImage(width: width, height: height, pixels: [UInt8](repeating: 90, count: width * height * 3)),
                labels: nil),
            float: ClassMap(width: width, height: height, classes: [UInt8](repeating: 0, count: width * height)),
            int8: ClassMap(width: width, height: height, classes: int8))
        let pictures = FramePictures(frame, colors: colors)
        #expect(pictures.flips.width == 684)
        #expect(pictures.flips.height == 2)
        #expect(Array(pictures.flips.pixels.suffix(3)) == FlipKind.undecided.color.channels)
        #expect(pictures.frame.pixels.allSatisfy { $0 == 90 })
    }

    @Test func aClassWithoutColorIsGray() {
        #expect(colors.color(of: 7) == Color(128, 128, 128))
    }
}

extension Color {
    fileprivate var channels: [UInt8] { [red, green, blue] }
}
