import ESegImaging
import ESegNetwork
@preconcurrency import Glibc

/// Where segmented frames go; used from one thread.
protocol StreamOutput: AnyObject {
    /// Throws `OutputClosed` where whoever reads it has enough.
    func write(_ frame: StreamFrame) throws
}

/// The reader of an output has gone: the end of a stream like any other.
struct OutputClosed: Error {}

/// Frames encoded one after the other on a descriptor.
final class DescriptorOutput: StreamOutput {
    private let descriptor: Int32
    private let name: String
    private let encoder: any FrameEncoder

    init(_ descriptor: Int32, name: String, encoder: any FrameEncoder) {
        self.descriptor = descriptor
        self.name = name
        self.encoder = encoder
    }

    func write(_ frame: StreamFrame) throws {
        try encoder.encode(frame) { bytes in
            try writeAll(bytes, to: descriptor) { error in
                if error == EPIPE { return OutputClosed() }
                return Failure("\(name): \(String(cString: strerror(error)))")
            }
        }
    }
}

/// A PNG file of each frame: 000001.png, or more digits, after the frame's place in the stream, and with a suffix 000001-doubt.png.
///
/// Files appear whole or not at all. They are not synced one by one, as single results are: at a camera's rate that would wear out memory
/// cards.
final class FrameFolder: StreamOutput {
    private let path: String
    private let folder: Int32
    private let encoder: any FrameEncoder
    private let temporary: [CChar]
    /// What follows the number.
    private let ending: [CChar]

    /// The folder must exist; the suffix is short.
    init(_ path: String, suffix: String = "", encoder: any FrameEncoder) throws {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure("\(path): output folder: \(String(cString: strerror(errno)))") }
        self.path = path
        self.encoder = encoder
        temporary = ".eseg-\(getpid())\(suffix).tmp".utf8CString.map { $0 }
        ending = "\(suffix).png".utf8.map { CChar(truncatingIfNeeded: $0) }
    }

    deinit { close(folder) }

    func write(_ frame: StreamFrame) throws {
        do {
            try encoder.encode(frame) { try writeTemporary($0) }
            try withName(of: frame.number) { name in
                guard renameat(folder, temporary, folder, name) == 0 else { throw failure(errno, frame.number) }
            }
        } catch {
            unlinkat(folder, temporary, 0)
            throw error
        }
    }

    private func writeTemporary(_ bytes: UnsafeRawBufferPointer) throws {
        let descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(errno, nil) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor) { failure($0, nil) }
    }

    private func failure(_ error: Int32, _ number: Int?) -> Failure {
        var file = path
        if let number { withName(of: number) { file += "/" + String(cString: $0) } }
        return Failure("\(file): output: \(String(cString: strerror(error)))")
    }

    /// The file's name without a `String`, which would be allocated for every frame.
    private func withName(of number: Int, _ body: (UnsafePointer<CChar>) throws -> Void) rethrows {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 24 + ending.count) { name in
            guard let start = name.baseAddress else { return }
            var position = 23, rest = number, digits = 0
            name.initialize(repeating: 0)
            for (i, character) in ending.enumerated() { name[position + i] = character }
            while rest > 0 || digits < 6 {
                position -= 1
                name[position] = CChar(48 + rest % 10)
                rest /= 10
                digits += 1
            }
            try body(start + position)
        }
    }
}

/// Writes everything, waiting where a descriptor is not ready; `failure` makes the error to throw of `errno`.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, failure: (Int32) -> any Error) throws {
    var written = 0
    while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count > 0 {
            written += count
        } else if errno == EAGAIN {
            var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&watched, 1, -1)
        } else if errno != EINTR {
            throw failure(errno)
        }
    }
}
