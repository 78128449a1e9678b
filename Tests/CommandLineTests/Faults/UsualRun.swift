import Foundation
import TestSupport

/// A command's run without a fault.
struct UsualRun: Sendable {
    let ending: FaultedRuns.Ending
    /// How often it called each function.
    let counts: [(call: String, count: Int)]
    /// How many bytes it had written to files after each call.
    let writes: [Int]
    let seconds: Double

    private static let all = Result { () -> [String: UsualRun]? in
        guard let libraries = try FaultShim.paths() else { return nil }
        return Dictionary(uniqueKeysWithValues: try FaultedCommand.all.map { ($0.name, try UsualRun($0, libraries)) })
    }

    /// Made on first use, of all commands; nil where there is no compiler.
    static func of(_ command: FaultedCommand) throws -> UsualRun? { try all.get()?[command.name] }

    private init(_ command: FaultedCommand, _ libraries: String) throws {
        let folder = try TemporaryFolder(), path = folder.path + "/counts"
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/in", withDestinationPath: FaultInputs.path())
        let start = ContinuousClock.now
        ending = try FaultedRuns.run(command, libraries, in: folder.path, over: [], "ESEG_FAULT_COUNTS=\(path)")
        seconds = start.duration(to: .now) / .seconds(1)
        guard [0, -SIGINT].contains(ending.status) else { throw Failure(command: command.name, errors: ending.errors) }
        let facts = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ") }
        let pairs = facts.compactMap { fact in fact.last.flatMap { Int($0) }.map { (call: String(fact[0]), count: $0) } }
        counts = pairs.filter { $0.call != "bytes" && $0.count > 0 }
        writes = pairs.filter { $0.call == "bytes" }.map(\.count)
    }

    struct Failure: Error {
        let command: String
        let errors: String
    }
}
