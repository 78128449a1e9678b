#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Signals by which users, terminals and service managers end a program.
package enum EndingSignals {
    package static let all = [SIGINT, SIGTERM, SIGHUP]

    /// Lets them wait while `body` runs on the calling thread: what it has to remove it removes before the program ends.
    ///
    /// Threads that `body` starts never take them. A signal waits only where no other thread takes it.
    package static func wait<Value, Failure: Error>(during body: () throws(Failure) -> Value) throws(Failure) -> Value {
        var signals = sigset_t(), before = sigset_t()
        sigemptyset(&signals)
        for signal in all { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body()
    }
}
