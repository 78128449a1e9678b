import ArgumentParser
import ESegRuntime
import FoundationEssentials

/// How kernels are run: the options that every command which runs a network shares.
struct ExecutionOptions: ParsableArguments {
    @Option(
        name: .customLong("threads"), parsing: .unconditional,
        help: ArgumentHelp(
            "Number of threads, 1 to \(Session.maximumThreads). (default: one for each CPU of --cpus, or of the fastest kind, as far as a container's CPU quota goes; OMP_NUM_THREADS does not matter)",
            valueName: "n"))
    var chosenThreads: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "CPUs to run on and to pin the threads to, such as 4-7 or 0,2,4-7. (default: the system chooses)", valueName: "list"),
        transform: cpuList)
    var cpus: CPUList?

    @Option(
        name: .customLong("isa"),
        help: ArgumentHelp("Instruction set of the kernels. (default: $ESEG_ISA, or the best)", valueName: "name"))
    var chosenISA: ISA?

    /// The option's, else one for each CPU that was chosen or each of the fastest that this process may use, as far as its quota goes.
    var threads: Int { chosenThreads ?? ThreadSupply.usualCount(on: cpus) }

    /// Pins the process to the chosen CPUs and returns the instruction set to run on: the option's, else that of the environment variable
    /// `ESEG_ISA`, else this CPU's best. Called before anything runs.
    ///
    /// `startsThreads` is false where kernels run on another thread than this, or none does.
    func prepare(startsThreads: Bool = true) throws -> ISA {
        do throws(RuntimeError) { try cpus?.pin() } catch { throw Failure("--cpus: \(error.problem)") }
        if startsThreads { try ThreadTeam.start(threads) } else { try ThreadSupply.check(threads) }
        if let chosenISA { return chosenISA }
        guard let name = ProcessInfo.processInfo.environment["ESEG_ISA"], !name.isEmpty else { return .best }
        guard let isa = ISA(name: name) else {
            throw Failure("ESEG_ISA: found \"\(name)\", expected one of this CPU's: \(ISA.supportedNames)")
        }
        return isa
    }

    func validate() throws {
        guard (1...Session.maximumThreads).contains(chosenThreads ?? 1) else {
            throw ValidationError("--threads: found \(chosenThreads ?? 1), expected 1 to \(Session.maximumThreads).")
        }
    }
}

/// Reads the list of `--cpus`.
@Sendable private func cpuList(_ text: String) throws -> CPUList {
    do throws(RuntimeError) { return try CPUList(text) } catch { throw ValidationError(error.problem) }
}

extension RuntimeError {
    /// The description without what names the field, for an option that names it otherwise.
    fileprivate var problem: String {
        guard case .cpus(let found, let expected) = self else { return description }
        return "found \(found), expected \(expected)"
    }
}

extension ISA {
    static var supportedNames: String { supported.map(\.description).joined(separator: ", ") }
}

extension ISA: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }

    public static var allValueStrings: [String] { supported.map(\.description) }
}
