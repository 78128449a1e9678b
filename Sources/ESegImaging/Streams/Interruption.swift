#if canImport(Glibc)
    import Glibc
#endif

/// A request from another thread to end a stream, which also wakes whoever waits for its next bytes.
public final class Interruption: Sendable {
    /// A pipe that has something to read once the end is asked for.
    private let reading: Int32
    private let writing: Int32

    /// Throws `ImageError` where the system has no descriptors left.
    public init() throws(ImageError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw unreadable("stream", expected: "descriptors to wake it") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Asks for the end; may be called any number of times.
    public func interrupt() {
        var byte: UInt8 = 0
        while write(writing, &byte, 1) < 0 {
            if errno == EINTR { continue }
            // A full pipe has asked already. One that takes nothing asks by having no other end any more.
            if errno != EAGAIN { dup2(reading, writing) }
            return
        }
    }

    public var isRequested: Bool {
        var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    /// Waits so long for the request; false where it has come.
    func pause(milliseconds: Int32) -> Bool {
        let end = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while true {
            let rest = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            guard rest > 0 else { return !isRequested }
            var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, Int32(rest.rounded(.up))) > 0 { return false }
        }
    }

    enum Wait {
        case ready, timedOut, interrupted
    }

    /// Waits until there is something to read, or for `milliseconds`; a negative number waits for ever.
    func wait(for other: Int32, milliseconds: Int32 = -1) -> Wait {
        var watched = (pollfd(fd: reading, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(POLLIN), revents: 0))
        while true {
            let ready = withUnsafeMutablePointer(to: &watched) {
                $0.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, milliseconds) }
            }
            if watched.0.revents != 0 { return .interrupted }
            if ready == 0 { return .timedOut }
            if ready > 0 || errno != EINTR { return .ready }
        }
    }
}
