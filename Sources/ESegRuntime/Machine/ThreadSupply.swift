import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The threads that the system lets this process have.
public enum ThreadSupply {
    /// How many threads a network runs on where nobody says: one for each of these CPUs, or of the fastest kind that this process may use, as far
    /// as its quota goes.
    package static func usualCount(on cpus: CPUList?) -> Int {
        CPUQuota().threads(of: min((cpus ?? Topology().fastest).cpus.count, Session.maximumThreads))
    }

    /// Tries whether a team of `count` threads can be had: OpenMP's runtime ends the program where it cannot.
    ///
    /// - Throws: `RuntimeError.threadsRefused`.
    public static func check(_ count: Int) throws(RuntimeError) {
        let status = eseg_threads_try(Int32(clamping: count))
        guard status == 0 else { throw .threadsRefused(count: count, reason: String(cString: strerror(status))) }
    }

    /// Starts OpenMP's threads for the regions of `count` threads that the calling thread runs from now on.
    ///
    /// OpenMP's runtime ends the program by SIGABRT where the system refuses them, which `check` makes unlikely.
    public static func start(_ count: Int) {
        guard count > 1 else { return }
        eseg_threads_start(Int32(clamping: count))
    }
}
