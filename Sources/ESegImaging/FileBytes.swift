#if canImport(Glibc)
    import Glibc
#endif

/// The largest file that is read as an image: no frame within `ImageLimits` needs more.
let largestFile = 1 << 28

/// The whole content of a file or pipe; throws `ImageError` where it cannot be read or exceeds `largestFile`.
func readFile(_ path: String) throws(ImageError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
        let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw unreadable(path) }
        if count == 0 { return bytes }
        bytes.append(contentsOf: chunk[..<count])
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
