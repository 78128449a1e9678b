import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// The scripts of `Examples/Scale`, as far as this machine has what they need. `Python/tests` has Ray and Dask.
@Suite struct ScaleTests {
    private static let scripts = Tool.package + "/Examples/Scale"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Tool.Result {
        let own = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().path
        let path = "\(own):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        return try Tool.run(arguments, program: "/usr/bin/env", environment: environment.merging(["PATH": path]) { $1 })
    }

    private func has(_ program: String) throws -> Bool { try run(["sh", "-c", "command -v \(program)"]).status == 0 }

    /// Few small frames, in a folder whose name has a space.
    private func frames() throws -> String {
        for (name, width) in [("a", 64), ("b", 80), ("c", 96)] {
            try folder.write(RGBImage.gradient(width: width, height: 48).pngBytes(), to: "two words/\(name).png")
        }
        return folder.path + "/two words"
    }

    private func whole(_ frames: String, _ arguments: String...) throws -> String {
        let path = folder.path + "/whole.eseg"
        let result = try Tool.run(["quantize", Tool.weights, "--calibrate", frames, "--images", "3", "-o", path] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return path
    }

    @Test func parallelProcessesGiveTheSameModel() throws {
        guard try has("parallel") else { return print("skipped: needs GNU parallel") }
        let frames = try frames(), model = folder.path + "/parts.eseg"
        let result = try run([Self.scripts + "/quantize-parallel", Tool.weights, frames, "3", "2", model])
        #expect(result.status == 0, "\(result.errors)")
        #expect(FileManager.default.contentsEqual(atPath: try whole(frames), andPath: model))

        let report = folder.path + "/report"
        let compared = try run([Self.scripts + "/compare-parallel", Tool.weights, model, frames, "2", report])
        #expect(compared.status == 0 && compared.output.contains("argmax agreement"), "\(compared.errors)")
        #expect(FileManager.default.fileExists(atPath: report + "/index.html"))

        let refused = try run([Self.scripts + "/quantize-parallel", Tool.weights, folder.path + "/absent", "3", "2", model])
        #expect(refused.status != 0)
    }

    @Test func slurmTasksGiveTheSameModel() throws {
        let frames = try frames(), parts = try folder.makeFolder("parts"), model = folder.path + "/slurm.eseg"
        var environment = [
            "WEIGHTS": Tool.weights, "FRAMES": frames, "IMAGES": "3", "PARTS": parts, "MODEL": model, "ISA": "scalar",
            "SLURM_CPUS_PER_TASK": "2", "SLURM_ARRAY_TASK_MAX": "2",
        ]
        for task in ["2", "1"] {
            environment["SLURM_ARRAY_TASK_ID"] = task
            let result = try run(["bash", Self.scripts + "/observe.sbatch"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
        }
        let result = try run(["bash", Self.scripts + "/quantize.sbatch"], environment: environment)
        #expect(result.status == 0, "\(result.errors)")
        #expect(FileManager.default.contentsEqual(atPath: try whole(frames, "--isa", "scalar"), andPath: model))
    }
}
