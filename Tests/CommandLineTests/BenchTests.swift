import ESegRuntime
import Foundation
import TestSupport
import Testing

@Suite struct BenchTests {
    @Test func measuresFloatWeightsToo() throws {
        let folder = try TemporaryFolder()
        let json = folder.path + "/bench.json"
        let result = try Tool.run(
            "bench", Tool.weights, "--size", "65x33", "--runs", "3", "--warm-up", "1", "--threads", "2", "--isa", "scalar", "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("at 65x33, scalar, threads: 2"))

        let measured = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        #expect(measured["size"] as? String == "65x33")
        #expect(measured["isa"] as? String == "scalar")
        #expect(measured["threads"] as? Int == 2)
        let median = try #require(measured["medianMs"] as? Double), least = try #require(measured["minMs"] as? Double)
        #expect(least > 0 && least <= median)
        let layers = try #require(measured["layers"] as? [[String: Any]])
        #expect(layers.contains { $0["name"] as? String == "backbone.stem" && $0["kind"] as? String == "conv3x3" })
        #expect(layers.reduce(0) { $0 + ($1["macs"] as? Int ?? 0) } > 10_000_000)
        #expect(layers.allSatisfy { $0["medianMs"] is Double })
    }

    @Test func measuresWithDoubtToo() throws {
        let model = try QuantizedModel.path()
        let result = try Tool.run("bench", model, "--size", "32x32", "--runs", "1", "--threads", "1", "--doubt")
        #expect(result.status == 0 && result.output.contains("upsample"), "\(result.errors)")
        let float = try Tool.run("bench", Tool.weights, "--size", "32x32", "--runs", "1", "--doubt")
        #expect(float.status == 1 && float.errors.hasPrefix("eseg: error: --doubt: found float weights in "), "\(float.errors)")
    }

    @Test func runsOnTheChosenCPUsAndTellsWhatTheyAre() throws {
        let folder = try TemporaryFolder()
        let json = folder.path + "/bench.json"
        let cpu = try #require(CPUList.allowed.cpus.last)
        let result = try Tool.run("bench", Tool.weights, "--size", "32x32", "--runs", "1", "--cpus", "\(cpu)", "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("threads: 1\n"))
        #expect(result.output.contains("(CPUs \(cpu)), best instruction set \(ISA.best)"))

        let measured = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        #expect(measured["threads"] as? Int == 1)
        let machine = try #require(measured["machine"] as? [String: Any])
        let cores = try #require(machine["cores"] as? [[String: Any]])
        #expect(cores.count == 1 && cores[0]["cpus"] as? String == "\(cpu)" && cores[0]["model"] is String)
        #expect(machine["isa"] as? String == ISA.best.description)
        #expect(machine["before"] is [String: Any] && machine["after"] is [String: Any] && machine["warnings"] is [String])
    }

    @Test func aFullDiskIsAnError() throws {
        let result = try Tool.run("bench", Tool.weights, "--size", "32x32", "--runs", "1", "--json", "/dev/full")
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: /dev/full: output: "))
    }
}
