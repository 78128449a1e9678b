/// Frames of a YUV4MPEG2 stream, as `ffmpeg -f yuv4mpegpipe` writes it.
final class Y4MStream: FrameSource {
    let name: String
    let header: Y4MHeader
    private let input: ByteStream
    private var number = 0
    private var hasRead = false

    /// Reads the stream's header. Throws `ImageError` where it is wrong.
    init(_ input: ByteStream) throws(ImageError) {
        let most = Y4MHeader.longestLine
        guard let line = try input.line(atMost: most) else {
            let bytes = input.count < most ? "\(input.count)" : "at least \(most)"  // how far has been read ahead does not matter
            throw ImageError(
                file: input.name, field: "header", found: "\(bytes) bytes without an end of line",
                expected: "a line of at most \(most) bytes")
        }
        self.input = input
        name = input.name
        header = try Y4MHeader(line, name: input.name)
    }

    var format: String { "Y4M" }
    var frameSize: (width: Int, height: Int)? { (header.picture.width, header.picture.height) }
    var rate: FrameRate? { header.rate }

    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        guard try input.fill(to: 1) else { return .end }
        number += 1
        let byteCount = header.picture.byteCount
        guard let lineBytes = try input.lineBytes(atMost: Y4MHeader.longestLine), input.withBytes({ isFrameLine($0, lineBytes) }) else {
            return try resynchronize()
        }
        guard try input.fill(to: lineBytes + byteCount) else {
            input.consume(lineBytes)
            return input.cutFrame(number, expected: byteCount)
        }
        input.withBytes { header.picture.convert(UnsafeBufferPointer(rebasing: $0[lineBytes...]), into: frame) }
        input.consume(lineBytes + byteCount)
        hasRead = true
        frame.number = number
        frame.rate = rate
        return .frame
    }

    private static let frameSignature = Array("FRAME".utf8)

    private func isFrameLine(_ bytes: UnsafeBufferPointer<UInt8>, _ lineBytes: Int) -> Bool {
        let signature = Y4MStream.frameSignature
        guard lineBytes > signature.count, bytes.count >= lineBytes else { return false }
        for i in signature.indices where bytes[i] != signature[i] { return false }
        return bytes[signature.count] == UInt8(ascii: "\n") || bytes[signature.count] == UInt8(ascii: " ")
    }

    /// So many bytes that are no frame end a stream that has not had one.
    private var longestLead: Int { header.picture.byteCount + JPEGStream.longestLead }

    /// Goes to the next header of a frame, and reports what lies before it. Throws where there never was one.
    private func resynchronize() throws(ImageError) -> FrameOutcome {
        let signatureBytes = Y4MStream.frameSignature.count + 1
        var skipped = 1
        input.consume(skipped)
        repeat {
            let start = input.withBytes { bytes in
                (0..<max(bytes.count - signatureBytes + 1, 0)).first {
                    isFrameLine(UnsafeBufferPointer(rebasing: bytes[$0...]), signatureBytes)
                }
            }
            let count = start ?? max(input.count - signatureBytes + 1, 0)
            input.consume(count)
            skipped += count
            if start != nil { return .damaged(noHeader(skipped)) }
            guard skipped <= longestLead else {
                if hasRead { return .damaged(noHeader(skipped)) }
                throw noHeader(skipped)
            }
        } while try input.fill()
        skipped += input.count
        input.consume(input.count)
        return .damaged(noHeader(skipped))
    }

    private func noHeader(_ bytes: Int) -> ImageError {
        ImageError(file: "\(name): frame \(number)", field: "header", found: "\(bytes) bytes of something else", expected: "FRAME")
    }
}

extension ByteStream {
    /// Bytes of the first line with its newline; nil where there is none within that many bytes.
    func lineBytes(atMost longest: Int) throws(ImageError) -> Int? {
        while true {
            let newline = withBytes { bytes in bytes.prefix(longest).firstIndex(of: UInt8(ascii: "\n")) }
            if let newline { return newline + 1 }
            guard count < longest, try fill() else { return nil }
        }
    }

    /// Takes the first line, without its newline.
    func line(atMost longest: Int) throws(ImageError) -> String? {
        guard let length = try lineBytes(atMost: longest) else { return nil }
        defer { consume(length) }
        return withBytes { String(decoding: $0.prefix(length - 1), as: UTF8.self) }
    }
}
