import Testing

@testable import ESegImaging

@Suite struct Y4MStreamTests {
    private func stream(_ header: String, frames: [[UInt8]], frameHeader: String = "FRAME\n") -> [UInt8] {
        Array("YUV4MPEG2 \(header)\n".utf8) + frames.flatMap { Array(frameHeader.utf8) + $0 }
    }

    private let white: [UInt8] = [235, 235, 235, 128, 128, 128, 128]
    private let black: [UInt8] = [16, 16, 16, 128, 128, 128, 128]

    @Test(arguments: [
        "", " C420", " C420jpeg", " C420mpeg2", " C420paldv", " XYSCSS=420JPEG", " Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED",
    ])
    func oddSizesOf420(chroma: String) throws {
        let reading = try StreamReading(stream("W3 H1 F30:1\(chroma)", frames: [white, black]))
        #expect(reading.numbers == [1, 2] && reading.damage.isEmpty && reading.failure == nil)
        #expect(reading.frames[0].pixels == Array(repeating: 255, count: 9))
        #expect(reading.frames[1].pixels == Array(repeating: 0, count: 9))
    }

    @Test(
        arguments: [
            ("C422", [16, 235, 128, 128], [0, 0, 0, 255, 255, 255]), ("C444", [16, 235, 128, 128, 128, 128], [0, 0, 0, 255, 255, 255]),
            ("Cmono", [1, 200], [1, 1, 1, 200, 200, 200]), ("Cmono XCOLORRANGE=LIMITED", [16, 235], [0, 0, 0, 255, 255, 255]),
            ("XYSCSS=444", [16, 235, 128, 128, 128, 128], [0, 0, 0, 255, 255, 255]),
            ("C444 XCOLORRANGE=FULL", [0, 255, 128, 128, 128, 128], [0, 0, 0, 255, 255, 255]),
        ] as [(String, [UInt8], [UInt8])])
    func otherChromaAndRanges(chroma: String, frame: [UInt8], pixels: [UInt8]) throws {
        let reading = try StreamReading(stream("W2 H1 \(chroma)", frames: [frame], frameHeader: "FRAME Ip\n"))
        #expect(reading.frames.map(\.pixels) == [pixels])
    }

    @Test(arguments: [
        ("H2", "width: found none, expected W and a number"), ("W2", "height: found none, expected H and a number"),
        ("W0 H2", "width: found 0, expected a positive number"), ("W2 H-2", "height: found -2, expected a positive number"),
        ("W99999999999999999999 H2", "width: found 99999999999999999999, expected a positive number"),
        ("W20000 H2", "size: found 20000x2, expected 1 to 16384 a side and at most 67108864 pixels"),
        ("W16384 H16384", "size: found 16384x16384, expected 1 to 16384 a side and at most 67108864 pixels"),
        ("W9223372036854775807 H9223372036854775807", "size: found 9223372036854775807x9223372036854775807, expected 1 to 16384"),
        ("W2 H2 It", "interlacing: found It, expected progressive frames"), ("W2 H2 Ib", "interlacing: found Ib, expected"),
        ("W2 H2 Im", "interlacing: found Im, expected"),
        ("W2 H2 C420p10", "chroma: found C420p10, expected one of C420, C420jpeg, C420mpeg2, C420paldv, C422, C444, Cmono"),
        ("W2 H2 C411", "chroma: found C411, expected"), ("W2 H2 C444alpha", "chroma: found C444alpha, expected"),
    ])
    func wrongHeadersAreNamed(header: String, reason: String) throws {
        let reading = try StreamReading(stream(header, frames: [white]))
        #expect(reading.frames.isEmpty)
        #expect(reading.failure?.hasPrefix("stream: \(reason)") == true, "\(reading.failure ?? "")")
    }

    @Test func headersHaveAnEnd() throws {
        for bytes in [Array("YUV4MPEG2 W2 H2".utf8), Array("YUV4MPEG2 ".utf8) + [UInt8](repeating: 88, count: 100_000)] {
            let failure = try #require(StreamReading(bytes).failure)
            #expect(failure.hasPrefix("stream: header: found ") && failure.hasSuffix("expected a line of at most 1024 bytes"))
        }
        let other = try StreamReading(Array("YUV4MPEG2X W2 H2\n".utf8))
        #expect(other.failure == "stream: header: found \"YUV4MPEG2X W2 H2\", expected YUV4MPEG2")
    }

