/// What a stream of bytes is, told by how it begins.
public enum StreamFormat {
    static let expected = "an MJPEG or Y4M stream, or --raw WxH:FORMAT to say what it is"

    /// The frames of a descriptor, which stays the caller's: of the raw format where one is given, else MJPEG or Y4M.
    ///
    /// Throws `ImageError` for an empty stream, a damaged header, or sizes beyond `ImageLimits`.
    public static func open(
        descriptor: Int32, name: String, raw: RawFormat?, interruption: Interruption
    ) throws(ImageError) -> any FrameSource {
        let input = ByteStream(descriptor: descriptor, name: name, interruption: interruption)
        let signature = Array(Y4MHeader.signature.utf8)
        guard try input.fill(to: raw == nil ? signature.count : 1) || input.count > 0 else {
            throw ImageError(file: name, field: "format", found: "an empty stream", expected: expected)
        }
        if let raw { return RawStream(input, raw) }
        return input.withBytes({ $0.starts(with: signature) }) ? try Y4MStream(input) : try JPEGStream(input)
    }
}
