#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes files of one folder as `AtomicFile` does, one after the other: where nothing is unusual, without asking for memory.
public final class AtomicFolder {
    /// A file to be written; the bytes are only read while it is.
    public typealias File = (path: String, bytes: UnsafeRawBufferPointer)

    private let folder: Int32
    /// Of the first, the second and the third file.
    private let temporaries: [[CChar]]

    /// Throws what the system reports of a folder that is not there.
    public init(_ path: String) throws(NetworkError) {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw NetworkError(file: path, field: "output folder", found: lastSystemError(), expected: "a folder that can be written to")
        }
        temporaries = ["first", "second", "third"].map { Array(".eseg-\(getpid())-\($0).tmp".utf8CString) }
    }

    deinit { close(folder) }

    /// Writes two or three files of the folder that belong together: none appears before all are whole. Throws what the system reports.
    public func write(_ first: File, _ second: File, _ third: File? = nil) throws(NetworkError) {
        try EndingSignals.wait { () throws(NetworkError) in try writeTogether(first, second, third) }
    }

    private func writeTogether(_ first: File, _ second: File, _ third: File?) throws(NetworkError) {
        if isUsual(first.path), isUsual(second.path), third.map({ isUsual($0.path) }) ?? true {
            var prepared = 0
            defer { for index in 0..<prepared { unlinkat(folder, temporaries[index], 0) } }
            func prepares(_ file: File) -> Bool {
                guard prepare(temporaries[prepared], file.bytes) else { return false }
                prepared += 1
                return true
            }
            if prepares(first), prepares(second), third.map(prepares) ?? true,
                publish(temporaries[0], first.path), publish(temporaries[1], second.path),
                third.map({ publish(temporaries[2], $0.path) }) ?? true
            {
                fsync(folder)
                return
            }
        }
        // What is unusual it can do, and what went wrong it can tell.
        try AtomicFile.write(([first, second] + (third.map { [$0] } ?? [])).map { ($0.path, Array($0.bytes)) })
    }

    /// Whether nothing is there, or a regular file: what links lead to is for `AtomicFile`.
    private func isUsual(_ path: String) -> Bool {
        var status = stat()
        guard path.withCString({ lstat($0, &status) }) == 0 else { return errno == ENOENT }
        return status.st_mode & S_IFMT == S_IFREG
    }

    /// A whole, synced file under a temporary name that no other process has.
    private func prepare(_ temporary: [CChar], _ bytes: UnsafeRawBufferPointer) -> Bool {
        let descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return false }
        let isWhole = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        if !isWhole { unlinkat(folder, temporary, 0) }
        return isWhole
    }

    private func publish(_ temporary: [CChar], _ path: String) -> Bool {
        path.withCString { renameat(folder, temporary, AT_FDCWD, $0) } == 0
    }
}
