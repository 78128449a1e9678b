/// How stored pixels are to be turned for display: the EXIF orientation, as a transposition and two mirrorings of the source.
struct Orientation: Equatable {
    /// Rows become columns.
    let transposes: Bool
    let mirrorsX: Bool
    let mirrorsY: Bool

    static let upright = Orientation(transposes: false, mirrorsX: false, mirrorsY: false)

    init(transposes: Bool, mirrorsX: Bool, mirrorsY: Bool) {
        self.transposes = transposes
        self.mirrorsX = mirrorsX
        self.mirrorsY = mirrorsY
    }

    /// The EXIF value 1...8; any other is upright, as all viewers take it.
    init(exif value: Int) {
        self =
            (1...8).contains(value)
            ? Orientation(
                transposes: value >= 5, mirrorsX: [2, 3, 7, 8].contains(value), mirrorsY: [3, 4, 6, 7].contains(value))
            : .upright
    }

    /// The orientation that a JPEG file's EXIF segment asks for; upright where there is none, or none that can be understood.
    init(jpeg bytes: UnsafeBufferPointer<UInt8>) { self.init(tiff: exifSegment(ofJPEG: bytes)) }

    /// The same of a PNG file's eXIf chunk.
    init(png bytes: UnsafeBufferPointer<UInt8>) { self.init(tiff: exifChunk(ofPNG: bytes)) }

    private init(tiff bytes: Slice<UnsafeBufferPointer<UInt8>>?) { self.init(exif: bytes.flatMap { TIFFHeader($0)?.orientation } ?? 1) }
}

extension Orientation {
    /// The size at which an image of a stored size is shown.
    func shown(_ width: Int, _ height: Int) -> (width: Int, height: Int) { transposes ? (height, width) : (width, height) }

    /// Puts RGB pixels that are stored in rows of `width` where they are shown; `shown` has as many bytes as `stored`.
    func turn(_ stored: [UInt8], width: Int, into shown: inout [UInt8]) {
        guard width > 0, stored.count == shown.count else { return }
        let height = stored.count / 3 / width, size = self.shown(width, height)
        stored.withUnsafeBufferPointer { stored in
            shown.withUnsafeMutableBufferPointer { shown in
                for y in 0..<size.height {
                    for x in 0..<size.width {
                        let (u, v) = transposes ? (y, x) : (x, y)
                        let source = (mirrorsY ? height - 1 - v : v) * width + (mirrorsX ? width - 1 - u : u)
                        for color in 0..<3 { shown[(y * size.width + x) * 3 + color] = stored[source * 3 + color] }
                    }
                }
            }
        }
    }
}

/// The TIFF structure within the first EXIF segment before the first scan.
private func exifSegment(ofJPEG bytes: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
    let app1: UInt8 = 0xE1, startOfScan: UInt8 = 0xDA
    let signature: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
        let marker = bytes[position + 1]
        if marker == 0xFF {
            position += 1
            continue
        }
        if marker == startOfScan { return nil }
        let end = position + 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
        guard end >= position + 4, end <= bytes.count else { return nil }
        let content = bytes[position + 4..<end]
        if marker == app1, content.starts(with: signature) { return content.dropFirst(signature.count) }
        position = end
    }
    return nil
}

/// The TIFF structure within the first eXIf chunk, before the image's data or behind it.
private func exifChunk(ofPNG bytes: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
    let signatureSize = 8, headerSize = 8, checksumSize = 4
    var position = signatureSize
    while position + headerSize <= bytes.count {
        let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        let start = position + headerSize
        guard length <= bytes.count - start else { return nil }
        if bytes[position + 4..<start].elementsEqual("eXIf".utf8) { return bytes[start..<start + length] }
        position = start + length + checksumSize
    }
    return nil
}

/// A TIFF header, whose first directory holds an image's EXIF orientation.
private struct TIFFHeader {
    let bytes: Slice<UnsafeBufferPointer<UInt8>>
    let bigEndian: Bool

    init?(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        if bytes.starts(with: [0x49, 0x49, 42, 0]) {
            bigEndian = false
        } else if bytes.starts(with: [0x4D, 0x4D, 0, 42]) {
            bigEndian = true
        } else {
            return nil
        }
        self.bytes = bytes
    }

    var orientation: Int? {
        let orientationTag = 0x0112, entrySize = 12
        guard let directory = integer(at: 4, size: 4), let entries = integer(at: directory, size: 2) else { return nil }
        for entry in 0..<entries {
            let offset = directory + 2 + entry * entrySize
            guard let tag = integer(at: offset, size: 2), let type = integer(at: offset + 2, size: 2) else { return nil }
            guard tag == orientationTag else { continue }
            guard let size = Self.integerSizes[type], integer(at: offset + 4, size: 4) != 0 else { return nil }
            return integer(at: offset + 8, size: size)
        }
        return nil
    }

    /// Bytes of the integers that an orientation is written as, by their types: unsigned and signed ones of 16 and 32 bits, signed ones of 8.
    /// Pillow takes these and no others.
    private static let integerSizes = [3: 2, 4: 4, 6: 1, 8: 2, 9: 4]

    /// An unsigned integer of at most four bytes, or nil beyond the end.
    private func integer(at offset: Int, size: Int) -> Int? {
        guard offset <= bytes.count - size else { return nil }
        let field = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + size]
        return bigEndian
            ? field.reduce(0) { $0 << 8 | Int($1) }
            : field.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
