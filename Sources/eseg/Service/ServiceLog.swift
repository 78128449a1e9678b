@preconcurrency import Glibc

/// Lines on standard error, which a service manager keeps with their times.
struct ServiceLog: Sendable {
    func print(_ line: String) { fputs("eseg: \(line)\n", stderr) }
}
