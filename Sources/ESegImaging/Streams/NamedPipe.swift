#if canImport(Glibc)
    import Glibc
#endif

/// A named pipe that one writer after the other sends a stream through. It stays open between them, so that nothing is lost of one that begins
/// before the end of the one before it was noticed.
public final class NamedPipe {
    private let path: String
    private var descriptor: Int32 = -1
    private var file = (device: dev_t(), inode: ino_t())

    public init(_ path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The stream of the next writer, for which it waits. Throws `ImageError` where there is no pipe, no stream in it, or on interruption.
    public func open(raw: RawFormat?, interruption: Interruption) throws(ImageError) -> any FrameSource {
        while true {
            try openFile()
            guard interruption.wait(for: descriptor, milliseconds: 500) != .interrupted else { break }
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 0) > 0, watched.revents & Int16(POLLIN) != 0 {
                return try StreamFormat.open(descriptor: descriptor, name: path, raw: raw, interruption: interruption)
            }
            // The last writer has gone, of which the system goes on telling.
            guard watched.revents & Int16(POLLHUP) == 0 || interruption.pause(milliseconds: 50) else { break }
        }
        throw error("an interruption")
    }

    /// Opens the pipe where it is not open, or where another one has its name.
    private func openFile() throws(ImageError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw unreadable(path, expected: NamedPipe.expected) }
        guard status.st_mode & S_IFMT == S_IFIFO else { throw error("a file that is none") }
        guard descriptor < 0 || file != (status.st_dev, status.st_ino) else { return }
        if descriptor >= 0 { close(descriptor) }
        // Waiting for a writer is left to reading, which can be interrupted.
        descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw unreadable(path, expected: NamedPipe.expected) }
        guard status.st_mode & S_IFMT == S_IFIFO else { throw error("a file that is none") }
        file = (status.st_dev, status.st_ino)
    }

    private static let expected = "a pipe, as mkfifo makes it"

    private func error(_ found: String) -> ImageError {
        ImageError(file: path, field: "pipe", found: found, expected: NamedPipe.expected)
    }
}
