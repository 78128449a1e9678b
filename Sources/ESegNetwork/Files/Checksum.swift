import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The SHA-256 of a file of this program's, which its own header holds: 64 hexadecimal digits, read as zeros where they are.
enum Checksum {
    static let key = "sha256"
    static let placeholder = String(repeating: "0", count: 64)

    /// Replaces the placeholder in the header, which is the first of a file's pieces, by the checksum of all.
    ///
    /// Throws naming `file` if the header has no place for it.
    static func seal(_ pieces: inout [[UInt8]], file: String) throws(NetworkError) {
        guard let digits = pieces.first.flatMap({ header in header.withUnsafeBytes { position(in: $0) } }) else { throw missing(file) }
        pieces[0].replaceSubrange(digits, with: placeholder.utf8)
        var hash = SHA256()
        for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
        pieces[0].replaceSubrange(digits, with: hash.digits())
    }

    /// Throws unless the file holds the checksum of its bytes.
    static func verify(_ file: WholeFile) throws(NetworkError) {
        let json = try SafetensorsHeader.json(file)
        let sums = file.withBytes { bytes -> (found: [UInt8], actual: [UInt8])? in
            guard let digits = position(in: UnsafeRawBufferPointer(rebasing: bytes[..<json.upperBound])) else { return nil }
            var hash = SHA256()
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<digits.lowerBound]))
            Array(placeholder.utf8).withUnsafeBytes { hash.update($0) }
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[digits.upperBound...]))
            return (Array(bytes[digits]), hash.digits())
        }
        guard let sums else { throw missing(file.path) }
        guard sums.found == sums.actual else {
            throw NetworkError(
                file: file.path, field: "checksum", found: String(decoding: sums.actual, as: UTF8.self),
                expected: "\(quoted(String(decoding: sums.found, as: UTF8.self))), which the file says it has: it is damaged")
        }
    }

    private static func missing(_ file: String) -> NetworkError {
        NetworkError(file: file, field: "__metadata__.\(key)", found: "nothing", expected: "64 hexadecimal digits")
    }

    /// Where the digits are. A JSON string holds its quotation marks escaped, so that the key's bytes are nowhere but in the key.
    private static func position(in header: UnsafeRawBufferPointer) -> Range<Int>? {
        let key = Array("\"\(key)\":\"".utf8)
        guard let base = header.baseAddress else { return nil }
        var search = 0
        while let quote = memchr(base + search, Int32(UInt8(ascii: "\"")), header.count - search) {
            let start = UnsafeRawPointer(quote) - base + key.count
            let end = start + placeholder.utf8.count
            guard end < header.count else { return nil }
            if memcmp(quote, key, key.count) == 0 { return header[end] == UInt8(ascii: "\"") ? start..<end : nil }
            search = start - key.count + 1
        }
        return nil
    }
}

/// A running SHA-256.
struct SHA256 {
    private var state = eseg_sha256()

    init() { eseg_sha256_init(&state) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) { eseg_sha256_update(&state, bytes.baseAddress, bytes.count) }

    /// The digest in lower-case hexadecimal, as ASCII.
    func digits() -> [UInt8] {
        var state = state
        var digest = [UInt8](repeating: 0, count: 32)
        eseg_sha256_final(&state, &digest)
        let hexadecimal = Array("0123456789abcdef".utf8)
        return digest.flatMap { [hexadecimal[Int($0 >> 4)], hexadecimal[Int($0 & 15)]] }
    }
}
