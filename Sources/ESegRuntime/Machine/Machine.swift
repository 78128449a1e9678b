/// A machine: the facts without which a measured time says little. Each is nil where the system does not tell it.
public struct Machine: Sendable, Equatable, Encodable {
    /// CPUs of one kind.
    public struct Cores: Sendable, Equatable, Encodable {
        public let model: String
        public let count: Int
        /// Their numbers as a list: "4-7".
        public let cpus: String
    }

    /// The board's name, by its device tree.
    public let board: String?
    /// The CPUs that this process may use, the fastest kind first.
    public let cores: [Cores]
    /// The best instruction set that this machine has.
    public let isa: String

    public init(root: String = "/", allowed: CPUList? = nil) {
        let files = SystemFiles(root: root)
        let topology = Topology(root: root, allowed: allowed)
        let models = CPUModels(in: files)
        var kinds: [(model: String, speed: Int, cpus: [Int])] = []
        for cpu in topology.cpus {
            let model = models.name(of: cpu.number) ?? "CPU"
            if let kind = kinds.firstIndex(where: { $0.model == model }) {
                kinds[kind].cpus.append(cpu.number)
                kinds[kind].speed = max(kinds[kind].speed, cpu.speed)
            } else {
                kinds.append((model, cpu.speed, [cpu.number]))
            }
        }
        board = files.line("/sys/firmware/devicetree/base/model")
        cores = kinds.sorted { ($1.speed, $0.cpus[0]) < ($0.speed, $1.cpus[0]) }
            .map { Cores(model: $0.model, count: $0.cpus.count, cpus: CPUList($0.cpus).description) }
        isa = ISA.best.description
    }
}
