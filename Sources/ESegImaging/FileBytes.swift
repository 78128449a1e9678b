#if canImport(Glibc)
    import Glibc
#endif

/// The largest file that is read as an image: no frame within `ImageLimits` needs more.
let largestFile = 1 << 28

/// The whole content of a file or pipe; throws `ImageError` where it cannot be read or exceeds `largestFile`.
func readFile(_ path: String) throws(ImageError) -> [UInt8] {
    var bytes: [UInt8] = []
    try readFile(path, into: &bytes)
    return bytes
}

/// The same into an array, whose memory is kept where it is enough.
func readFile(_ path: String, into bytes: inout [UInt8]) throws(ImageError) {
    let piece = 1 << 17
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    bytes.removeAll(keepingCapacity: true)
    while true {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: piece))
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + start }, piece) }
        bytes.removeLast(piece - max(count, 0))
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw unreadable(path) }
        if count == 0 { return }
        guard bytes.count <= largestFile else {
            throw ImageError(file: path, field: "file", found: "more than \(largestFile) bytes", expected: "an image file")
        }
    }
}

func unreadable(_ path: String, expected: String = "a readable file") -> ImageError {
    ImageError(file: path, field: "file", found: String(cString: strerror(errno)).lowercasedFirst, expected: expected)
}

extension String {
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
