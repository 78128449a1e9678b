import ArgumentParser
import ESegRuntime
import FoundationEssentials

/// How kernels are run: the options that every command which runs a network shares.
struct ExecutionOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Number of threads, 1 to \(Session.maximumThreads).", valueName: "n"))
    var threads = min(ProcessInfo.processInfo.activeProcessorCount, Session.maximumThreads)

    @Option(
        name: .customLong("isa"),
        help: ArgumentHelp("Instruction set of the kernels. (default: $ESEG_ISA, or the best)", valueName: "name"))
    var chosenISA: ISA?

    /// The instruction set to run on: the option's, else that of the environment variable `ESEG_ISA`, else this CPU's best.
    func isa() throws -> ISA {
        if let chosenISA { return chosenISA }
        guard let name = ProcessInfo.processInfo.environment["ESEG_ISA"], !name.isEmpty else { return .best }
        guard let isa = ISA(name: name) else {
            throw Failure("ESEG_ISA: found \"\(name)\", expected one of this CPU's: \(ISA.supportedNames)")
        }
        return isa
    }

    func validate() throws {
        guard (1...Session.maximumThreads).contains(threads) else {
            throw ValidationError("--threads: found \(threads), expected 1 to \(Session.maximumThreads).")
        }
    }
}

extension ISA {
    static var supportedNames: String { supported.map(\.description).joined(separator: ", ") }
}

extension ISA: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }

    public static var allValueStrings: [String] { supported.map(\.description) }
}
