import Calibration
import ESegRuntime

/// The machine that is about to be measured on.
struct BenchMachine {
    private let root: String
    private let cpus: CPUList
    private let machine: Machine
    private let before: MachineState

    /// Looks at `allowed`, the CPUs that this process may use; frequencies are of the fastest of them, on which the threads run.
    init(root: String = "/", allowed: CPUList = .allowed) {
        self.root = root
        cpus = Topology(root: root, allowed: allowed).fastest
        machine = Machine(root: root, allowed: allowed)
        before = MachineState(root: root, cpus: cpus)
    }

    /// What the machine is and how it fared before and now. Called right after the last run.
    func measured() -> Report {
        let after = MachineState(root: root, cpus: cpus)
        return Report(machine: machine, before: before, after: after, warnings: MachineState.warnings(before: before, after: after))
    }

    /// What holds of the machine while a network was measured, for a reader to judge the times by.
    struct Report: Encodable {
        let board: String?
        let cores: [Machine.Cores]
        let tier: String
        let before: MachineState
        let after: MachineState
        let warnings: [String]

        init(machine: Machine, before: MachineState, after: MachineState, warnings: [String]) {
            board = machine.board
            cores = machine.cores
            tier = machine.tier
            self.before = before
            self.after = after
            self.warnings = warnings
        }

        /// A line for the machine, one for its state before and after where the system tells it, and one for each warning.
        var summary: String {
            let kinds = cores.map { "\($0.count) × \($0.model) (CPUs \($0.cpus))" }
            let lines = [
                (board.map { [$0] } ?? []) + kinds + ["best tier \(tier)"], before.parts.prefixed("before"), after.parts.prefixed("after"),
            ]
            return (lines.filter { !$0.isEmpty }.map { $0.joined(separator: ", ") } + warnings.map { "warning: \($0)" })
                .joined(separator: "\n")
        }
    }
}

extension MachineState {
    fileprivate var parts: [String] {
        [megahertz.map { "\($0) MHz" }, governor.map { "governor \($0)" }, celsius.map { "\($0.text(decimals: 1)) °C" }].compactMap { $0 }
    }
}

extension [String] {
    /// With a word before the first; nothing stays nothing.
    fileprivate func prefixed(_ word: String) -> [String] {
        guard let first else { return [] }
        return ["\(word): \(first)"] + dropFirst()
    }
}
