import ESegRuntime

/// An image file and what lies behind its image.
public struct ImageFile: Sendable {
    public let image: RGBImage
    /// Whether another JPEG image of that size lies behind, which would be left out: the file is a stream under an image's name.
    public let isStream: Bool

    /// Reads a file as `RGBImage` does, and throws as it does.
    public init(contentsOf path: String) throws(ImageError) {
        let encoded = try EncodedImage(contentsOf: path)
        image = try RGBImage(encoded)
        isStream = encoded.isFollowedByFrame
    }
}

extension EncodedImage {
    /// Files of several pictures that belong together, such as an image and its thumbnails, say so by a segment of this name.
    private static let multiPicture = Array("MPF\0".utf8)

    fileprivate var isFollowedByFrame: Bool {
        guard format == .jpeg else { return false }
        let rest = bytes.withUnsafeBufferPointer { bytes -> Int? in
            var framer = JPEGFramer()
            guard case .image(let end) = framer.next(in: bytes), !bytes[..<end].contains(Self.multiPicture) else { return nil }
            return bytes.firstStartOfImage(from: end)
        }
        guard let rest, let next = try? EncodedImage(bytes: Array(bytes[rest...]), file: file) else { return false }
        return (next.width, next.height) == (width, height)
    }
}
