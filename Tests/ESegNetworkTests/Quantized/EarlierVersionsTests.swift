import Foundation
import Testing

@testable import ESegNetwork

@Suite("An .eseg file of an earlier version")
struct EarlierVersionsTests {
    @Test("is the network that it was, described by its config", arguments: ["1", "2"])
    func config(_ version: String) throws {
        try withTemporaryFolder { folder in
            let network = try QuantizedNetwork.random(WeightFile.small)
            try write(network, WeightFile.small, version: version, to: folder + "/a")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a") == network)
        }
    }

    @Test("keeps no config that its graph was not built from", arguments: ["1", "2"])
    func otherGraph(_ version: String) throws {
        try withTemporaryFolder { folder in
            var config = WeightFile.small
            config.classes = 5
            try write(.tiny(), config, version: version, to: folder + "/a")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a") == .tiny())
        }
    }

    @Test("with a flaw in what only it says is rejected")
    func flaws() throws {
        try withTemporaryFolder { (folder: String) throws in
            func field(_ version: String, _ change: (inout [String: String]) -> Void) throws -> String? {
                var config = WeightFile.small
                config.classes = 5
                try write(.tiny(), config, version: version, to: folder + "/a", change)
                return networkError { _ = try QuantizedNetwork(contentsOf: folder + "/a") }?.field
            }
            let precise = ("\"zero_point\":0", "\"zero_point\":0,\"precision\":\"uint8\"")
            #expect(try field("1") { $0["network"] = "{}" } == "__metadata__.\"network\"")
            #expect(try field("2") { $0["config"] = nil } == "__metadata__.\"config\"")
            #expect(try field("1") { $0["config"] = "{}" } == "config.name")
            #expect(try field("1") { $0["classes"] = "[\"one\"]" } == "__metadata__.classes")
            #expect(try field("1") { $0["graph"]?.replace(precise.0, with: precise.1) } == "graph[0].precision")
        }
    }

    /// As that version had it: a config and class names; the first without precisions.
    private func write(
        _ network: QuantizedNetwork, _ config: ESegConfig, version: String, to path: String,
        _ change: (inout [String: String]) -> Void = { _ in }
    ) throws {
        try network.write(to: path)
        let file = try Safetensors(contentsOf: path), bytes = try read(path)
        var metadata = file.metadata
        metadata["network"] = nil
        metadata["version"] = version
        metadata["config"] = config.json.text
        metadata["classes"] = JSONValue.array(network.classNames.map(JSONValue.string)).text
        if version == "1" {
            for precision in Precision.allCases { metadata["graph"]?.replace(",\"precision\":\"\(precision.rawValue)\"", with: "") }
        }
        change(&metadata)
        var writer = SafetensorsWriter(metadata: metadata)
        for (name, entry) in file.tensors { try writer.add(name, type: entry.type, shape: entry.shape, bytes: Array(bytes[entry.bytes])) }
        var pieces = writer.pieces()
        try Checksum.seal(&pieces, file: path)
        try SafetensorsWriter.write(pieces, to: path)
    }
}
