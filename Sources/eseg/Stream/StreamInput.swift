import ESegImaging
@preconcurrency import Glibc

/// A stream that a command line names: standard input, a file or a camera.
struct StreamInput {
    let name: String
    /// All of its frames are there already: none is newer than another.
    let isRegularFile: Bool
    let open: (Interruption) throws -> any FrameSource

    /// Standard input, "-", or the file of that path. Throws `Failure` where there is nothing to be read.
    init(_ path: String, raw: RawFormat?) throws {
        let name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
        guard isatty(descriptor) == 0 else { throw Failure("\(name): found a terminal, expected a stream of frames") }
        var status = stat()
        isRegularFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        self.name = name
        open = { try StreamFormat.open(descriptor: descriptor, name: name, raw: raw, interruption: $0) }
    }

    init(camera path: String, _ request: CameraRequest) {
        name = path
        isRegularFile = false
        open = { try Camera(path, request, interruption: $0) }
    }

    /// Whether a path names a stream, no image: a Y4M file by its content, an MJPEG file, which begins as an image does, by its name.
    static func isStream(_ path: String) -> Bool {
        if path == "-" || [".mjpeg", ".mjpg"].contains(where: path.lowercased().hasSuffix) { return true }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let signature = Array("YUV4MPEG2 ".utf8)
        return start(of: descriptor, count: signature.count) == signature
    }

    /// The first bytes of a file; fewer where there are no more.
    private static func start(of descriptor: Int32, count: Int) -> [UInt8] {
        var start: [UInt8] = [], byte: UInt8 = 0
        while start.count < count {
            let status = read(descriptor, &byte, 1)
            if status < 0 && errno == EINTR { continue }
            guard status == 1 else { break }
            start.append(byte)
        }
        return start
    }
}
