import ESegImaging
import ESegNetwork
@preconcurrency import Glibc

/// Where the frames of a service's camera come from: what is not there is waited for, what goes is opened again, and both are told.
struct ServedInput {
    private let config: CameraConfig
    private let status: Guarded<ServedCamera.Status>
    private let interruption: Interruption
    private let log: ServiceLog

    init(_ config: CameraConfig, _ status: Guarded<ServedCamera.Status>, _ interruption: Interruption, _ log: ServiceLog) {
        (self.config, self.status, self.interruption, self.log) = (config, status, interruption, log)
    }

    /// Throws where standard input is no stream. Everything else can become one.
    func open() throws -> any FrameSource {
        let interruption = interruption
        switch config.input {
        case .device(let path, let request):
            return reopening(path) { try Camera(path, request, interruption: interruption) }
        case .pipe("-", let raw):
            let source = try StreamFormat.open(
                descriptor: STDIN_FILENO, name: "standard input", raw: raw, interruption: interruption)
            report(.opened(source))
            return source
        case .pipe(let path, let raw):
            return reopening(path) { try PipeSource(path, raw, interruption) }
        }
    }

    private func reopening(_ path: String, _ open: @escaping () throws -> any FrameSource) -> any FrameSource {
        ReopeningSource(name: path, interruption: interruption, open: open, report: report)
    }

    private func report(_ event: ReopeningSource.Event) {
        switch event {
        case .opened(let source):
            status {
                $0.format = source.format
                $0.openings += 1
            }
            log.print("\(config.name): \(source.name): opened, \(source.format)")
        case .gone(let error):
            let reason = error.map { printable("\($0)") } ?? "\(config.input.path): ended"
            let isNews = status { status in
                defer { (status.format, status.reason) = (nil, reason) }
                return status.format != nil || status.reason != reason
            }
            if isNews { log.print("\(config.name): \(reason); waiting for it") }
        }
    }
}

/// The stream of a named pipe, which begins when somebody writes to it.
private final class PipeSource: FrameSource {
    private let descriptor: Int32
    private let source: any FrameSource

    /// Throws `ImageError` where there is no pipe, or no stream in it.
    init(_ path: String, _ raw: RawFormat?, _ interruption: Interruption) throws {
        // Waiting for a writer is left to reading, which can be interrupted.
        let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        do {
            guard descriptor >= 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
                throw Failure("\(path): file: found \(fileKind(status)), expected a pipe")
            }
            source = try StreamFormat.open(descriptor: descriptor, name: path, raw: raw, interruption: interruption)
        } catch {
            if descriptor >= 0 { close(descriptor) }
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    var name: String { source.name }
    var format: String { source.format }
    var frameSize: (width: Int, height: Int)? { source.frameSize }
    var rate: FrameRate? { source.rate }
    var lost: Int { source.lost }

    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome { try source.read(into: frame) }
}
