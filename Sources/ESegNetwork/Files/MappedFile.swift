#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A regular file's bytes, mapped read-only for as long as this object lives; or bytes in memory that stand for a file's.
///
/// The bytes must not be truncated meanwhile by another process; files written by `AtomicFile` are replaced, never truncated.
public final class MappedFile: @unchecked Sendable {
    public let path: String
    /// Size in bytes, greater than zero.
    public let count: Int
    private let address: UnsafeMutableRawPointer
    private let isMapped: Bool

    /// Maps the file. Throws if it is missing, unreadable, empty, or not a regular file.
    public init(_ path: String) throws(NetworkError) {
        // A FIFO without a writer must not block.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.systemError(path, expected: "a readable file") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.systemError(path, expected: "a readable file") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw NetworkError(file: path, field: "file", found: fileKind(status), expected: "a regular file")
        }
        guard status.st_size > 0 else { throw Self.empty(path) }
        let mapping = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else { throw Self.systemError(path, expected: "a file that can be mapped") }
        self.path = path
        count = Int(status.st_size)
        address = mapping
        isMapped = true
    }

    /// Copies bytes that are not from a file; `name` stands for it in errors. Throws if there are none.
    package init(_ bytes: [UInt8], name: String) throws(NetworkError) {
        guard !bytes.isEmpty else { throw Self.empty(name) }
        path = name
        count = bytes.count
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: MemoryLayout<UInt64>.alignment)
        guard let start = copy.baseAddress else { throw Self.empty(name) }
        copy.copyBytes(from: bytes)
        address = start
        isMapped = false
    }

    deinit {
        if isMapped { munmap(address, count) } else { address.deallocate() }
    }

    /// Calls `body` with all bytes, which must not escape it.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: address, count: count))
    }

    private static func empty(_ path: String) -> NetworkError {
        NetworkError(file: path, field: "file", found: "0 bytes", expected: "a file that is not empty")
    }

    private static func systemError(_ path: String, expected: String) -> NetworkError {
        NetworkError(file: path, field: "file", found: lastSystemError(), expected: expected)
    }
}

/// The text of `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }

/// What a file that is none to read or write is, for messages.
package func fileKind(_ status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: "a directory"
    case S_IFREG: "a regular file"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "something else"
    }
}
