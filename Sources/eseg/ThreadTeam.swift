import ESegNetwork
import ESegRuntime
@preconcurrency import Glibc

/// The threads that kernels run on.
enum ThreadTeam {
    /// Starts the threads of the calling thread's kernels, before anything is written. Throws where the system refuses them.
    ///
    /// OpenMP's runtime knows no error but to end the program, where a thread is refused that could be had a moment before; the status is
    /// then 1, as of other errors.
    static func start(_ count: Int) throws {
        try ThreadSupply.check(count)
        let usual = signal(SIGABRT) { _ in
            let text: StaticString = "eseg: error: threads: found what OpenMP says above, expected to start as many as --threads says\n"
            _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(1)
        }
        // Those for the program are then for this thread, which may keep them waiting.
        EndingSignals.wait { ThreadSupply.start(count) }
        signal(SIGABRT, usual)
        OpenMPEnvironment.removeRegistration()
    }
}