    @Test func aSearchForTheFirstFrameEnds() throws {
        let junk = [UInt8](repeating: 1, count: 5 << 20)
        let none = try StreamReading(stream("W3 H1", frames: []) + junk)
        #expect(none.frames.isEmpty && none.damage.isEmpty)
        #expect(none.failure?.hasPrefix("stream: frame 1: header: found ") == true && none.failure?.hasSuffix("expected FRAME") == true)
        let behind = try StreamReading(stream("W3 H1", frames: [white]) + junk + Array("FRAME\n".utf8) + black)
        #expect(behind.frames.count == 2 && behind.failure == nil)
    }

    @Test func everyTruncationIsReported() throws {
        let bytes = stream("W3 H1", frames: [white, black]), second = bytes.count - 13
        for count in second + 1..<bytes.count {
            let reading = try StreamReading(Array(bytes[..<count]))
            #expect(reading.numbers == [1] && reading.failure == nil)
            #expect(reading.damage.count == 1 && reading.damage[0].hasPrefix("stream: frame 2: "), "\(count): \(reading.damage)")
        }
        #expect(try StreamReading(Array(bytes[..<(bytes.count - 13)])).damage.isEmpty)
        let cut = try StreamReading(bytes.dropLast(2))
        #expect(cut.damage == ["stream: frame 2: data: found 5 bytes, expected 7 bytes"])
    }

    @Test func aLostFrameHeaderCostsThatFrame() throws {
        var bytes = stream("W3 H1", frames: [white, black, white])
        let second = bytes.count - 26
        bytes[second + 1] = 0
        let reading = try StreamReading(bytes)
        #expect(reading.numbers == [1, 3])
        #expect(reading.damage == ["stream: frame 2: header: found 13 bytes of something else, expected FRAME"])
        #expect(reading.frames.allSatisfy { $0.pixels == Array(repeating: 255, count: 9) })
    }
}

@Suite struct RawStreamTests {
    @Test(
        arguments: [
            ("rgb24", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]), ("yuyv", [16, 128, 235, 128], [0, 0, 0, 255, 255, 255]),
            ("nv12", [16, 235, 128, 128], [0, 0, 0, 255, 255, 255]), ("i420", [16, 235, 128, 128], [0, 0, 0, 255, 255, 255]),
        ] as [(String, [UInt8], [UInt8])])
    func framesFollowEachOther(format: String, frame: [UInt8], pixels: [UInt8]) throws {
        let reading = try StreamReading(frame + frame + frame.dropLast(), raw: "2x1:\(format)")
        #expect(reading.frames.map(\.pixels) == [pixels, pixels])
        #expect(reading.damage == ["stream: frame 3: data: found \(frame.count - 1) bytes, expected \(frame.count) bytes"])
    }

    @Test func anEmptyStreamIsAnError() throws {
        #expect(try StreamReading([], raw: "2x1:rgb24").failure?.hasPrefix("stream: format: found an empty stream") == true)
    }

    @Test(arguments: [
        "", "2x1", "2x1:", "2x1:png", "2:nv12", "0x1:nv12", "-2x1:nv12", "2x1x1:nv12", "20000x1:nv12", "16384x16384:nv12", "2x1:nv12:yuyv",
        "9223372036854775807x9223372036854775807:rgb24", "2 x1:nv12", "2x1:gray",
    ])
    func wrongFormatsAreRefused(text: String) {
        #expect(RawFormat(text) == nil)
    }

    @Test func formatsAreReadInAnyCase() throws {
        let format = try #require(RawFormat("640x480:NV12"))
        #expect(format.picture.width == 640 && format.picture.height == 480 && format.picture.layout == .nv12)
        #expect(format.picture.byteCount == 640 * 480 * 3 / 2)
    }
}

@Suite struct FrameRateTests {
    @Test func bothNumbersArePositive() throws {
        #expect(FrameRate(30, 1)?.numerator == 30)
        for (text, rate) in [("30:1", FrameRate(30, 1)), ("25:x", nil), ("25", nil), ("25:1:1", nil), ("0:0", nil)] {
            #expect(try Y4MHeader("YUV4MPEG2 W4 H4 F\(text)", name: "y").rate == rate)
        }
        #expect(FrameRate(0, 1) == nil && FrameRate(30, 0) == nil && FrameRate(-1, -1) == nil)
    }
}
