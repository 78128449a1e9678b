/// Frames of an MJPEG stream: JPEG images one after the other, whatever lies between them.
///
/// An image may lack its last marker or have it twice; what follows a whole image up to the next, such as the end of an older one in a
/// buffer that is longer, is none. Frames that are damaged count, also one whose start is lost, if its header is there.
final class JPEGStream: FrameSource {
    /// No image within `ImageLimits` needs more bytes.
    static let largestImage = 1 << 26
    /// This many bytes may come before an image: headers of a container, or the end of a frame that was joined half-way.
    static let longestLead = 1 << 20
    /// So many damaged frames may come before the first whole one.
    static let mostDamaged = 100

    let name: String
    let format = "MJPEG"
    private let input: ByteStream
    private let decoder: JPEGDecoder
    private var framer = JPEGFramer()
    private var number = 0
    private var hasDecoded = false
    /// Bytes up to the next start of an image belong to a damaged frame that has been reported.
    private var isBehindDamage = false
    /// Bytes passed over since the last image, and whether there was a header among them, of a frame whose start is lost.
    private var lead = 0
    private var hasHeader = false
    /// What the stream is, where it begins as something else does.
    private let foreign: ForeignFormat?

    init(_ input: ByteStream) throws(ImageError) {
        self.input = input
        name = input.name
        _ = try input.fill(to: ForeignFormat.prefix)
        let format = input.withBytes { ForeignFormat($0) }
        foreign = format == .jpeg ? nil : format
        decoder = try JPEGDecoder(for: input.name)
    }

    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        while true {
            switch input.withBytes({ framer.next(in: $0) }) {
            case .more:
                if framer.isWithinImage && input.count > JPEGStream.largestImage {
                    return try damaged("more than \(JPEGStream.largestImage) bytes", consuming: framer.abandon())
                }
                guard try !input.fill() else { continue }
                guard framer.isWithinImage else { return try end() }
                return try endWithinImage(into: frame)
            case .skip(let count):
                if let outcome = try skip(count) { return outcome }
            case .image(let count):
                do throws(ImageError) { try decode(count, into: frame) } catch { return try damaged(error, consuming: framer.abandon()) }
                return decoded(frame, consuming: framer.finish())
            case .broken(let count, let reason):
                return try damaged(reason, consuming: count)
            }
        }
    }

    private func decode(_ count: Int, into frame: StreamFrame) throws(ImageError) {
        try input.withBytes { bytes throws(ImageError) in
            try decoder.decode(UnsafeBufferPointer(rebasing: bytes[..<count]), into: frame, name: nameOfFrame)
        }
    }

    private func decoded(_ frame: StreamFrame, consuming count: Int) -> FrameOutcome {
        input.consume(count)
        number += 1
        (hasDecoded, isBehindDamage, hasHeader, lead) = (true, false, false, 0)
        frame.number = number
        return .frame
    }

    /// Passes over bytes between images. The header and the end of one are a frame whose start was damaged.
    private func skip(_ count: Int) throws(ImageError) -> FrameOutcome? {
        if !isBehindDamage, let end = input.withBytes({ endOfHeadless($0, within: count) }) {
            return try damaged("\(lead + end) bytes without a start of image", consuming: end)
        }
        input.consume(count)
        lead += count
        // Behind damage, they are those of one frame.
        guard lead > (isBehindDamage && foreign == nil ? JPEGStream.largestImage : JPEGStream.longestLead) else { return nil }
        guard hasDecoded else { throw noImage("no JPEG image in \(lead) bytes") }
        return try damaged("\(lead) bytes without an image", consuming: 0)
    }

    private func endOfHeadless(_ bytes: UnsafeBufferPointer<UInt8>, within count: Int) -> Int? {
        var start = 0
        if !hasHeader, let header = bytes.imageHeader(within: count) { (hasHeader, start) = (true, header) }
        return hasHeader ? bytes.endOfImage(in: start..<count) : nil
    }

    private func damaged(_ found: String, consuming count: Int) throws(ImageError) -> FrameOutcome {
        try damaged(ImageError(file: nameOfFrame, field: "data", found: found, expected: "an undamaged JPEG image"), consuming: count)
    }

    private func damaged(_ error: ImageError, consuming count: Int) throws(ImageError) -> FrameOutcome {
        input.consume(count)
        number += 1
        (isBehindDamage, hasHeader, lead) = (true, false, 0)
        guard hasDecoded || number <= JPEGStream.mostDamaged else { throw noImage("\(number) damaged JPEG images and no other") }
        return .damaged(error)
    }

    /// The last image, which may lack nothing but its last marker.
    private func endWithinImage(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        let count = input.count
        if framer.hasScan, (try? decode(count, into: frame)) != nil {
            framer = JPEGFramer()
            return decoded(frame, consuming: count)
        }
        return try damaged("the end of the stream after \(count) bytes", consuming: framer.abandon())
    }

    private func end() throws(ImageError) -> FrameOutcome {
        let rest = input.count
        if let outcome = try skip(rest) { return outcome }
        guard hasDecoded || (number > 0 && foreign == nil) || lead == 0 else { throw noImage("\(lead) bytes without a JPEG image") }
        return .end
    }

    private func noImage(_ found: String) -> ImageError {
        let origin = foreign.map { ", which begin as \($0.rawValue) does" } ?? ""
        let advice = foreign?.advice.map { "; \($0)" } ?? ""
        return ImageError(file: name, field: "format", found: found + origin, expected: StreamFormat.expected + advice)
    }

    /// The frame that is being read.
    private var nameOfFrame: String { "\(name): frame \(number + 1)" }
}
