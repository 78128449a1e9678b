/// The machine's state while something was measured on it, by which a reader can judge the times.
public struct MachineReport: Sendable, Equatable, Encodable, CustomStringConvertible {
    public let board: String?
    public let cores: [Machine.Cores]
    public let isa: String
    public let before: MachineState
    public let after: MachineState
    /// What makes the times unreliable, one sentence each.
    public let warnings: [String]

    init(_ machine: Machine, before: MachineState, after: MachineState) {
        board = machine.board
        cores = machine.cores
        isa = machine.isa
        self.before = before
        self.after = after
        warnings = MachineState.warnings(before: before, after: after)
    }

    /// A line for the machine, one for its state before and after where the system tells it, and one for each warning.
    public var description: String {
        let kinds = cores.map { "\($0.count) × \($0.model) (CPUs \($0.cpus))" }
        let machine = ((board.map { [$0] } ?? []) + kinds + ["best instruction set \(isa)"]).joined(separator: ", ")
        let states = [("before", before), ("after", after)].filter { !$1.description.isEmpty }.map { "\($0): \($1)" }
        return ([machine] + states + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }
}

/// Looks at a machine before something is measured on it, and again after.
public struct MachineWatch: Sendable {
    private let root: String
    private let cpus: CPUList
    private let machine: Machine
    private let before: MachineState

    /// Looks at `allowed`, by default the CPUs that this process may use; frequencies are of the fastest of them, where threads should run.
    public init(root: String = "/", allowed: CPUList = .allowed) {
        self.root = root
        cpus = Topology(root: root, allowed: allowed).fastest
        machine = Machine(root: root, allowed: allowed)
        before = MachineState(root: root, cpus: cpus)
    }

    /// Called right after the last run.
    public func report() -> MachineReport { MachineReport(machine, before: before, after: MachineState(root: root, cpus: cpus)) }
}
