import Foundation
import TestSupport

/// The built `eseg`, run as a user runs it.
struct Tool {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The executable beside the test bundle.
    static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("eseg").path

    /// The package's root, where the shipped weights and frames are.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let weights = package + "/Models/eseg-edge.safetensors"
    static let calibrationFrames = package + "/Samples/calibration/images"
    static let comparisonData = package + "/Samples/compare"

    /// Runs `eseg` with these arguments; its exit status is negative where a signal ended it.
    static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try run(arguments, environment: environment)
    }

    /// The same, or another program; standard output goes to a file if one is named.
    static func run(
        _ arguments: [String], program: String = path, environment: [String: String] = [:], outputTo file: String? = nil
    ) throws -> Result {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let paths = try ["output", "errors"].map { try folder.write([], to: $0) }
        let files = try [file ?? paths[0], paths[1]].map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Result(
            status: status, output: try String(contentsOfFile: paths[0], encoding: .utf8),
            errors: try String(contentsOfFile: paths[1], encoding: .utf8))
    }
}
