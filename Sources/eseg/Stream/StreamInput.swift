import ESegImaging
@preconcurrency import Glibc

/// A stream that a command line names: standard input or a file.
final class StreamInput {
    let name: String
    let isRegularFile: Bool
    private let descriptor: Int32
    private let raw: RawFormat?

    /// Standard input, "-", or the file of that path. Throws `Failure` where there is nothing to be read.
    init(_ path: String, raw: RawFormat?) throws {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
        guard isatty(descriptor) == 0 else { throw Failure("\(name): found a terminal, expected a stream of frames") }
        var status = stat()
        isRegularFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        self.raw = raw
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func open(_ interruption: Interruption) throws -> any FrameSource {
        try StreamFormat.open(descriptor: descriptor, name: name, raw: raw, interruption: interruption)
    }

    /// Whether a path names a stream and not an image: a Y4M file by its content, an MJPEG file, which begins as a JPEG image does, by its name.
    static func isStream(_ path: String) -> Bool {
        if path == "-" || [".mjpeg", ".mjpg"].contains(where: path.lowercased().hasSuffix) { return true }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let signature = Array("YUV4MPEG2 ".utf8)
        var start = [UInt8](repeating: 0, count: signature.count)
        return read(descriptor, &start, start.count) == signature.count && start == signature
    }
}
