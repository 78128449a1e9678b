import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// What `eseg` does when the system refuses what it asks for: the n-th call of a function fails, once or from then on.
///
/// A run ends as without the fault, or with a status above 0 and a message, and leaves only whole files. `make test-long` makes every
/// call fail, `make test` some of each function.
@Suite(.serialized) struct FaultTests {
    /// Calls of each function that fail in `make test`.
    private static let fewCalls = 2
    private static let smallModel = Tool.package + "/Tests/Fixtures/format2.eseg"

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// How a run ended, and the bytes that it left.
    private struct Ending {
        let status: Int32
        let errors: String
        let files: [String: Data]
    }

    @Test func quantizing() throws {
        try expectNoFaultLosesAnything(
            "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "32x32", "--effort", "fast", "-o",
            "out/model.eseg", "--threads", "2")
    }

    @Test func segmentingImages() throws {
        let image = try folder.write(RGBImage.gradient(width: 48, height: 32).jpegBytes(), to: "image.jpg")
        try expectNoFaultLosesAnything("run", Self.smallModel, image, "-o", "out", "--threads", "2")
    }

    @Test func segmentingAStream() throws {
        let frame = try RGBImage.gradient(width: 48, height: 32).jpegBytes()
        try folder.write(frame + frame + frame, to: "stream")
        try expectNoFaultLosesAnything("run", Self.smallModel, "-", "--every-frame", "-o", "out", "--threads", "2")
    }

    @Test func mergingStatistics() throws {
        for part in ["1/2", "2/2"] {
            let result = try Tool.run(
                "quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "--images", "2", "--size", "32x32", "--effort", "fast",
                "--shard", part, "-o", "\(folder.path)/\(part.first!).stats")
            #expect(result.status == 0, "\(result.errors)")
        }
        try expectNoFaultLosesAnything("merge", "1.stats", "2.stats", "-o", "out/all.stats")
    }

    private func expectNoFaultLosesAnything(_ arguments: String...) throws {
        guard let shim = try FaultShim.path() else { return print("skipped: needs clang") }
        let counts = folder.path + "/counts"
        let undisturbed = try run(arguments, ["LD_PRELOAD": shim, "ESEG_FAULT_COUNTS": counts])
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")
        var injected = 0
        for line in try String(contentsOfFile: counts, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard let call = parts.first, let count = parts.last.flatMap({ Int($0) }) else { continue }
            for n in Self.chosen(of: count) {
                for fault in ["\(call):\(n)", "\(call):\(n):on"] {
                    let ending = try run(arguments, ["LD_PRELOAD": shim, "ESEG_FAULT": fault])
                    expect(ending, after: fault, isLike: undisturbed)
                    injected += 1
                }
            }
        }
        print("\(arguments[0]): \(injected) faults injected")
    }

    /// Of calls 1...count, all or a few, from the first to the last.
    private static func chosen(of count: Int) -> [Int] {
        if areLongTestsAskedFor || count <= fewCalls { return Array(stride(from: 1, through: count, by: 1)) }
        return (0..<fewCalls).map { 1 + $0 * (count - 1) / (fewCalls - 1) }
    }

    private func expect(_ ending: Ending, after fault: String, isLike undisturbed: Ending) {
        if ending.status == 0 {
            #expect(ending.files == undisturbed.files, "\(fault): \(ending.errors)")
        } else if fault.hasPrefix("pthread_create"), !fault.hasPrefix("pthread_create:1"), ending.status == -SIGABRT {
            // A thread that could be had a moment before and is refused to OpenMP's runtime, which says so and ends the program.
            #expect(ending.errors.contains("OMP: Error #34"), "\(fault): \(ending.errors)")
        } else {
            #expect(
                ending.status > 0 && ending.status != 124 && !ending.errors.isEmpty, "\(fault): status \(ending.status): \(ending.errors)")
            for (name, bytes) in ending.files { #expect(undisturbed.files[name] == bytes, "\(fault): \(name)") }
        }
    }

    /// Runs `eseg` for a minute at most in the folder, with its stream if there is one.
    private func run(_ arguments: [String], _ environment: [String: String]) throws -> Ending {
        let out = folder.path + "/out"
        try? FileManager.default.removeItem(atPath: out)
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let variables = environment.map { "\($0)=\($1)" }
        let script = "cd \(folder.path) && touch stream && timeout 60 env \"$@\" < stream"
        let result = try Tool.run(["-c", script, "bash"] + variables + [Tool.path] + arguments, program: "/bin/bash")
        let names = try FileManager.default.subpathsOfDirectory(atPath: out)
        let files = names.compactMap { name in FileManager.default.contents(atPath: out + "/" + name).map { (name, $0) } }
        return Ending(
            status: result.status > 128 ? 128 - result.status : result.status, errors: result.errors, files: Dictionary(files) { $1 })
    }
}
