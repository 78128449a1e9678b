#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes files that appear whole or not at all: under a temporary name in the same folder, synced, then renamed.
///
/// On any failure, a full disk included, the temporary file is removed and what was at the path before is untouched. Signals that end the
/// program wait until it is removed.
public enum AtomicFile {
    /// Writes `bytes` to `path`, replacing a regular file that is there. Throws what the system reports.
    public static func write(_ bytes: [UInt8], to path: String) throws(NetworkError) {
        try write(to: path) { (output) throws(NetworkError) in try output.write(bytes) }
    }

    /// Writes what `body` sends to its output to `path`. Throws what `body` throws or the system reports.
    public static func write(to path: String, _ body: (FileOutput) throws(NetworkError) -> Void) throws(NetworkError) {
        try EndingSignals.wait { () throws(NetworkError) in
            let file = try prepare(path, body)
            defer { unlink(file.temporary) }
            try file.publish()
        }
    }

    /// Writes files that belong together: none appears before all are whole under their temporary names. Throws what the system reports.
    public static func write(_ files: [(path: String, bytes: [UInt8])]) throws(NetworkError) {
        try EndingSignals.wait { () throws(NetworkError) in
            var prepared: [PreparedFile] = []
            defer { for file in prepared { unlink(file.temporary) } }
            for (path, bytes) in files {
                prepared.append(try prepare(path) { (output) throws(NetworkError) in try output.write(bytes) })
            }
            for file in prepared { try file.publish() }
        }
    }

    /// A whole, synced file that still has its temporary name.
    private struct PreparedFile {
        let output: FileOutput
        let temporary: SystemPath
        let target: SystemPath

        /// Gives it its own name. Throws what the system reports.
        func publish() throws(NetworkError) {
            guard rename(temporary, target) == 0 else { throw output.failure() }
            syncFolder(folder(of: target))
        }
    }

    private static func prepare(_ path: String, _ body: (FileOutput) throws(NetworkError) -> Void) throws(NetworkError) -> PreparedFile {
        let target = try resolved(path)
        let (descriptor, temporary) = try createTemporary(beside: target, path: path)
        let output = FileOutput(path: path, descriptor: descriptor)
        do throws(NetworkError) {
            defer { close(descriptor) }
            try body(output)
            guard fsync(descriptor) == 0 else { throw output.failure() }
        } catch {
            unlink(temporary)
            throw error
        }
        return PreparedFile(output: output, temporary: temporary, target: target)
    }

    /// A path's bytes and a zero byte: what links lead to need not be text.
    private typealias SystemPath = [CChar]

    /// Throws what `write` would for a path that cannot be written to, before the work that is to be written; leaves nothing behind.
    public static func check(_ path: String) throws(NetworkError) {
        try EndingSignals.wait { () throws(NetworkError) in
            let (descriptor, temporary) = try createTemporary(beside: resolved(path), path: path)
            close(descriptor)
            unlink(temporary)
        }
    }

    /// The path with symbolic links followed, so that a link's target is replaced and not the link. Throws if it names no regular file.
    private static func resolved(_ path: String) throws(NetworkError) -> SystemPath {
        func failure(_ found: String) -> NetworkError {
            NetworkError(file: path, field: "output", found: found, expected: "the path of a file to write")
        }
        guard !path.isEmpty else { throw failure("an empty path") }
        guard !path.utf8.contains(0) else { throw failure("a path with a zero byte") }
        guard !path.hasSuffix("/") else { throw failure("a folder's path") }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw failure(lastSystemError()) }
            return Array(path.utf8CString)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(fileKind(status)) }
        guard let resolved = realpath(path, nil) else { throw failure(lastSystemError()) }
        defer { free(resolved) }
        return Array(UnsafeBufferPointer(start: resolved, count: strlen(resolved) + 1))
    }

    private static func createTemporary(
        beside target: SystemPath, path: String
    ) throws(NetworkError) -> (descriptor: Int32, name: SystemPath) {
        for attempt in 0..<1000 {
            let name: SystemPath = folder(of: target).dropLast() + Array("/.eseg-\(getpid())-\(attempt).tmp".utf8CString)
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, name) }
            guard errno == EEXIST else { break }
        }
        throw NetworkError(file: path, field: "output", found: lastSystemError(), expected: "a folder that can be written to")
    }

    private static func folder(of path: SystemPath) -> SystemPath {
        guard let slash = path.lastIndex(of: CChar(UInt8(ascii: "/"))) else { return Array(".".utf8CString) }
        return (slash == 0 ? path[...0] : path[..<slash]) + [0]
    }

    /// Makes the rename durable. Some file systems cannot; the file itself is whole either way.
    private static func syncFolder(_ folder: SystemPath) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// The end of a file being written.
public struct FileOutput {
    let path: String
    let descriptor: Int32

    /// Appends `bytes`. Throws what the system reports.
    public func write(_ bytes: [UInt8]) throws(NetworkError) {
        guard bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) else { throw failure() }
    }

    func failure() -> NetworkError {
        NetworkError(file: path, field: "output", found: lastSystemError(), expected: "to write the file")
    }
}

/// Writes all bytes to a file. Returns whether it could; `errno` says why not.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
    }
    return true
}
