/// Size and layout of raw frames, written "640x480:nv12".
public struct RawFormat: Sendable, Equatable {
    public static let layouts: [PictureFormat.Layout] = [.rgb24, .nv12, .yuyv, .i420]

    public let picture: PictureFormat

    /// Nil for what is not written like that, or is larger than images may be.
    public init?(_ text: String) {
        let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let layout = RawFormat.layouts.first(where: { $0.rawValue == parts[1] }) else { return nil }
        let sides = parts[0].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
        guard let picture = try? PictureFormat(layout, width: width, height: height, name: text) else { return nil }
        self.picture = picture
    }
}

/// Frames without headers, one directly behind the other.
final class RawStream: FrameSource {
    let name: String
    let picture: PictureFormat
    private let input: ByteStream
    private var number = 0

    init(_ input: ByteStream, _ format: RawFormat) {
        self.input = input
        name = input.name
        picture = format.picture
    }

    var format: String { "raw \(picture.layout)" }
    var frameSize: (width: Int, height: Int)? { (picture.width, picture.height) }

    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        guard try input.fill(to: picture.byteCount) else {
            guard input.count > 0 else { return .end }
            number += 1
            return input.cutFrame(number, expected: picture.byteCount)
        }
        number += 1
        input.withBytes { picture.convert($0, into: frame) }
        input.consume(picture.byteCount)
        frame.number = number
        frame.rate = rate
        return .frame
    }
}

extension ByteStream {
    /// Reports the bytes that are left as a frame that the end of the stream cuts off.
    func cutFrame(_ number: Int, expected: Int) -> FrameOutcome {
        let found = count
        consume(found)
        return .damaged(ImageError(file: "\(name): frame \(number)", field: "data", found: "\(found) bytes", expected: "\(expected) bytes"))
    }
}
