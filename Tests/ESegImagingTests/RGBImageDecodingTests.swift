import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct JPEGDecodingTests {
    @Test func colorFilesKeepTheirColors() throws {
        let image = RGBImage.gradient(width: 37, height: 23)
        let decoded = try RGBImage(encoded: image.jpegBytes(quality: 100), name: "a.jpg")
        #expect(decoded.width == 37 && decoded.height == 23)
        #expect(close(decoded.pixel(5, 20), image.pixel(5, 20), within: 12))
    }

    @Test(
        arguments: [
            ("gray", JPEGSamples.gray, [50, 50, 50], [200, 200, 200]),
            ("progressive", JPEGSamples.progressive, [200, 40, 40], [40, 40, 200]),
            ("CMYK, inverted as the Adobe marker says", JPEGSamples.adobeCMYK, [255, 0, 0], [0, 0, 204]),
            ("YCCK", JPEGSamples.ycck, [255, 0, 0], [0, 0, 204]),
            ("CMYK without the Adobe marker", JPEGSamples.withoutAdobeMarker(JPEGSamples.adobeCMYK), [255, 0, 0], [0, 0, 204]),
        ] as [(String, [UInt8], [UInt8], [UInt8])])
    func otherKindsBecomeRGB(kind: String, file: [UInt8], left: [UInt8], right: [UInt8]) throws {
        let image = try RGBImage(encoded: file, name: kind)
        #expect(image.width == 16 && image.height == 8)
        #expect(close(image.pixel(2, 4), left) && close(image.pixel(13, 4), right))
    }

    @Test(arguments: 1...8, [true, false])
    func exifOrientationTurnsTheImageUpright(orientation: Int, bigEndian: Bool) throws {
        let stored = try RGBImage(encoded: RGBImage.gradient(width: 24, height: 16).jpegBytes(), name: "stored.jpg")
        let file = try JPEGSamples.exif(
            orientation: UInt8(orientation), bigEndian: bigEndian, in: RGBImage.gradient(width: 24, height: 16).jpegBytes())
        let upright = try RGBImage(encoded: file, name: "upright.jpg")
        // Where the EXIF standard puts the stored image's first pixel and the one at the end of its first row.
        let corners = [
            1: ("top left", "top right"), 2: ("top right", "top left"), 3: ("bottom right", "bottom left"),
            4: ("bottom left", "bottom right"), 5: ("top left", "bottom left"), 6: ("top right", "bottom right"),
            7: ("bottom right", "top right"), 8: ("bottom left", "top left"),
        ]
        func corner(_ name: String) -> [UInt8] {
            upright.pixel(name.hasSuffix("left") ? 0 : upright.width - 1, name.hasPrefix("top") ? 0 : upright.height - 1)
        }
        let (first, endOfRow) = try #require(corners[orientation])
        #expect((upright.width, upright.height) == (orientation >= 5 ? (16, 24) : (24, 16)))
        #expect(corner(first) == stored.pixel(0, 0))
        #expect(corner(endOfRow) == stored.pixel(23, 0))
    }

    /// Types of an orientation as Pillow takes them: 16-bit, 32-bit and signed integers, but no bytes, fractions or lists of none.
    @Test(
        arguments: [
            (3, 1, true), (4, 1, true), (6, 1, true), (8, 1, true), (9, 1, true), (3, 2, true), (1, 1, false), (5, 1, false), (3, 0, false),
        ] as [(UInt8, UInt8, Bool)])
    func anyIntegerMayBeAnOrientation(type: UInt8, count: UInt8, isTaken: Bool) throws {
        let jpeg = try RGBImage.gradient(width: 24, height: 16).jpegBytes()
        for bigEndian in [true, false] {
            let file = JPEGSamples.exif(orientation: 6, type: type, count: count, bigEndian: bigEndian, in: jpeg)
            #expect(try RGBImage(encoded: file, name: "a.jpg").width == (isTaken ? 16 : 24))
        }
    }

    @Test func senselessExifLeavesTheImageAsStored() throws {
        let file = try RGBImage.gradient(width: 24, height: 16).jpegBytes()
        var beyondTheSegment = JPEGSamples.exif(orientation: 6, bigEndian: true, in: file)
        beyondTheSegment[12 + 4] = 0x7F
        for damaged in [JPEGSamples.exif(orientation: 9, bigEndian: true, in: file), beyondTheSegment] {
            #expect(try RGBImage(encoded: damaged, name: "a.jpg").width == 24)
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let endMarker = 2
        for file in try [RGBImage.gradient(width: 32, height: 32).jpegBytes(), JPEGSamples.progressive] {
            for count in 1..<file.count - endMarker {
                #expect(throws: ImageError.self) { try RGBImage(encoded: Array(file[..<count]), name: "cut.jpg") }
            }
        }
    }

    /// Pillow and OpenCV read them too.
    @Test func theLastMarkerMayBeMissingWhereAllPixelsAreThere() throws {
        let file = try RGBImage.gradient(width: 32, height: 32).jpegBytes(), whole = try RGBImage(encoded: file, name: "a.jpg")
        #expect(try RGBImage(encoded: Array(file.dropLast()), name: "a.jpg") == whole)
        #expect(try RGBImage(encoded: Array(file.dropLast(2)), name: "a.jpg") == whole)
        // A progressive image may lack scans where it lacks its end.
        #expect(throws: ImageError.self) { try RGBImage(encoded: JPEGSamples.progressive.dropLast(2), name: "a.jpg") }
    }

    @Test func whatFollowsAnImageDoesNotMatter() throws {
        let file = try RGBImage.gradient(width: 32, height: 32).jpegBytes()
        #expect(try RGBImage(encoded: file + [0, 1, 2] + file, name: "a.jpg") == RGBImage(encoded: file, name: "a.jpg"))
    }

    @Test(arguments: [JPEGSamples.gray, JPEGSamples.progressive, JPEGSamples.adobeCMYK, JPEGSamples.ycck])
    func damagedBytesAreAnErrorOrStillAnImageWithinTheLimits(file: [UInt8]) {
        for position in file.indices {
            for mask in [0x01, 0x10, 0xFF] as [UInt8] {
                var damaged = file
                damaged[position] ^= mask
                guard let image = try? RGBImage(encoded: damaged, name: "flipped.jpg") else { continue }
                #expect(image.width <= ImageLimits.side && image.height <= ImageLimits.side)
            }
        }
    }
}

@Suite struct PNGDecodingTests {
    @Test func colorFilesKeepTheirPixels() throws {
        let image = RGBImage.gradient(width: 37, height: 23)
        #expect(try RGBImage(encoded: image.pngBytes(), name: "a.png") == image)
    }

    @Test(
        arguments: [
            ("gray", PNGBuilder(width: 2, height: 1, type: .gray, rows: [[7, 200]]), [7, 7, 7, 200, 200, 200]),
            ("1-bit gray", PNGBuilder(width: 2, height: 1, depth: 1, type: .gray, rows: [[0b0100_0000]]), [0, 0, 0, 255, 255, 255]),
            (
                "palette", PNGBuilder(width: 2, height: 1, type: .palette, palette: [1, 2, 3, 4, 5, 6], rows: [[1, 0]]),
                [4, 5, 6, 1, 2, 3]
            ),
            (
                "16-bit RGB, the high bytes",
                PNGBuilder(width: 1, height: 1, depth: 16, type: .rgb, rows: [[0xFF, 0xFF, 0x01, 0xFF, 0, 0x7F]]),
                [255, 1, 0]
            ),
            ("16-bit gray", PNGBuilder(width: 1, height: 1, depth: 16, type: .gray, rows: [[0x80, 0x80]]), [128, 128, 128]),
            ("alpha, dropped", PNGBuilder(width: 1, height: 1, type: .rgbAlpha, rows: [[9, 8, 7, 0]]), [9, 8, 7]),
            (
                "a transparent color, which is one",
                PNGBuilder(
                    width: 2, height: 1, type: .rgb, chunks: [("tRNS", [0, 1, 0, 2, 0, 3])], rows: [[1, 2, 3, 4, 5, 6]]),
                [1, 2, 3, 4, 5, 6]
            ),
            (
                "gamma, ignored", PNGBuilder(width: 1, height: 1, type: .gray, chunks: [("gAMA", [0, 1, 0x86, 0xA0])], rows: [[99]]),
                [99, 99, 99]
            ),
            ("gray and alpha", PNGBuilder(width: 1, height: 1, type: .grayAlpha, rows: [[9, 128]]), [9, 9, 9]),
        ] as [(String, PNGBuilder, [UInt8])])
    func otherKindsBecomeRGB(kind: String, png: PNGBuilder, expected: [UInt8]) throws {
        #expect(try RGBImage(encoded: png.bytes, name: kind).pixels == expected)
    }

    /// Pillow and OpenCV turn PNG images too.
    @Test func exifOrientationTurnsTheImageUpright() throws {
        let exif: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
        let png = PNGBuilder(width: 2, height: 1, type: .gray, chunks: [("eXIf", exif)], rows: [[1, 2]])
        let image = try RGBImage(encoded: png.bytes, name: "a.png")
        #expect(image.width == 1 && image.height == 2 && image.pixels == [1, 1, 1, 2, 2, 2])
    }

    @Test func everyTruncationIsAnError() throws {
        let file = PNGBuilder(width: 2, height: 2, type: .gray, rows: [[1, 2], [3, 4]]).bytes
        for count in 1..<file.count {
            #expect(throws: ImageError.self) { try RGBImage(encoded: Array(file[..<count]), name: "cut.png") }
        }
    }

    @Test func everyDamagedByteOfTheContentIsAnError() {
        let file = PNGBuilder(width: 2, height: 2, type: .gray, rows: [[1, 2], [3, 4]]).bytes
        let checksumOfTheEnd = 4  // newer libpng does not look at it
        for position in file.indices.dropLast(checksumOfTheEnd) {
            var damaged = file
            damaged[position] ^= 0x10
            #expect(throws: ImageError.self, "byte \(position)") { try RGBImage(encoded: damaged, name: "flipped.png") }
        }
    }
}

@Suite struct ImageLimitTests {
    @Test func onePixelIsAnImage() throws {
        let image = RGBImage.flat(width: 1, height: 1, [10, 20, 30])
        #expect(try RGBImage(encoded: image.pngBytes(), name: "a.png") == image)
        #expect(try RGBImage(encoded: image.jpegBytes(quality: 100), name: "a.jpg").width == 1)
    }

    @Test func hugeImagesAreRefusedByTheirHeaderAlone() throws {
        let png = PNGBuilder(width: 20_000, height: 20_000, type: .rgb, rows: []).bytes
        let jpeg = JPEGSamples.claiming(width: 20_000, height: 20_000, in: try RGBImage.gradient(width: 8, height: 8).jpegBytes())
        for file in [png, jpeg] {
            let error = imageError { try RGBImage(encoded: file, name: "huge") }
            #expect(error?.description == "huge: size: found 20000x20000, expected at most 16384 a side and 67108864 pixels")
        }
    }

    @Test func whatIsNoImageIsNamed() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write([], to: "empty.jpg")
        let video = try folder.write([0, 0, 0, 1, 0x67, 0x42], to: "video.jpg")
        let text = try folder.write(Array("no image".utf8), to: "text.png")
        let cases = [
            (empty, "format: found an empty file, expected a JPEG or PNG image"),
            (video, "format: found H.264 video, expected a JPEG or PNG image"),
            (text, "format: found 8 bytes of something else, expected a JPEG or PNG image"),
            (folder.path + "/absent.jpg", "file: found no such file or directory, expected a readable file"),
            (folder.path, "file: found is a directory, expected a readable file"),
        ]
        for (path, reason) in cases {
            let error = imageError { try RGBImage(contentsOf: path) }
            #expect(error?.description == "\(path): \(reason)")
        }
    }

    @Test func theFormatIsToldByTheContentNotTheName() throws {
        let folder = try TemporaryFolder()
        let image = RGBImage.gradient(width: 5, height: 4)
        #expect(try RGBImage(contentsOf: folder.write(image.pngBytes(), to: "really-a-png.jpg")) == image)
    }
}
