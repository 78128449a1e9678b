import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

@testable import eseg

@Suite(.serialized) struct MemoryForecastTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The most that a run with these arguments holds, in bytes.
    private func peak(_ counter: String, _ arguments: [String]) throws -> Int {
        let peak = folder.path + "/peak"
        let result = try Tool.run(arguments, environment: ["LD_PRELOAD": counter, "ESEG_PEAK": peak, "KMP_BLOCKTIME": "0"])
        try #require(result.status == 0, "\(result.errors)")
        let text = try String(contentsOfFile: peak, encoding: .utf8)
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines))) * 1024
    }

    /// What a table of `eseg inspect --memory` says in a row.
    private func forecast(_ row: String, _ table: String) throws -> Double {
        let line = try #require(table.split(separator: "\n").first { $0.hasPrefix(row) })
        return try #require(line.split(separator: " ").dropLast().last.flatMap { Double($0) }) * 1_048_576
    }

    @Test(arguments: ["small", "edge"], [(64, 64), (480, 360), (1024, 512)])
    func theMemoryOfARunIsToldWithinFivePercent(network: String, size: (Int, Int)) throws {
        guard let counter = try AllocationCounter.path() else { return print("skipped: needs clang") }
        let model = network == "small" ? Tool.package + "/Tests/Fixtures/format2.eseg" : Tool.package + "/Models/eseg-edge.eseg"
        let (width, height) = size, size = "\(width)x\(height)", threads = ["--threads", "2"]
        let table = try Tool.run(["inspect", model, "--memory", size] + threads)
        #expect(table.status == 0, "\(table.errors)")

        let image = RGBImage.gradient(width: width, height: height), jpeg = try image.jpegBytes()
        let images = try ["a", "b", "c"].map { try folder.write(jpeg, to: "\($0).jpg") }
        let raw = try folder.write((0..<8).flatMap { _ in image.pixels }, to: "frames.raw")
        let mjpeg = try folder.write((0..<8).flatMap { _ in jpeg }, to: "frames.mjpeg")
        let options = ["--size", size, "-o", folder.path + "/out"] + threads
        for (row, inputs) in [
            ("peak over images", images), ("peak over a stream", [mjpeg]), ("peak over a stream", [raw, "--raw", size + ":rgb24"]),
        ] {
            let told = try forecast(row, table.output), peak = try peak(counter, ["run", model] + inputs + options)
            #expect(abs(told / Double(peak) - 1) < 0.05, "\(row) of \(inputs): told \(told), found \(peak)")
        }
    }

    @Test func onlyInt8NetworksAreForetold() throws {
        let result = try Tool.run("inspect", Tool.weights, "--memory", "480x360")
        #expect(result.status == 1 && result.errors.contains("\(Tool.weights): "), "\(result.errors)")
    }
}
