import Kernels
import Synchronization

#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#endif

/// OpenMP's runtime in a process that belongs to somebody else, whose environment stays as it is and who may have runtimes of their own.
package enum HostedOpenMP {
    /// The process in which the runtime was started here; 0 before. There is one runtime for a process, and a forked one starts its own.
    private static let starter = Mutex<pid_t>(0)

    /// Sees to it that regions of `count` threads have them when the calling thread runs them, now or by an earlier call.
    ///
    /// The runtime reads its variables when its first region starts; those that would end the process are then hidden from it. So is that the
    /// process has another copy of it, or has this one: either would end the process, though both work.
    /// - Throws: `RuntimeError.threadsRefused`.
    package static func prepareTeam(of count: Int) throws(RuntimeError) {
        guard count > 1, Int(eseg_threads_started()) < count else { return }
        try ThreadSupply.check(count)
        starter.withLock { process in
            guard process != getpid() else { return ThreadSupply.start(count) }
            OpenMPEnvironment.removeRegistration()
            startHidingDangers(count)
            OpenMPEnvironment.removeRegistration()
            process = getpid()
        }
    }

    /// Starts threads while the environment is one without dangers. The process's own is left as it is: other threads may be reading it, as they
    /// may now read the other one, a copy that therefore is never freed.
    private static func startHidingDangers(_ count: Int) {
        var entries: [UnsafeMutablePointer<CChar>] = []
        var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
        var isSafe = true
        while let entry = next?.pointee {
            next = next?.advanced(by: 1)
            if OpenMPEnvironment.isDangerous(String(cString: entry)) { isSafe = false } else { entries.append(entry) }
        }
        guard !isSafe else { return ThreadSupply.start(count) }
        let copies = entries.compactMap { strdup($0) }
        let other = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: copies.count + 1)
        for (index, copy) in copies.enumerated() { (other + index).initialize(to: copy) }
        (other + copies.count).initialize(to: nil)
        eseg_threads_start_with(other, Int32(clamping: count))
    }
}

extension OpenMPEnvironment {
    /// Whether an entry of the environment can end a process when OpenMP's runtime reads it, or keep it busy for ever: counts of threads that are
    /// none, stacks that no thread can have, patterns of barriers, and what an earlier process of this number left of a registration.
    package static func isDangerous(_ entry: String) -> Bool {
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return false }
        switch parts[0] {
        case "OMP_NUM_THREADS": return !isListOfCounts(parts[1])
        case "OMP_STACKSIZE", "KMP_STACKSIZE", "GOMP_STACKSIZE": return !isStackSize(parts[1])
        default: return parts[0].hasPrefix("KMP_") && parts[0].includes("BARRIER") || parts[0].hasPrefix("__KMP_REGISTERED_LIB_")
        }
    }

    /// Such as "4" or "4,2": a count for each level of regions.
    private static func isListOfCounts(_ text: String) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { count in
            (1...5).contains(count.utf8.count) && count.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    /// Such as "512K": up to a GB.
    private static func isStackSize(_ text: String) -> Bool {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard (1...7).contains(digits.utf8.count), let number = Int(digits) else { return false }
        let unit: Int? =
            switch text.dropFirst(digits.count).lowercased() {
            case "b": 1
            case "", "k": 1 << 10
            case "m": 1 << 20
            case "g": 1 << 30
            default: nil
            }
        return unit.map { number * $0 <= 1 << 30 } ?? false
    }
}
