import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension CPUList {
    /// The CPUs that the calling thread may run on; CPU 0 where the system does not tell.
    public static var allowed: CPUList {
        var marks = [UInt8](repeating: 0, count: Int(ESEG_MAX_CPUS))
        guard eseg_affinity_get(&marks, ESEG_MAX_CPUS) == 0 else { return CPUList([0]) }
        return CPUList(marks.indices.filter { marks[$0] != 0 })
    }

    /// Lets the calling thread, and every thread that it starts from now on, run on these CPUs alone, and gives each of OpenMP's threads
    /// one of them as its place.
    ///
    /// A program calls it on its main thread before the first network runs: OpenMP reads its places once, when it starts.
    /// - Throws: `RuntimeError.cpus` if a CPU is offline, does not exist, or is not this process's to use; nothing has changed then.
    public func pin(root: String = "/") throws(RuntimeError) {
        try checkUse(root: root)
        _ = allowOnly()
        setenv("OMP_PLACES", cpus.map { "{\($0)}" }.joined(separator: ","), 1)
        setenv("OMP_PROC_BIND", "true", 1)
    }

    /// Tries whether the calling thread may run on these CPUs; nothing has changed afterwards.
    /// - Throws: `RuntimeError.cpus` as `pin`.
    package func checkUse(root: String = "/") throws(RuntimeError) {
        if let text = SystemFiles(root: root).line("/sys/devices/system/cpu/online"), let online = try? CPUList(text) {
            try check(within: online, "online")
        }
        let before = CPUList.allowed, status = allowOnly(), now = CPUList.allowed
        _ = before.allowOnly()
        guard status == 0 else { throw RuntimeError.cpus(found: description, expected: "CPUs that this process may use") }
        try check(within: now, "this process's to use")
    }

    private func check(within others: CPUList, _ what: String) throws(RuntimeError) {
        let missing = CPUList(cpus.filter { !others.cpus.contains($0) })
        guard missing.cpus.isEmpty else {
            let problem = missing == self ? "not \(what)" : "of which \(missing) not \(what)"
            throw RuntimeError.cpus(found: "\(self), \(problem)", expected: "CPUs of \(others)")
        }
    }

    private func allowOnly() -> Int32 {
        var marks = [UInt8](repeating: 0, count: Int(ESEG_MAX_CPUS))
        for cpu in cpus where marks.indices.contains(cpu) { marks[cpu] = 1 }
        return eseg_affinity_set(marks, ESEG_MAX_CPUS)
    }
}
