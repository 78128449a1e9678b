import ImageCodecs

/// Decodes JPEG images one after the other into frames, with memory of its own that it keeps.
final class JPEGDecoder {
    private let decoder: OpaquePointer
    /// The last image that was turned, as stored.
    private var stored: [UInt8] = []

    /// Throws `ImageError` where there is no memory.
    init(for stream: String) throws(ImageError) {
        guard let decoder = image_jpeg_decoder_new() else {
            throw ImageError(file: stream, field: "decoder", found: "too little memory", expected: "a JPEG decoder")
        }
        self.decoder = decoder
    }

    deinit { image_jpeg_decoder_free(decoder) }

    /// Decodes a whole image, upright as its EXIF orientation says; `name` stands for it in errors.
    func decode(_ bytes: UnsafeBufferPointer<UInt8>, into frame: StreamFrame, name: @autoclosure () -> String) throws(ImageError) {
        var header = image_header()
        if let reason = failure(of: { image_jpeg_decoder_header(decoder, bytes.baseAddress, bytes.count, &header, $0) }) {
            throw damage(reason, "header", name())
        }
        let width = Int(header.width), height = Int(header.height)
        try checkLimits(width: width, height: height, file: name())
        let orientation = Orientation(jpeg: bytes)
        guard orientation == .upright else { return try decodeTurned(bytes, orientation, width, height, into: frame, name()) }
        frame.reshape(width: width, height: height)
        let count = frame.pixels.count
        if let reason = failure(of: { image_jpeg_decoder_rgb(decoder, bytes.baseAddress, bytes.count, &frame.pixels, count, $0) }) {
            throw damage(reason, "data", name())
        }
    }

    private func decodeTurned(
        _ bytes: UnsafeBufferPointer<UInt8>, _ orientation: Orientation, _ width: Int, _ height: Int, into frame: StreamFrame,
        _ name: String
    ) throws(ImageError) {
        let count = width * height * 3
        if stored.count != count { stored = [UInt8](repeating: 0, count: count) }
        if let reason = failure(of: { image_jpeg_decoder_rgb(decoder, bytes.baseAddress, bytes.count, &stored, count, $0) }) {
            throw damage(reason, "data", name)
        }
        let shown = orientation.shown(width, height)
        frame.reshape(width: shown.width, height: shown.height)
        orientation.turn(stored, width: width, into: &frame.pixels)
    }

    private func damage(_ reason: String, _ field: String, _ name: String) -> ImageError {
        ImageError(file: name, field: field, found: reason, expected: "an undamaged JPEG image")
    }
}
