/// Any kind of PNG, uncompressed, from its packed rows: what the product itself never writes but must read.
package struct PNGBuilder: Sendable {
    package enum ColorType: UInt8, Sendable {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgbAlpha = 6
    }

    package var width: UInt32
    package var height: UInt32
    package var depth: UInt8
    package var type: ColorType
    /// RGB triples.
    package var palette: [UInt8]
    /// Further chunks before the image's data.
    package var chunks: [(name: String, content: [UInt8])]
    /// One per image row, packed as the format packs them.
    package var rows: [[UInt8]]

    package init(
        width: UInt32, height: UInt32, depth: UInt8 = 8, type: ColorType, palette: [UInt8] = [], chunks: [(String, [UInt8])] = [],
        rows: [[UInt8]]
    ) {
        self.width = width
        self.height = height
        self.depth = depth
        self.type = type
        self.palette = palette
        self.chunks = chunks.map { ($0, $1) }
        self.rows = rows
    }

    package var bytes: [UInt8] {
        let header = bigEndian(width) + bigEndian(height) + [depth, type.rawValue, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let colors: [UInt8] = palette.isEmpty ? [] : chunk("PLTE", palette)
        let others: [UInt8] = chunks.flatMap { chunk($0.name, $0.content) }
        let samples: [UInt8] = chunk("IDAT", stored(rows.flatMap { [0] + $0 }))
        return signature + chunk("IHDR", header) + colors + others + samples + chunk("IEND", [])
    }

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return bigEndian(UInt32(content.count)) + body + bigEndian(crc32(body))
    }

    /// A zlib stream of one uncompressed block.
    private func stored(_ data: [UInt8]) -> [UInt8] {
        let count = UInt16(data.count)
        let size = [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
        return [0x78, 0x01, 0x01] + size + data + bigEndian(adler32(data))
    }

    private func bigEndian(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private func crc32(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }

    private func adler32(_ data: [UInt8]) -> UInt32 {
        let (a, b) = data.reduce((1 as UInt32, 0 as UInt32)) { sums, byte in
            let a = (sums.0 + UInt32(byte)) % 65_521
            return (a, (sums.1 + a) % 65_521)
        }
        return b << 16 | a
    }
}
