#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#endif

/// What the environment tells OpenMP's runtime.
///
/// Kernels give every parallel region its own count of threads, and `CPUList.pin` gives threads their places, so hardly a variable is of
/// use; but the runtime reads all of them when its first region starts, and its parser ends the program at an empty count of threads, and
/// never ends at a large one.
public enum OpenMPEnvironment {
    private static let prefixes = ["OMP_", "KMP_", "GOMP_", "LIBOMP_"]

    /// Takes all variables of OpenMP's runtime out of the environment but those that say in a usable way how threads wait for work, and
    /// removes what an earlier process of this number left.
    ///
    /// A program calls it at its start, while it has one thread and before the first network runs.
    public static func clear() {
        for name in uselessNames() { unsetenv(name) }
        removeRegistration()
    }

    /// Removes the file in which OpenMP's runtime writes that this process has it, or what an earlier process of this number left of one.
    ///
    /// Processes that are killed leave theirs for ever, and the runtime ends a process that finds one without a word in it. A program that
    /// is sure to have one copy of the runtime may remove its own once its threads have started.
    public static func removeRegistration() {
        let name = "/__KMP_REGISTERED_LIB_\(getpid())_\(getuid())"
        shm_unlink(name)
        unlink("/tmp" + name)
    }

    /// Whether a variable stays: `KMP_BLOCKTIME`, milliseconds or another time, and `OMP_WAIT_POLICY`.
    static func isKept(_ name: String, _ value: String) -> Bool {
        switch name {
        case "KMP_BLOCKTIME": isTime(value.lowercased())
        case "OMP_WAIT_POLICY": ["active", "passive"].contains(value.lowercased())
        default: false
        }
    }

    private static func isTime(_ value: String) -> Bool {
        let digits = value.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return value == "infinite" }
        return digits.count <= 6 && ["", "us", "ms"].contains(value.dropFirst(digits.count))
    }

    private static func uselessNames() -> [String] {
        var names: [String] = []
        var entry = environ
        while let text = entry.pointee {
            entry += 1
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, prefixes.contains(where: name.hasPrefix) else { continue }
            if !isKept(name, parts.last ?? "") { names.append(name) }
        }
        return names
    }
}
