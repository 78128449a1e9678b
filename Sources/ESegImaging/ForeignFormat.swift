/// What a file or stream is that is none of those read here, as far as its first bytes tell; for messages.
enum ForeignFormat: String {
    case h264 = "H.264 video", h265 = "H.265 video", mpeg = "MPEG video", transportStream = "an MPEG transport stream"
    case mp4 = "an MP4 file", avi = "an AVI file", matroska = "a Matroska file"
    case jpeg = "a JPEG image", png = "a PNG image", gif = "a GIF image", webp = "a WebP image", tiff = "a TIFF image", bmp = "a BMP image"
    case heif = "an HEIF or AVIF image", zip = "a ZIP file", gzip = "a gzip file"

    /// Bytes that tell; of a transport stream, whose packets have 188, the first of the second packet is one.
    static let prefix = 189

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        func starts(_ signature: String, at position: Int = 0) -> Bool { bytes.dropFirst(position).starts(with: signature.utf8) }
        func starts(_ signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
        if let unit = Self.startCode(bytes) {
            self = unit
        } else if starts("ftyp", at: 4) {
            self = ["heic", "heix", "hevc", "mif1", "msf1", "avif", "avis"].contains { starts($0, at: 8) } ? .heif : .mp4
        } else if starts("RIFF") && starts("AVI ", at: 8) {
            self = .avi
        } else if starts("RIFF") && starts("WEBP", at: 8) {
            self = .webp
        } else if starts([0x1A, 0x45, 0xDF, 0xA3]) {
            self = .matroska
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if starts("GIF8") {
            self = .gif
        } else if starts([0x49, 0x49, 42, 0]) || starts([0x4D, 0x4D, 0, 42]) {
            self = .tiff
        } else if starts("BM") && bytes.dropFirst(6).starts(with: [0, 0, 0, 0]) {
            self = .bmp
        } else if starts("PK\u{3}\u{4}") {
            self = .zip
        } else if starts([0x1F, 0x8B, 8]) {
            self = .gzip
        } else if bytes.count >= Self.prefix && bytes[0] == 0x47 && bytes[188] == 0x47 {
            self = .transportStream
        } else {
            return nil
        }
    }

    /// What a start code of video is followed by: a unit of H.264 or H.265, or a header of older kinds.
    private static func startCode(_ bytes: UnsafeBufferPointer<UInt8>) -> ForeignFormat? {
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
        default: nil
        }
    }
}
