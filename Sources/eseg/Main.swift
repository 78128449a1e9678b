import ArgumentParser
import ESegNetwork
import ESegRuntime
import FoundationEssentials
@preconcurrency import Glibc

@main
struct ESeg: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eseg",
        abstract: "Quantizes ESeg semantic-segmentation networks to int8 and runs them on the CPU.",
        version: "\(version)",
        subcommands: [
            DemoCommand.self, QuantizeCommand.self, RunCommand.self, CompareCommand.self, BenchCommand.self, InspectCommand.self,
            ExportCommand.self, AnalyzeCommand.self, ServeCommand.self, MergeCommand.self, DiffCommand.self, DecodeCommand.self,
        ])

    /// Runs the command line's command; every failure ends in a message on standard error and a non-zero status.
    ///
    /// Usage errors, help and deliberate exits are ArgumentParser's to report; anything else that a command throws says what is wrong by
    /// its own description. Output that could not be written, such as to a full disk or a closed pipe, is a failure too.
    static func main() {
        reserveStandardStreams()
        OpenMPEnvironment.clear()
        // What a limit on the size of files allows no more is then an error of writing, and nothing is left behind.
        signal(SIGXFSZ, SIG_IGN)
        do {
            try run(Arguments(CommandLine.names))
            guard fflush(stdout) == 0, ferror(stdout) == 0 else { throw Failure("standard output: \(String(cString: strerror(errno)))") }
        } catch  where isReportedByArgumentParser(error) {
            exit(withError: error)
        } catch {
            reportError(error)
            exit(withError: ExitCode.failure)
        }
    }

    private static func run(_ arguments: Arguments) throws {
        do {
            var command = try parseAsRoot(arguments.values)
            try command.run()
        } catch  where exitCode(for: error).isSuccess {
            try arguments.checkHelpIsAsked()
            throw error
        }
    }

    /// Keeps the numbers of streams that were closed at the start from files opened later, into which messages would then go.
    private static func reserveStandardStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 { _ = open("/dev/null", O_RDONLY) }
    }

    private static func isReportedByArgumentParser(_ error: any Error) -> Bool {
        error is ExitCode || error is CleanExit || exitCode(for: error) != .failure
    }
}

/// Why a command failed, where no module below says so.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Prints an error on standard error, below whatever standard output holds so far: one line, or one for each thing wrong with a file.
func reportError(_ error: any Error) {
    fflush(stdout)
    for line in errorLines(error) { fputs("eseg: error: \(line)\n", stderr) }
}

/// Prints what is not an error but may be a mistake on standard error.
func reportWarning(_ text: String) {
    fflush(stdout)
    fputs("eseg: warning: \(printable(text))\n", stderr)
}

func errorLines(_ error: any Error) -> [String] {
    guard var first = error as? NetworkError else { return [printable("\(error)")] }
    let further = first.further
    first.further = []
    return ([first] + further).map { printable("\($0)") }
}

/// Text with its control characters escaped: names of files can hold line breaks and what terminals obey.
func printable(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        result += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }
}
