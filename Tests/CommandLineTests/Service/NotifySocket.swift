import Foundation

/// What a service tells its manager: the socket that NOTIFY_SOCKET names, and the messages that came, each with its time.
final class NotifySocket: @unchecked Sendable {
    struct Message {
        let lines: [String]
        let time: Date
    }

    private let descriptor: Int32
    private let lock = NSLock()
    private var received: [Message] = []

    /// `name` is a path, or that of an abstract socket after @.
    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard status == 0 else { throw Failure(text: String(cString: strerror(errno))) }
        Thread.detachNewThread { [self] in receive() }
    }

    /// Lets the thread end.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    var messages: [Message] { lock.withLock { received } }

    /// All lines so far.
    var lines: [String] { messages.flatMap(\.lines) }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let text = String(decoding: buffer.prefix(count), as: UTF8.self)
            lock.withLock { received.append(Message(lines: text.components(separatedBy: "\n"), time: Date())) }
        }
        Glibc.close(descriptor)
    }

    struct Failure: Error {
        let text: String
    }
}
