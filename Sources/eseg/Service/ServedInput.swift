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
            let pipe = NamedPipe(path)
            return reopening(path) { try pipe.open(raw: raw, interruption: interruption) }
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
