import ESegImaging
import ESegNetwork
@preconcurrency import Glibc

/// Turns the signals that end a program into the orderly end of a stream; a second one ends the process at once, as by default.
///
/// A process that is to die of a signal should be seen to: `raiseReceived` ends it by the one that came, so that shells and service
/// managers know (status 130, 143 or 129).
struct TerminationSignals {
    private let received = Guarded<Int32?>(nil)

    /// Calls `end` at the first signal, on a thread of its own; `hangUp`, where there is one, at each SIGHUP instead.
    ///
    /// Make it before the threads that must not be interrupted. Signals that the process was started to ignore stay ignored.
    init(hangUp: (@Sendable () -> Void)? = nil, end: @escaping @Sendable () -> Void) throws {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in EndingSignals.all where !TerminationSignals.isIgnored(signal) { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let signals = set, received = received
        try Worker {
            var signals = signals, signal: Int32 = 0
            repeat {
                guard sigwait(&signals, &signal) == 0 else { return }
                if signal == SIGHUP { hangUp?() }
            } while signal == SIGHUP && hangUp != nil
            received { $0 = signal }
            end()
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            while true { pause() }
        }.detach()
    }

    /// Ends the process by the signal that was received; returns where none was.
    func raiseReceived() {
        guard let number = received({ $0 }) else { return }
        signal(number, SIG_DFL)
        kill(getpid(), number)
        while true { pause() }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
