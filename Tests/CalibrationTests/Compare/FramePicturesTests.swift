import ESegRuntime
import Testing

@testable import Calibration

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
        let (lost, gained) = (FlipKind.lost.color, FlipKind.gained.color)
        #expect(
            Array(pictures.flips.pixels.prefix(9)) == [lost.red, lost.green, lost.blue, gained.red, gained.green, gained.blue, 80, 80, 80])
    }

    @Test func aLargeFrameShrinksAndKeepsEveryFlip() throws {
        let (width, height) = (2050, 5)
        var int8 = [UInt8](repeating: 0, count: width * height)
        int8[4 * width + 2049] = 1
        let frame = try ComparedFrame(
            index: 0,
            frame: LabelledFrame(
                name: "wide", image: RGBImage(width: width, height: height, pixels: [UInt8](repeating: 90, count: width * height * 3)),
                labels: nil),
            float: ClassMap(width: width, height: height, classes: [UInt8](repeating: 0, count: width * height)),
            int8: ClassMap(width: width, height: height, classes: int8))
        let pictures = FramePictures(frame, colors: colors)
        #expect(pictures.flips.width == 684)
        #expect(pictures.flips.height == 2)
        let flip = FlipKind.undecided.color
        #expect(Array(pictures.flips.pixels.suffix(3)) == [flip.red, flip.green, flip.blue])
        #expect(pictures.frame.pixels.allSatisfy { $0 == 90 })
    }

    @Test func aClassWithoutColorIsGrey() {
        #expect(colors.color(of: 7) == Color(128, 128, 128))
    }
}
