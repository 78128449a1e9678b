import Foundation
import TestSupport
import Testing

/// A command run again and again in a folder of its own, each time with old files where it writes, and what its runs left there.
struct FaultedRuns {
    struct Ending: Sendable {
        /// Negative where a signal ended the run.
        let status: Int32
        let errors: String
        let files: [String: Data]
    }

    /// What stands at each output before a run.
    private static let old = Data("old".utf8)
    private static let output = "stdout"

    let command: FaultedCommand
    let usual: UsualRun
    private let folder: TemporaryFolder
    private let libraries: String

    /// Nil where there is no compiler for what makes calls fail.
    init?(_ command: FaultedCommand) throws {
        guard let usual = try UsualRun.of(command), let libraries = try FaultShim.paths() else { return nil }
        (self.command, self.usual, self.libraries) = (command, usual, libraries)
        folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/in", withDestinationPath: FaultInputs.path())
    }

    /// Runs the command with variables in its environment, or started by another program or with other descriptors.
    func run(_ variables: String = "", by starter: String = "timeout 60", redirected: String = "") throws -> Ending {
        try Self.run(command, libraries, in: folder.path, over: Array(usual.ending.files.keys), variables, starter, redirected)
    }

    /// Runs a command once with each of the faults that `sample` takes of its usual run, and looks at how it ended.
    static func inject(
        into command: FaultedCommand, _ kind: String, _ sample: (UsualRun) -> [String], expect: (FaultedRuns, Ending, String) -> Void
    ) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let faults = sample(runs.usual)
        for fault in faults { expect(runs, try runs.run("ESEG_FAULT=\(fault)"), fault) }
        print("\(command.name): \(faults.count) \(kind)")
    }

    /// Runs a command in a folder where `in` is, with old files of those names in `out`.
    static func run(
        _ command: FaultedCommand, _ libraries: String, in folder: String, over names: [String], _ variables: String,
        _ starter: String = "timeout 60", _ redirected: String = ""
    ) throws -> Ending {
        let out = folder + "/out"
        try? FileManager.default.removeItem(atPath: out)
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        for name in names { try old.write(to: URL(fileURLWithPath: out + "/" + name)) }
        let script = """
            cd \(folder); exec \(starter) env LD_PRELOAD=\(libraries) ESEG_CAMERA=\(FaultedCommand.camera) \(variables) \
            \(Tool.path) \(command.arguments) < \(command.input)\(command.streams ? " > out/\(output)" : "") \(redirected)
            """
        let result = try Tool.run(["-c", script], program: "/bin/bash")
        let left = try FileManager.default.subpathsOfDirectory(atPath: out)
        let files = left.compactMap { name in FileManager.default.contents(atPath: out + "/" + name).map { (name, $0) } }
        let status = result.status > 128 ? 128 - result.status : result.status
        return Ending(status: status, errors: result.errors, files: Dictionary(files) { $1 })
    }
}

extension FaultedRuns {
    /// A run ends as usual, or with an error; either way each output is whole or the old one, and there is nothing else.
    func expectNothingIsLost(_ ending: Ending, after fault: String) {
        if ending.status == usual.ending.status {
            // A frame of a stream may be lost, and is told.
            guard command.isStream && ending.errors.contains("eseg: skipped: ") else { return expectUsual(ending, after: fault) }
            return expectOldOrWhole(ending, after: fault)
        }
        #expect(
            ending.status > 0 && ending.status != 124 && ending.errors.contains("rror: "),
            "\(command.name): \(fault): status \(ending.status): \(ending.errors)")
        expectOldOrWhole(ending, after: fault)
    }

    func expectUsual(_ ending: Ending, after fault: String) {
        #expect(ending.status == usual.ending.status, "\(command.name): \(fault): status \(ending.status): \(ending.errors)")
        #expect(Set(ending.files.keys) == Set(usual.ending.files.keys), "\(command.name): \(fault): \(ending.files.keys)")
        for (name, bytes) in ending.files { #expect(isWhole(name, bytes), "\(command.name): \(fault): \(name): \(ending.errors)") }
    }

    /// Each output is whole or the old one; nothing else is there but what `others` allows.
    func expectOldOrWhole(_ ending: Ending, after fault: String, others isAllowed: (String) -> Bool = { _ in false }) {
        for (name, bytes) in ending.files where !isAllowed(name) {
            #expect(isRight(name, bytes), "\(command.name): \(fault): \(name): \(bytes.count) bytes: \(ending.errors)")
        }
    }

    private func isRight(_ name: String, _ bytes: Data) -> Bool {
        if name == Self.output { return usual.ending.files[name]?.starts(with: bytes) == true }
        return usual.ending.files[name] != nil && bytes == Self.old || isWhole(name, bytes)
    }

    /// Whether a file is as usual or, where it holds times, can be read as a whole.
    private func isWhole(_ name: String, _ bytes: Data) -> Bool {
        guard command.isTimed else { return usual.ending.files[name] == bytes }
        guard usual.ending.files[name] != nil else { return false }
        switch URL(fileURLWithPath: name).pathExtension {
        case "json": return (try? JSONSerialization.jsonObject(with: bytes)) != nil
        case "html": return bytes.suffix(8) == Data("</html>\n".utf8)
        default: return isSealed(bytes)
        }
    }

    /// Whether a file of the program's holds the checksum of its bytes.
    private func isSealed(_ bytes: Data) -> Bool {
        guard let path = try? folder.write(Array(bytes), to: "sealed") else { return false }
        return (try? Tool.run("merge", path).status) == 0
    }
}
