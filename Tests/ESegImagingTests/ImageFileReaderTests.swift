import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct ImageFileReaderTests {
    /// A JPEG image with an EXIF segment that asks for an orientation.
    private func turned(_ jpeg: [UInt8], _ orientation: UInt8) -> [UInt8] {
        let directory: [UInt8] = [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
        let exif: [UInt8] = Array("Exif\0\0MM\0*".utf8) + directory
        var bytes = Array(jpeg[..<2])
        bytes += [0xFF, 0xE1, 0, UInt8(exif.count + 2)] as [UInt8]
        bytes += exif
        bytes += jpeg[2...]
        return bytes
    }

    @Test func filesAreReadOneAfterTheOtherAsEachByItself() throws {
        let folder = try TemporaryFolder(), reader = try ImageFileReader(), frame = StreamFrame()
        let wide = try RGBImage.gradient(width: 60, height: 20).jpegBytes(), small = RGBImage.gradient(width: 9, height: 8)
        let contents: [[UInt8]] = try [
            wide, turned(wide, 6), small.pngBytes(), turned(small.jpegBytes(), 3), turned(wide, 5), wide, small.pngBytes(),
        ]
        for (number, bytes) in contents.enumerated() {
            let path = try folder.write(bytes, to: "\(number).image")
            let alone = try RGBImage(contentsOf: path)
            #expect(try !reader.read(path, into: frame))
            #expect((frame.width, frame.height) == (alone.width, alone.height) && frame.pixels == alone.pixels, "\(path)")
        }
    }

    @Test func aDamagedFileDoesNotHarmTheNext() throws {
        let folder = try TemporaryFolder(), reader = try ImageFileReader(), frame = StreamFrame()
        let image = RGBImage.gradient(width: 64, height: 48), jpeg = try image.jpegBytes(), png = try image.pngBytes()
        let bad: [[UInt8]] = [Array(jpeg.dropLast(60)), Array(png.dropLast(60)), [], [1]]
        let good = try folder.write(png, to: "good")
        for bytes in bad {
            let path = try folder.write(bytes, to: "bad")
            #expect(throws: ImageError.self) { try reader.read(path, into: frame) }
            _ = try reader.read(good, into: frame)
            #expect(frame.pixels == image.pixels)
        }
    }
}
