#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A regular file's bytes, read when it is opened; or bytes in memory that stand for a file's.
///
/// They are not mapped: what another process does to the file afterwards changes nothing, where cutting a mapped one short ends its readers.
public final class WholeFile: @unchecked Sendable {
    public let path: String
    /// Size in bytes, greater than zero.
    public let count: Int
    private let address: UnsafeMutableRawPointer

    /// Reads the file. Throws if it is missing, unreadable, empty, not a regular file, too large for this machine, or cut short meanwhile.
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
        let size = Int(status.st_size)
        guard size <= Self.largest else {
            throw NetworkError(
                file: path, field: "file", found: "\(size) bytes", expected: "at most \(Self.largest), half of this machine's memory")
        }
        let memory = try Self.allocate(size, path)
        do throws(NetworkError) { try Self.fill(memory, size, from: descriptor, path) } catch {
            free(memory)
            throw error
        }
        (self.path, count, address) = (path, size, memory)
    }

    /// Copies bytes that are not from a file; `name` stands for it in errors. Throws if there are none.
    package init(_ bytes: UnsafeRawBufferPointer, name: String) throws(NetworkError) {
        address = try Self.allocate(bytes.count, name)
        (path, count) = (name, bytes.count)
        UnsafeMutableRawBufferPointer(start: address, count: count).copyMemory(from: bytes)
    }

    /// The same for an array's.
    package init(_ bytes: [UInt8], name: String) throws(NetworkError) {
        address = try Self.allocate(bytes.count, name)
        (path, count) = (name, bytes.count)
        bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: address, count: count).copyMemory(from: $0) }
    }

    deinit { free(address) }

    /// What a file may have, hostile ones included: networks are smaller, and a machine can spare as much.
    private static let largest = sysconf(Int32(_SC_PHYS_PAGES)) / 2 * sysconf(Int32(_SC_PAGESIZE))

    private static func allocate(_ size: Int, _ path: String) throws(NetworkError) -> UnsafeMutableRawPointer {
        guard size > 0 else { throw NetworkError(file: path, field: "file", found: "0 bytes", expected: "a file that is not empty") }
        guard let memory = malloc(size) else { throw systemError(path, expected: "a file of \(size) bytes that memory holds") }
        return memory
    }

    private static func fill(
        _ memory: UnsafeMutableRawPointer, _ size: Int, from descriptor: Int32, _ path: String
    ) throws(NetworkError) {
        var filled = 0
        while filled < size {
            let count = read(descriptor, memory + filled, size - filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw systemError(path, expected: "a readable file") }
            guard count > 0 else {
                throw NetworkError(
                    file: path, field: "file", found: "\(filled) bytes where there were \(size)", expected: "a file that nothing cuts short"
                )
            }
            filled += count
        }
    }

    /// Calls `body` with all bytes, which must not escape it.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: address, count: count))
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
