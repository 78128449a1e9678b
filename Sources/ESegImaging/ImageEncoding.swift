import ESegRuntime
import ImageCodecs

extension RGBImage {
    /// The image as an RGB PNG file.
    public func pngBytes() throws(ImageError) -> [UInt8] {
        try encoded("PNG", width, height) { width, height, out, message in
            image_png_encode_rgb(pixels, width, height, out, message)
        }
    }

    /// The image as a JPEG file; `quality` is clamped to 1...100.
    public func jpegBytes(quality: Int = 90) throws(ImageError) -> [UInt8] {
        try encoded("JPEG", width, height) { width, height, out, message in
            image_jpeg_encode_rgb(pixels, width, height, Int32(min(max(quality, 1), 100)), out, message)
        }
    }
}

extension ClassMap {
    /// The map as an 8-bit palette PNG file: indices are classes, so that it reads as a label map and shows in color.
    public func pngBytes(palette: Palette) throws(ImageError) -> [UInt8] {
        try encoded("PNG", width, height) { width, height, out, message in
            image_png_encode_palette(classes, width, height, palette.triples, out, message)
        }
    }
}

private typealias Encoder = (UInt32, UInt32, UnsafeMutablePointer<image_bytes>, UnsafeMutablePointer<CChar>) -> Int32

private func encoded(_ format: String, _ width: Int, _ height: Int, _ encoder: Encoder) throws(ImageError) -> [UInt8] {
    guard let width32 = UInt32(exactly: width), let height32 = UInt32(exactly: height) else {
        throw ImageError(file: "\(format) image", field: "size", found: "\(width)x\(height)", expected: "what the format can hold")
    }
    var out = image_bytes()
    defer { image_bytes_free(&out) }
    if let reason = failure(of: { encoder(width32, height32, &out, $0) }) {
        throw ImageError(file: "\(format) image", field: "encoding of \(width)x\(height)", found: reason, expected: "success")
    }
    return Array(UnsafeBufferPointer(start: out.data, count: out.count))
}
