/// What a file or stream is that is none of those read here, as far as its first bytes tell; for messages.
enum ForeignFormat: String {
    case h264 = "H.264 video", h265 = "H.265 video", mpeg = "MPEG video", transportStream = "an MPEG transport stream"
    case mp4 = "an MP4 file", avi = "an AVI file", matroska = "a Matroska file"
    case jpeg = "a JPEG image", png = "a PNG image", gif = "a GIF image", webp = "a WebP image", tiff = "a TIFF image"
    case heif = "an HEIF or AVIF image", zip = "a ZIP file", gzip = "a gzip file"

    /// How many bytes tell: a transport stream's second packet begins behind 188.
    static let prefix = 189

    /// Bytes that a format has at a position.
    private struct Signature {
        let format: ForeignFormat
        let position: Int
        let bytes: [UInt8]

        init(_ format: ForeignFormat, _ bytes: [UInt8], at position: Int = 0) {
            (self.format, self.position, self.bytes) = (format, position, bytes)
        }

        init(_ format: ForeignFormat, _ text: String, at position: Int = 0) { self.init(format, Array(text.utf8), at: position) }
    }

    /// The first that fits is meant.
    private static let signatures: [Signature] = [
        Signature(.jpeg, [0xFF, 0xD8, 0xFF]), Signature(.png, [0x89, 0x50, 0x4E, 0x47]), Signature(.gif, "GIF8"),
        Signature(.webp, "WEBP", at: 8), Signature(.tiff, [0x49, 0x49, 42, 0]), Signature(.tiff, [0x4D, 0x4D, 0, 42]),
        Signature(.heif, "ftyphei", at: 4), Signature(.heif, "ftypmif", at: 4), Signature(.heif, "ftypavi", at: 4),
        Signature(.mp4, "ftyp", at: 4), Signature(.avi, "AVI ", at: 8), Signature(.matroska, [0x1A, 0x45, 0xDF, 0xA3]),
        Signature(.zip, [0x50, 0x4B, 3, 4]), Signature(.gzip, [0x1F, 0x8B, 8]),
    ]

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        let known = Self.signatures.first { bytes.dropFirst($0.position).starts(with: $0.bytes) }?.format
        guard let format = known ?? Self.video(bytes) else { return nil }
        self = format
    }

    /// Packets of a transport stream, or what a start code is followed by: a unit of H.264 or H.265, or a header of older kinds.
    private static func video(_ bytes: UnsafeBufferPointer<UInt8>) -> ForeignFormat? {
        if bytes.count >= prefix, bytes[0] == 0x47, bytes[188] == 0x47 { return .transportStream }
        let zeros = bytes.prefix { $0 == 0 }.count
        guard (2...3).contains(zeros), bytes.count > zeros + 1, bytes[zeros] == 1 else { return nil }
        switch bytes[zeros + 1] {
        case 0x40, 0x42, 0x44, 0x46, 0x4E: return .h265
        case 0xB0, 0xB3, 0xBA: return .mpeg
        case let unit where unit < 0x80 && [1, 5, 6, 7, 8, 9].contains(unit & 0x1F): return .h264
        default: return nil
        }
    }

    /// How frames of it can be read all the same.
    var advice: String? {
        switch self {
        case .h264, .h265: "rpicam-vid --codec mjpeg sends MJPEG, ffmpeg -i FILE -f yuv4mpegpipe - makes Y4M of video"
        case .mpeg, .transportStream, .mp4, .avi, .matroska: "ffmpeg -i FILE -f yuv4mpegpipe - makes Y4M of video"
        case .jpeg, .png, .gif, .webp, .tiff, .heif, .zip, .gzip: nil
        }
    }
}
