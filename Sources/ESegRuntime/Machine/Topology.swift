/// The CPUs that a process may use, and how fast each is next to the others.
public struct Topology: Sendable, Equatable {
    /// One CPU. Speeds compare only with each other.
    public struct CPU: Sendable, Equatable {
        public let number: Int
        public let speed: Int
    }

    public let cpus: [CPU]

    /// Those of `allowed`, by default the CPUs that the calling thread may run on.
    ///
    /// A CPU's speed is its `cpu_capacity`, or its greatest frequency where a CPU has no capacity; where one has neither, all count as equally fast.
    public init(root: String = "/", allowed: CPUList? = nil) {
        let files = SystemFiles(root: root)
        let numbers = (allowed ?? .allowed).cpus
        let speeds = Topology.sources.lazy.map { path in numbers.compactMap { files.speed(of: $0, path) } }
            .first { $0.count == numbers.count }
        cpus = zip(numbers, speeds ?? numbers.map { _ in 1 }).map(CPU.init)
    }

    /// The fastest CPUs: those that come within a fifth of the fastest of all, as cores of one kind do whose clocks differ.
    public var fastest: CPUList {
        let most = cpus.reduce(0) { max($0, $1.speed) }
        return CPUList(cpus.filter { $0.speed >= most - most / 5 }.map(\.number))
    }

    private static let sources = ["cpu_capacity", "cpufreq/cpuinfo_max_freq"]
}

extension SystemFiles {
    fileprivate func speed(of cpu: Int, _ path: String) -> Int? {
        integer("/sys/devices/system/cpu/cpu\(cpu)/\(path)").flatMap { $0 > 0 ? $0 : nil }
    }
}
