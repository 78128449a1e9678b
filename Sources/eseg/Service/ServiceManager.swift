import FoundationEssentials
@preconcurrency import Glibc

/// The service manager that started this process, told of its state as systemd's sd_notify(3) has it; nobody where none did.
final class ServiceManager: Sendable {
    /// How long the manager waits for a sign of life; nil where it does not.
    let watchdog: Duration?
    private let socket: Int32
    private let name: [UInt8]

    /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Throws `Failure` where they are not as they must be.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        name = try ServiceManager.socketName(environment["NOTIFY_SOCKET"] ?? "")
        watchdog = try name.isEmpty ? nil : ServiceManager.watchdog(environment)
        guard !name.isEmpty else {
            socket = -1
            return
        }
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure("NOTIFY_SOCKET: \(String(cString: strerror(errno)))") }
        // A manager that does not read keeps nobody waiting for long.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { if socket >= 0 { close(socket) } }

    /// Sends lines such as "READY=1" in one message, whether or not anybody hears it.
    func tell(_ lines: [String]) {
        guard socket >= 0 else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + name.count } ?? 0)
        let message = Array(lines.joined(separator: "\n").utf8)
        _ = withSocketAddress(&address) { address, _ in
            sendto(socket, message, message.count, Int32(MSG_NOSIGNAL), address, size)
        }
    }

    /// A name's bytes as the system has them: of an abstract one, written @name, the first is zero.
    private static func socketName(_ text: String) throws -> [UInt8] {
        guard !text.isEmpty else { return [] }
        var bytes = Array(text.utf8)
        guard bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "@"), (2...107).contains(bytes.count) else {
            throw Failure("NOTIFY_SOCKET: found \"\(text)\", expected a path or @NAME, of at most 107 bytes")
        }
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        return bytes
    }

    private static func watchdog(_ environment: [String: String]) throws -> Duration? {
        guard let text = environment["WATCHDOG_USEC"], !text.isEmpty else { return nil }
        guard let microseconds = Int(text), microseconds > 0 else {
            throw Failure("WATCHDOG_USEC: found \"\(text)\", expected microseconds")
        }
        // It may be meant for a process that started this one.
        if let process = environment["WATCHDOG_PID"], process != "\(getpid())" { return nil }
        return .microseconds(microseconds)
    }
}
