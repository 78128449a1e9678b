import ESegRuntime
import ImageCodecs

/// Makes bytes of a segmented frame, in memory that it keeps; used from one thread.
public protocol FrameEncoder: AnyObject {
    /// Passes the bytes to `write`, in one piece or several.
    func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws

    /// Makes the next frames' bytes for classes of other names, where a network follows another.
    func use(classNames: [String])
}

extension FrameEncoder {
    /// Most bytes hold indices only.
    public func use(classNames: [String]) {}
}

/// Memory that PNG files are made in, one after the other.
private final class PNGMemory {
    private let memory: OpaquePointer
    private var out = image_bytes()

    init() throws(ImageError) {
        guard let memory = image_memory_new() else { throw noMemory("PNG") }
        self.memory = memory
    }

    deinit {
        image_memory_free(memory)
        image_bytes_free(&out)
    }

    /// Passes the file of a frame that `encode` makes to `write`.
    func encode(
        _ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void,
        by encode: (OpaquePointer, UnsafeMutablePointer<image_bytes>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws {
        if let reason = failure(of: { encode(memory, &out, $0) }) { throw encodingFailure("PNG", reason, frame) }
        try write(UnsafeRawBufferPointer(start: out.data, count: out.count))
    }
}

/// Palette PNG files of class maps, the same as `ClassMap.pngBytes`.
public final class ClassMapPNGEncoder: FrameEncoder {
    private var palette: [UInt8]
    private let png: PNGMemory

    /// Throws `ImageError` where there is no memory.
    public init(palette: Palette) throws(ImageError) {
        png = try PNGMemory()
        self.palette = palette.triples
    }

    public func use(classNames: [String]) { palette = Palette(classNames: classNames).triples }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        try png.encode(frame, write: write) {
            image_png_encode_palette_in($0, frame.classes, UInt32(frame.width), UInt32(frame.height), palette, $1, $2)
        }
    }
}

/// Gray PNG files of frames' maps of doubt.
public final class DoubtPNGEncoder: FrameEncoder {
    private let png: PNGMemory

    /// Throws `ImageError` where there is no memory.
    public init() throws(ImageError) { png = try PNGMemory() }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard frame.hasDoubt else { throw encodingFailure("PNG", "a frame without a map of doubt", frame) }
        try png.encode(frame, write: write) {
            image_png_encode_gray_in($0, frame.doubt, UInt32(frame.width), UInt32(frame.height), $1, $2)
        }
    }
}

/// PNG files of frames under their classes' colors, the same as `ClassMap.overlaid` gives. Tints the frame's own pixels.
public final class OverlayPNGEncoder: FrameEncoder {
    private var tint: Tint
    private let png: PNGMemory

    /// Throws `ImageError` where there is no memory.
    public init(palette: Palette) throws(ImageError) {
        png = try PNGMemory()
        tint = Tint(palette: palette, opacity: 128)
    }

    public func use(classNames: [String]) { tint = Tint(palette: Palette(classNames: classNames), opacity: 128) }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        tint.apply(frame.classes, to: &frame.pixels)
        try png.encode(frame, write: write) {
            image_png_encode_rgb_in($0, frame.pixels, UInt32(frame.width), UInt32(frame.height), $1, $2)
        }
    }
}

/// JPEG files of frames under their classes' colors, doubtful pixels in white: one after the other, an MJPEG stream. Tints the frame's own
/// pixels.
public final class OverlayJPEGEncoder: FrameEncoder {
    private var tint: Tint
    private let encoder: OpaquePointer
    private var out = image_bytes()

    /// Throws `ImageError` where there is no memory.
    public init(palette: Palette, quality: Int = 85) throws(ImageError) {
        guard let encoder = image_jpeg_encoder_new(Int32(min(max(quality, 1), 100)), 0) else { throw noMemory("JPEG") }
        self.encoder = encoder
        tint = Tint(palette: palette, opacity: 128)
    }

    public func use(classNames: [String]) { tint = Tint(palette: Palette(classNames: classNames), opacity: 128) }

    deinit {
        image_jpeg_encoder_free(encoder)
        image_bytes_free(&out)
    }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        tint.apply(frame.classes, to: &frame.pixels)
        if frame.hasDoubt { frame.whitenDoubtful() }
        let reason = failure {
            image_jpeg_encoder_rgb(encoder, frame.pixels, UInt32(frame.width), UInt32(frame.height), &out, $0)
        }
        if let reason { throw encodingFailure("JPEG", reason, frame) }
        try write(UnsafeRawBufferPointer(start: out.data, count: out.count))
    }
}

/// Class indices, a byte a pixel, plain or as the luma of a Y4M stream; with doubt, each map is followed by that of doubt, plain or as the
/// first chroma plane, before one of zeros.
///
/// A stream has one size: maps of other sizes are resized to the first one's.
public final class ClassMapStreamEncoder: FrameEncoder {
    private let isY4M: Bool
    private let withDoubt: Bool
    private var size: (width: Int, height: Int)?
    private var resized: [UInt8] = []
    private var zeros: [UInt8] = []

    public init(y4m: Bool, withDoubt: Bool = false) { (isY4M, self.withDoubt) = (y4m, withDoubt) }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        if size == nil && isY4M { try header(frame).withUnsafeBytes(write) }
        let size = size ?? (frame.width, frame.height)
        self.size = size
        if isY4M { try Self.frameHeader.withUnsafeBytes(write) }
        try encode(frame.classes, of: frame, at: size, write: write)
        guard withDoubt else { return }
        guard frame.hasDoubt else { throw encodingFailure("stream", "a frame without a map of doubt", frame) }
        try encode(frame.doubt, of: frame, at: size, write: write)
        guard isY4M else { return }
        if zeros.isEmpty { zeros = [UInt8](repeating: 0, count: size.width * size.height) }
        try zeros.withUnsafeBytes(write)
    }

    private func encode(
        _ map: [UInt8], of frame: StreamFrame, at size: (width: Int, height: Int), write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if size == (frame.width, frame.height) { return try map.withUnsafeBytes(write) }
        if resized.isEmpty { resized = [UInt8](repeating: 0, count: size.width * size.height) }
        resizeClasses(map, from: (frame.width, frame.height), to: size, into: &resized)
        try resized.withUnsafeBytes(write)
    }

    private static let frameHeader = Array("FRAME\n".utf8)

    private func header(_ frame: StreamFrame) -> [UInt8] {
        let rate = frame.rate.map { "F\($0.numerator):\($0.denominator)" } ?? "F0:0"
        return Array(
            "\(Y4MHeader.signature) W\(frame.width) H\(frame.height) \(rate) Ip A0:0 \(withDoubt ? "C444" : "Cmono") XCOLORRANGE=FULL\n"
                .utf8)
    }
}

private func noMemory(_ format: String) -> ImageError {
    ImageError(file: "\(format) stream", field: "encoder", found: "too little memory", expected: "an encoder")
}

private func encodingFailure(_ format: String, _ reason: String, _ frame: StreamFrame) -> ImageError {
    ImageError(
        file: "frame \(frame.number)", field: "encoding of \(frame.width)x\(frame.height) as \(format)", found: reason, expected: "success")
}
