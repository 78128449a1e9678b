import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct JPEGStreamTests {
    private let image = RGBImage.gradient(width: 40, height: 24)

    private let endMarker = 2

    private func jpeg() throws -> [UInt8] { try image.jpegBytes() }

    private func pixels() throws -> [UInt8] { try RGBImage(encoded: jpeg(), name: "jpeg").pixels }

    @Test func framesAreTheImagesPixels() throws {
        let reading = try StreamReading(jpeg() + jpeg() + jpeg())
        #expect(reading.numbers == [1, 2, 3] && reading.damage.isEmpty && reading.failure == nil)
        #expect(try reading.frames.allSatisfy { try $0.pixels == pixels() && $0.width == 40 && $0.height == 24 })
    }

    @Test func sizesMayChange() throws {
        let reading = try StreamReading(jpeg() + RGBImage.gradient(width: 64, height: 8).jpegBytes() + jpeg())
        #expect(reading.frames.map(\.width) == [40, 64, 40])
        #expect(try reading.frames[2].pixels == pixels())
    }

    @Test func otherKindsOfJPEGAreFramesToo() throws {
        let kinds = [JPEGSamples.gray, JPEGSamples.progressive, JPEGSamples.adobeCMYK, JPEGSamples.ycck]
        let reading = try StreamReading(kinds.flatMap { $0 })
        #expect(reading.numbers == [1, 2, 3, 4])
        for (frame, kind) in zip(reading.frames, kinds) { #expect(try frame.pixels == RGBImage(encoded: kind, name: "kind").pixels) }
    }

    @Test func exifOrientationIsApplied() throws {
        let turned = JPEGSamples.exif(orientation: 6, bigEndian: true, in: try jpeg())
        let reading = try StreamReading(turned + jpeg())
        #expect(reading.frames.map(\.width) == [24, 40])
        #expect(try reading.frames[0].pixels == RGBImage(encoded: turned, name: "turned").pixels)
    }

    /// A comment or EXIF segment may hold a whole image, as a thumbnail does.
    @Test func imagesWithinSegmentsAreNoFrames() throws {
        let thumbnail = try RGBImage.gradient(width: 8, height: 8).jpegBytes()
        let length = thumbnail.count + 2
        let bytes = try jpeg()
        let outer = bytes[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + thumbnail + bytes[2...]
        #expect(try StreamReading(Array(outer + outer)).frames.map(\.width) == [40, 40])
    }

    /// A segment of other bytes may end with what is the start of an image, but none may begin within its last byte.
    @Test(arguments: [[0xFF, 0xD8, 0xFF], [0, 0xFF, 0xD8]] as [[UInt8]]) func segmentsEndWithAnyBytes(end: [UInt8]) throws {
        let bytes = try jpeg(), filling = [UInt8](repeating: 0, count: 115) + end
        let image = Array(bytes[..<2] + [0xFF, 0xE5, 0, 120] + filling + bytes[2...])
        let reading = try StreamReading(image + bytes)
        let isWithin = end[0] == 0xFF
        #expect(reading.numbers == (isWithin ? [1, 2] : [2, 3]) && reading.damage.count == (isWithin ? 0 : 1))
    }

    /// Cameras leave out the tables that everyone has.
    @Test func framesWithoutHuffmanTablesUseTheStandardOnes() throws {
        let standard = JPEGSamples.standardTables
        let reading = try StreamReading(JPEGSamples.withoutHuffmanTables(standard) + standard)
        #expect(reading.numbers == [1, 2] && reading.damage.isEmpty)
        #expect(reading.frames[0].pixels == reading.frames[1].pixels)
    }

    /// Nothing of a frame before may make up for what a frame lacks.
    @Test func framesStandOnTheirOwn() throws {
        let bytes = try jpeg()
        let table = try #require(bytes.indices.dropLast(3).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDB })
        let end = table + 2 + Int(bytes[table + 2]) << 8 + Int(bytes[table + 3])
        let reading = try StreamReading(bytes + Array(bytes[..<table]) + Array(bytes[end...]) + bytes)
        #expect(reading.numbers == [1, 3])
        #expect(reading.damage.count == 1 && reading.damage[0].hasPrefix("stream: frame 2: data: found Quantization table 0x00"))
    }

    @Test func bytesBetweenFramesArePassedOver() throws {
        let boundary = Array("\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n".utf8)
        let image = try jpeg(), zeros = [UInt8](repeating: 0, count: 5000)
        let parts: [[UInt8]] = [boundary, image, boundary, image, zeros, image, [0]]
        let reading = try StreamReading(parts.flatMap { $0 })
        #expect(reading.numbers == [1, 2, 3] && reading.damage.isEmpty && reading.failure == nil)
    }

    @Test func everyTruncationDamagesThatFrameOnly() throws {
        let bytes = try jpeg()
        for count in 4..<bytes.count - endMarker {
            let reading = try StreamReading(bytes + Array(bytes[..<count]) + bytes)
            #expect(reading.frames.count == 2 && reading.damage.count == 1, "\(count) bytes: \(reading.damage)")
            #expect(try reading.frames.allSatisfy { try $0.pixels == pixels() })
        }
    }

    @Test func everyTruncationOfTheLastFrameIsReported() throws {
        let bytes = try jpeg()
        for count in 3..<bytes.count - endMarker {
            let reading = try StreamReading(bytes + Array(bytes[..<count]))
            #expect(reading.numbers == [1] && reading.failure == nil)
            #expect(reading.damage.count == 1, "\(reading.damage)")
            #expect(reading.damage.first?.hasPrefix("stream: frame 2: data: found the end of the stream after \(count) bytes") == true)
        }
    }

    @Test func aFrameWithoutItsStartIsReported() throws {
        let bytes = try jpeg()
        let headless = Array(bytes[2...]), late = Array(bytes[200...])
        let orders: [[[UInt8]]] = [[bytes, headless, bytes], [late, bytes, bytes], [bytes, bytes, headless]]
        for parts in orders {
            let reading = try StreamReading(parts.flatMap { $0 })
            #expect(reading.frames.count == 2 && reading.damage.count == 1)
            #expect(reading.damage[0].contains("\(parts.first { $0 != bytes }?.count ?? 0) bytes without a start of image"))
        }
    }

    /// As ffmpeg counts them: cameras send markers twice or not at all, and buffers that are longer than the frame in them.
    @Test func framesAreWholeWhateverBecomesOfTheirMarkers() throws {
        let bytes = try jpeg(), endless = Array(bytes.dropLast(2)), tail = Array(bytes.suffix(40))
        let streams: [(String, [[UInt8]])] = [
            ("a second end", [bytes, [0xFF, 0xD9], bytes, [0xFF, 0xD9], bytes, [0xFF, 0xD9]]),
            ("three ends", [bytes, [0xFF, 0xD9, 0xFF, 0xD9], bytes, bytes]),
            ("the end of an older frame", [bytes, tail, bytes, tail, bytes, tail]),
            ("no end", [endless, endless, endless]),
            ("a second start", [[0xFF, 0xD8], bytes, [0xFF, 0xD8], bytes, [0xFF, 0xD8, 0xFF, 0xD8], bytes]),
            ("fill bytes", [[0xFF, 0xFF], bytes, [0xFF], bytes, [0xFF, 0xFF], bytes]),
            ("junk that ends", [[1, 2, 0xFF, 0xD9], bytes, [0xFF, 0xD9, 7], bytes, [0xFF, 0xC4, 0xFF, 0xD9], bytes]),
        ]
        for (name, parts) in streams {
            let reading = try StreamReading(parts.flatMap { $0 })
            #expect(reading.numbers == [1, 2, 3] && reading.damage.isEmpty && reading.failure == nil, "\(name): \(reading.damage)")
            #expect(try reading.frames.allSatisfy { try $0.pixels == pixels() }, "\(name)")
        }
    }

    /// Wherever bytes are destroyed, the frames beside stay what they are, and no frame comes from nowhere.
    @Test func damageStaysWithinItsFrame() throws {
        let bytes = try jpeg(), whole = try pixels()
        for position in bytes.indices.dropLast(2) {
            for values in [[0, 0], [0xFF, 0xFF], [0xFF, 0xC4], [0xFF, 0xD9]] as [[UInt8]] {
                var damaged = bytes
                damaged.replaceSubrange(position..<position + 2, with: values)
                let reading = try StreamReading(bytes + damaged + bytes)
                #expect(reading.failure == nil)
                #expect(reading.frames.count + reading.damage.count == 3, "byte \(position): \(reading.numbers) \(reading.damage)")
                #expect(reading.frames.first?.pixels == whole && reading.frames.last?.pixels == whole, "byte \(position)")
            }
        }
    }

    @Test func hugeFramesAreRefusedByTheirHeader() throws {
        let huge = JPEGSamples.claiming(width: 20_000, height: 20_000, in: try jpeg())
        let reading = try StreamReading(jpeg() + huge + jpeg())
        #expect(reading.numbers == [1, 3])
        #expect(reading.damage == ["stream: frame 2: size: found 20000x20000, expected 1 to 16384 a side and at most 67108864 pixels"])
    }

    @Test(
        arguments: [
            ([], "an empty stream"), ([7], "1 bytes without a JPEG image"),
            (Array("some text, no frames".utf8), "20 bytes without a JPEG image"),
        ] as [([UInt8], String)])
    func whatIsNoStreamIsNamed(bytes: [UInt8], found: String) throws {
        try expectNoStream(bytes, found: found)
    }

    @Test func aSearchForTheFirstImageEnds() throws {
        try expectNoStream([UInt8](repeating: 1, count: 3 << 20), found: "no JPEG image in ")
    }

    /// Markers turn up by chance in whatever is long enough.
    @Test func damageDoesNotMakeTheSearchGoOn() throws {
        let marked = [0xFF, 0xD9, 0xFF, 0xD8, 0xFF, 1] + [UInt8](repeating: 1, count: 1 << 20)
        let video = try StreamReading([0, 0, 0, 1, 0x67] + Array(repeating: marked, count: 3).flatMap { $0 })
        #expect(video.frames.isEmpty && video.damage.count <= 3)
        #expect(video.failure?.contains("which begin as H.264 video does") == true, "\(video.failure ?? "")")
        let damaged = try StreamReading(Array(repeating: [0xFF, 0xD8, 0xFF, 0xD9], count: 200).flatMap { $0 })
        #expect(damaged.damage.count == JPEGStream.mostDamaged)
        #expect(damaged.failure?.hasPrefix("stream: format: found 101 damaged JPEG images and no other, expected an MJPEG") == true)
    }

    @Test func aLongGapIsADamagedFrame() throws {
        let reading = try StreamReading(jpeg() + [UInt8](repeating: 1, count: 3 << 19) + jpeg())
        #expect(reading.numbers == [1, 3] && reading.damage.count == 1)
    }

    private func expectNoStream(_ bytes: [UInt8], found: String) throws {
        let reading = try StreamReading(bytes)
        #expect(reading.frames.isEmpty)
        #expect(reading.failure?.hasPrefix("stream: format: found \(found)") == true, "\(reading.failure ?? "")")
        #expect(reading.failure?.hasSuffix("expected an MJPEG or Y4M stream, or --raw WxH:FORMAT to say what it is") == true)
    }
}
