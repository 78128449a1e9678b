/// Frames of an MJPEG stream: JPEG images one after the other, whatever lies between them.
final class JPEGStream: FrameSource {
    /// No image within `ImageLimits` needs more bytes.
    static let largestImage = 1 << 26
    /// This many bytes may come before the first image: headers of a container, or the end of a frame that was joined half-way.
    static let longestLead = 1 << 20

    let name: String
    let format = "MJPEG"
    private let input: ByteStream
    private let decoder: JPEGDecoder
    private var framer = JPEGFramer()
    private var number = 0
    /// Bytes up to the next start of an image belong to a damaged frame that has been reported.
    private var isBehindDamage = false
    private var lead = 0

    init(_ input: ByteStream) throws(ImageError) {
        self.input = input
        name = input.name
        decoder = try JPEGDecoder(for: input.name)
    }

    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        while true {
            switch input.withBytes({ framer.next(in: $0) }) {
            case .more:
                if framer.isWithinImage && input.count > JPEGStream.largestImage {
                    return damaged("more than \(JPEGStream.largestImage) bytes", consuming: framer.abandon())
                }
                guard try !input.fill() else { continue }
                guard framer.isWithinImage else { return try end() }
                return damaged("the end of the stream after \(input.count) bytes", consuming: framer.abandon())
            case .skip(let count):
                if let outcome = try skip(count) { return outcome }
            case .image(let count):
                return decode(count, into: frame)
            case .broken(let count, let reason):
                return damaged(reason, consuming: count)
            }
        }
    }

    private func decode(_ count: Int, into frame: StreamFrame) -> FrameOutcome {
        number += 1
        do throws(ImageError) {
            try input.withBytes { bytes throws(ImageError) in
                try decoder.decode(UnsafeBufferPointer(rebasing: bytes[..<count]), into: frame, name: nameOfFrame)
            }
        } catch {
            input.consume(framer.abandon())
            isBehindDamage = true
            return .damaged(error)
        }
        input.consume(framer.finish())
        isBehindDamage = false
        lead = 0
        frame.number = number
        return .frame
    }

    /// Passes over bytes between images. An end without its start is a frame whose start was damaged.
    private func skip(_ count: Int) throws(ImageError) -> FrameOutcome? {
        if !isBehindDamage, let end = input.withBytes({ $0.endOfImage(within: count) }) {
            return damaged("\(lead + end) bytes without a start of image", consuming: end)
        }
        input.consume(count)
        lead += count
        guard number > 0 || lead <= JPEGStream.longestLead else { throw noImage("no JPEG image in \(lead) bytes") }
        return nil
    }

    private func damaged(_ found: String, consuming count: Int) -> FrameOutcome {
        number += 1
        input.consume(count)
        isBehindDamage = true
        lead = 0
        return .damaged(ImageError(file: nameOfFrame, field: "data", found: found, expected: "an undamaged JPEG image"))
    }

    private func end() throws(ImageError) -> FrameOutcome {
        if let outcome = try skip(input.count) { return outcome }
        let bytes = lead
        guard number > 0 || bytes == 0 else { throw noImage("\(bytes) bytes without a JPEG image") }
        return .end
    }

    private func noImage(_ found: String) -> ImageError {
        ImageError(file: name, field: "format", found: found, expected: StreamFormat.expected)
    }

    private var nameOfFrame: String { "\(name): frame \(number)" }
}
