import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// CPUs for the threads of a session while they work: each has its share of them, one CPU where there are no more CPUs than threads.
///
/// OpenMP's threads belong to whoever calls, who may have other work for them: so they are pinned for the time of a call.
package final class TeamPins {
    private let cpus: UnsafeMutableBufferPointer<Int32>
    private let pins: eseg_pins
    private let text: String
    /// Bytes of what it keeps.
    package let bytes: Int

    /// - Throws: `RuntimeError.cpus` if a CPU is offline, does not exist, or is not this process's to use; `RuntimeError.outOfMemory`.
    package init(_ list: CPUList, threads: Int) throws(RuntimeError) {
        try list.checkUse()
        let count = eseg_pins_bytes(Int32(threads))
        guard let memory = malloc(count) else { throw .outOfMemory(bytes: count) }
        cpus = .allocate(capacity: list.cpus.count)
        _ = cpus.initialize(from: list.cpus.map { Int32($0) })
        pins = eseg_pins(cpus: cpus.baseAddress, cpu_count: Int32(cpus.count), threads: Int32(threads), before: memory)
        text = list.description
        bytes = count + 4 * cpus.count
    }

    deinit {
        free(pins.before)
        cpus.deallocate()
    }

    /// What `work` gives, with the calling thread's team pinned.
    /// - Throws: what it throws; `RuntimeError.cpus` if the system refuses a CPU that it had before.
    package func pinned<Result>(_ work: () throws -> Result) throws -> Result {
        var pins = pins
        let status = eseg_pins_set(&pins)
        guard status == 0 else {
            throw RuntimeError.cpus(found: "\(text), \(String(cString: strerror(status)))", expected: "CPUs that this process may use")
        }
        defer { eseg_pins_undo(&pins) }
        return try work()
    }
}
