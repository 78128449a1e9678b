import ImageCodecs

/// Sizes that are decoded at all; anything larger is refused by its header, before memory of its size is asked for.
public enum ImageLimits {
    public static let side = 16_384
    public static let pixels = 1 << 26
}

/// A JPEG or PNG file in memory whose header has been read and whose size is within `ImageLimits`.
struct EncodedImage {
    enum Format: String {
        case jpeg = "JPEG"
        case png = "PNG"
    }

    let file: String
    let format: Format
    let bytes: [UInt8]
    let width: Int
    let height: Int
    let bitDepth: Int
    let samples: image_samples
    private let decoders: ImageDecoders

    /// Reads a file and its header; the format is told by the first bytes, never by the name.
    init(contentsOf path: String) throws(ImageError) {
        try self.init(bytes: readFile(path), file: path)
    }

    /// - Parameter decoders: what images before it needed; without, it has its own.
    init(bytes: [UInt8], file: String, decoders: ImageDecoders? = nil) throws(ImageError) {
        guard let format = Format(firstBytesOf: bytes) else {
            let foreign = bytes.withUnsafeBufferPointer { ForeignFormat($0)?.rawValue }
            let found = bytes.isEmpty ? "an empty file" : foreign ?? "\(bytes.count) bytes of something else"
            throw ImageError(file: file, field: "format", found: found, expected: "a JPEG or PNG image")
        }
        let codecs: ImageDecoders
        if let decoders { codecs = decoders } else { codecs = try ImageDecoders(for: file) }
        var header = image_header()
        try call(file, format, "header") { message in
            switch format {
            case .jpeg: image_jpeg_decoder_header(codecs.jpeg, bytes, bytes.count, &header, message)
            case .png: image_png_header(codecs.png, bytes, bytes.count, &header, message)
            }
        }
        self.decoders = codecs
        self.file = file
        self.format = format
        self.bytes = bytes
        width = Int(header.width)
        height = Int(header.height)
        bitDepth = Int(header.bit_depth)
        samples = header.samples
        let fits = width <= ImageLimits.side && height <= ImageLimits.side && width * height <= ImageLimits.pixels
        guard fits else {
            throw ImageError(
                file: file, field: "size", found: "\(width)x\(height)",
                expected: "at most \(ImageLimits.side) a side and \(ImageLimits.pixels) pixels")
        }
    }

    /// How the stored pixels are to be turned.
    var orientation: Orientation {
        bytes.withUnsafeBufferPointer { bytes in
            switch format {
            case .jpeg: Orientation(jpeg: bytes)
            case .png: Orientation(png: bytes)
            }
        }
    }

    /// Decodes to 8-bit RGB, turned as `orientation` says; `rgb` has width · height · 3 bytes.
    func decodeRGB(turned orientation: Orientation, into rgb: inout [UInt8]) throws(ImageError) {
        guard orientation != .upright else { return try decodeRGB(into: &rgb) }
        decoders.makeRoom(bytes: rgb.count)
        try decodeRGB(into: &decoders.stored)
        orientation.turn(decoders.stored, width: width, into: &rgb)
    }

    private func decodeRGB(into rgb: inout [UInt8]) throws(ImageError) {
        let count = rgb.count
        try call(file, format, "data") { message in
            switch format {
            case .jpeg: image_jpeg_decoder_rgb(decoders.jpeg, bytes, bytes.count, &rgb, count, message)
            case .png: image_png_decode_rgb(decoders.png, bytes, bytes.count, &rgb, count, message)
            }
        }
    }

    /// One sample or palette index a pixel, of a PNG of at most 8 bits with one sample a pixel.
    func decodeIndices() throws(ImageError) -> [UInt8] {
        var indices = [UInt8](repeating: 0, count: width * height)
        try call(file, format, "data") { message in
            image_png_decode_indices(decoders.png, bytes, bytes.count, &indices, indices.count, message)
        }
        return indices
    }

    /// For messages, for example "16-bit RGB PNG".
    var kind: String { "\(bitDepth)-bit \(samples.name) \(format.rawValue)" }
}

/// What decodes images one after the other, in memory that it keeps; used from one thread.
final class ImageDecoders {
    fileprivate let jpeg: OpaquePointer
    fileprivate let png: OpaquePointer
    /// The last image that was turned, as stored.
    fileprivate var stored: [UInt8] = []

    /// Throws `ImageError` where there is no memory.
    init(for file: String) throws(ImageError) {
        let jpeg = image_jpeg_decoder_new(), png = image_memory_new()
        guard let jpeg, let png else {
            image_jpeg_decoder_free(jpeg)
            image_memory_free(png)
            throw ImageError(file: file, field: "decoder", found: "too little memory", expected: "a decoder")
        }
        (self.jpeg, self.png) = (jpeg, png)
    }

    deinit {
        image_jpeg_decoder_free(jpeg)
        image_memory_free(png)
    }

    fileprivate func makeRoom(bytes: Int) {
        if stored.count != bytes { stored = [UInt8](repeating: 0, count: bytes) }
    }
}

extension EncodedImage.Format {
    init?(firstBytesOf bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else {
            return nil
        }
    }
}

extension image_samples {
    var name: String {
        switch self {
        case IMAGE_SAMPLES_GRAY: "gray"
        case IMAGE_SAMPLES_GRAY_ALPHA: "gray and alpha"
        case IMAGE_SAMPLES_PALETTE: "palette"
        case IMAGE_SAMPLES_RGB: "RGB"
        case IMAGE_SAMPLES_RGB_ALPHA: "RGB and alpha"
        case IMAGE_SAMPLES_CMYK: "CMYK"
        default: "unusual"
        }
    }
}

/// Runs a codec function, which returns 0 or leaves its reason in the message buffer.
private func call(
    _ file: String, _ format: EncodedImage.Format, _ field: String, _ codec: (UnsafeMutablePointer<CChar>) -> Int32
) throws(ImageError) {
    if let reason = failure(of: codec) {
        throw ImageError(file: file, field: field, found: reason, expected: "an undamaged \(format.rawValue) file")
    }
}

/// The reason that a codec function gives for failing, or nil if it succeeded.
func failure(of codec: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IMAGE_CODECS_MESSAGE_SIZE)) { message in
        guard let text = message.baseAddress else { return "out of memory" }
        text.initialize(repeating: 0, count: message.count)
        return codec(text) == 0 ? nil : String(cString: text)
    }
}
