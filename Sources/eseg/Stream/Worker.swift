@preconcurrency import Glibc

/// A thread that runs one function.
struct Worker {
    private let thread: pthread_t

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Throws `Failure` where the system has no thread left.
    init(_ body: @escaping @Sendable () -> Void) throws {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, nil,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw Failure("thread: \(String(cString: strerror(status)))")
        }
        self.thread = thread
    }

    /// Waits for the function's end.
    func join() { pthread_join(thread, nil) }

    /// Lets the thread end, or not, by itself.
    func detach() { pthread_detach(thread) }
}
