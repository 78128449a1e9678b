import ESegImaging
import ESegNetwork
@preconcurrency import Glibc

/// Where segmented frames go; used from one thread.
protocol StreamOutput: AnyObject {
    /// Throws `OutputClosed` where whoever reads it has enough.
    func write(_ frame: StreamFrame) throws

    /// Writes the next frames' classes by other names, where a network follows another.
    func use(classNames: [String])
}

/// The reader of an output has gone: the end of a stream like any other.
struct OutputClosed: Error {}

/// Where a stream's class maps go, as a user says it.
struct StreamDestinations {
    var folder: String?
    var format = MapFormat.png
    /// How many files the folder keeps; nil for all.
    var keep: Int?
    var stdout: StreamKind?
    /// Whether doubt is written beside classes.
    var withDoubt = false

    /// Makes the folder where it is missing. Throws `Failure` or `NetworkError` where nothing can be written there.
    func open(classNames: [String]) throws -> [any StreamOutput] {
        var outputs: [any StreamOutput] = []
        if let folder {
            try makeFolder(folder)
            let encoder = try format.encoder(classNames: classNames)
            outputs.append(try FrameFolder(folder, format.fileNames, encoder: encoder, keep: keep))
            if withDoubt { outputs.append(try FrameFolder(folder, .doubt, encoder: DoubtPNGEncoder(), keep: keep)) }
        }
        if let stdout {
            guard isatty(STDOUT_FILENO) == 0 else { throw Failure("standard output: found a terminal, expected a pipe or file for frames") }
            let encoder = try stdout.encoder(classNames: classNames, withDoubt: withDoubt)
            outputs.append(DescriptorOutput(STDOUT_FILENO, name: "standard output", encoder: encoder))
        }
        return outputs
    }
}

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

    func use(classNames: [String]) { encoder.use(classNames: classNames) }

    func write(_ frame: StreamFrame) throws {
        try encoder.encode(frame) { bytes in
            try writeAll(bytes, to: descriptor) { error in
                if error == EPIPE { return OutputClosed() }
                return Failure("\(name): \(String(cString: strerror(error)))")
            }
        }
    }
}

/// A file of each frame: 000001.png, or more digits, after the frame's place in the stream.
///
/// Where only the newest are kept, numbers go on behind those of earlier runs.
///
/// Files appear whole or not at all. They are not synced one by one, as single results are: at a camera's rate that would wear out memory
/// cards.
final class FrameFolder: StreamOutput {
    private let path: String
    private let folder: Int32
    private let encoder: any FrameEncoder
    private let names: NumberedNames
    private let temporary: [CChar]
    private var retention: FrameRetention?

    /// The folder must exist. It keeps all files, or the newest `keep`.
    init(_ path: String, _ names: NumberedNames, encoder: any FrameEncoder, keep: Int?) throws {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure("\(path): output folder: \(String(cString: strerror(errno)))") }
        (self.path, self.names, self.encoder) = (path, names, encoder)
        temporary = ".eseg-\(getpid())\(names.ending).tmp".utf8CString.map { $0 }
        if let keep { retention = try FrameRetention(folder, path: path, names, keep: keep) }
    }

    deinit { close(folder) }

    func use(classNames: [String]) { encoder.use(classNames: classNames) }

    func write(_ frame: StreamFrame) throws {
        let number = frame.number + (retention?.lastBefore ?? 0)
        do {
            try encoder.encode(frame) { try writeTemporary($0) }
            try names.withName(of: number) { name in
                guard renameat(folder, temporary, folder, name) == 0 else { throw failure(errno, number) }
            }
            retention?.add(number)
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
        let file = number.map { "\(path)/\(names.name(of: $0))" } ?? path
        return Failure("\(file): output: \(String(cString: strerror(error)))")
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
