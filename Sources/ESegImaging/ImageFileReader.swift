/// Reads image files one after the other into frames, in memory that it keeps; used from one thread.
public final class ImageFileReader {
    private let decoders: ImageDecoders
    private var bytes: [UInt8] = []

    /// Throws `ImageError` where there is no memory.
    public init() throws(ImageError) { decoders = try ImageDecoders(for: "images") }

    /// Reads a file's image as `RGBImage` does, and throws as it does.
    ///
    /// - Returns: whether another JPEG image of that size lies behind it, which is left out: the file is a stream under an image's name.
    public func read(_ path: String, into frame: StreamFrame) throws(ImageError) -> Bool {
        try readFile(path, into: &bytes)
        let encoded = try EncodedImage(bytes: bytes, file: path, decoders: decoders)
        let orientation = encoded.orientation, size = orientation.shown(encoded.width, encoded.height)
        frame.reshape(width: size.width, height: size.height)
        try encoded.decodeRGB(turned: orientation, into: &frame.pixels)
        return encoded.isFollowedByFrame
    }
}

extension EncodedImage {
    /// Files of several pictures that belong together, such as an image and its thumbnails, say so by a segment of this name.
    private static let multiPicture = Array("MPF\0".utf8)

    private func isMultiPicture(_ image: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while let found = image.first(Self.multiPicture[0], from: position) {
            if image[found...].starts(with: Self.multiPicture) { return true }
            position = found + 1
        }
        return false
    }

    fileprivate var isFollowedByFrame: Bool {
        guard format == .jpeg else { return false }
        let rest = bytes.withUnsafeBufferPointer { bytes -> Int? in
            var framer = JPEGFramer()
            guard case .image(let end) = framer.next(in: bytes), let rest = bytes.firstStartOfImage(from: end) else { return nil }
            return isMultiPicture(UnsafeBufferPointer(rebasing: bytes[..<end])) ? nil : rest
        }
        guard let rest, let next = try? EncodedImage(bytes: Array(bytes[rest...]), file: file) else { return false }
        return (next.width, next.height) == (width, height)
    }
}
