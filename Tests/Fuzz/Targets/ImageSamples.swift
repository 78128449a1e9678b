import ESegRuntime
import TestSupport

/// Encoded images to begin with, and what is known of them without decoding.
enum ImageSamples {
    static let jpegs: [[UInt8]] = {
        let kinds = [JPEGSamples.gray, JPEGSamples.progressive, JPEGSamples.adobeCMYK, JPEGSamples.ycck]
        return kinds + [JPEGSamples.exif(orientation: 6, bigEndian: true, in: JPEGSamples.gray)]
    }()

    static let pngs: [[UInt8]] = {
        let gray = PNGBuilder(width: 3, height: 2, type: .gray, rows: [[1, 2, 3], [4, 5, 255]])
        let palette = PNGBuilder(width: 2, height: 1, depth: 1, type: .palette, palette: [1, 2, 3, 4, 5, 6], rows: [[0x40]])
        let deep = PNGBuilder(width: 1, height: 1, depth: 16, type: .rgb, rows: [[1, 2, 3, 4, 5, 6]])
        let alpha = PNGBuilder(width: 1, height: 2, type: .rgbAlpha, rows: [[1, 2, 3, 4], [5, 6, 7, 8]])
        return [gray, palette, deep, alpha].map(\.bytes)
    }()
}

extension Collection<UInt8> where Index == Int {
    /// Whether a frame header of a JPEG says a size whose memory takes longer to clear than a thousand small images.
    var claimsLargeJPEG: Bool {
        var index = startIndex
        while index + 8 < endIndex {
            if self[index] == 0xFF, 0xC0...0xCF ~= self[index + 1] {
                let height = Int(self[index + 5]) << 8 | Int(self[index + 6]), width = Int(self[index + 7]) << 8 | Int(self[index + 8])
                if height * width > 1 << 15 { return true }
            }
            index += 1
        }
        return false
    }

    /// The same of a PNG's first chunk.
    var claimsLargePNG: Bool {
        guard count >= 24 else { return false }
        func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(self[startIndex + offset + $1]) } }
        return number(16) > 1 << 10 || number(20) > 1 << 10
    }
}
