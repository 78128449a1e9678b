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

    /// Reads a file and its header; the format is told by the first bytes, never by the name.
    init(contentsOf path: String) throws(ImageError) {
        try self.init(bytes: readFile(path), file: path)
    }

    init(bytes: [UInt8], file: String) throws(ImageError) {
        guard let format = Format(firstBytesOf: bytes) else {
            let foreign = bytes.withUnsafeBufferPointer { ForeignFormat($0)?.rawValue }
            let found = bytes.isEmpty ? "an empty file" : foreign ?? "\(bytes.count) bytes of something else"
            throw ImageError(file: file, field: "format", found: found, expected: "a JPEG or PNG image")
        }
        var header = image_header()
        try call(file, format, "header") { message in
            switch format {
            case .jpeg: image_jpeg_header(bytes, bytes.count, &header, message)
            case .png: image_png_header(bytes, bytes.count, &header, message)
            }
        }
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

    /// 8-bit RGB as stored, before EXIF orientation.
    func decodeRGB() throws(ImageError) -> RGBPixels {
        var rgb = [UInt8](repeating: 0, count: width * height * 3)
        try call(file, format, "data") { message in
            switch format {
            case .jpeg: image_jpeg_decode_rgb(bytes, bytes.count, &rgb, rgb.count, message)
            case .png: image_png_decode_rgb(bytes, bytes.count, &rgb, rgb.count, message)
            }
        }
        return RGBPixels(width: width, height: height, values: rgb)
    }

    /// One sample or palette index a pixel, of a PNG of at most 8 bits with one sample a pixel.
    func decodeIndices() throws(ImageError) -> [UInt8] {
        var indices = [UInt8](repeating: 0, count: width * height)
        try call(file, format, "data") { message in
            image_png_decode_indices(bytes, bytes.count, &indices, indices.count, message)
        }
        return indices
    }

    /// For messages, for example "16-bit RGB PNG".
    var kind: String { "\(bitDepth)-bit \(samples.name) \(format.rawValue)" }
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
