import Foundation
import Testing

@testable import ESegNetwork

/// What the files compute is for ESegRuntimeTests to show (`EarlierVersionExactnessTests`).
@Suite("An .eseg file of an earlier version")
struct EarlierVersionTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let first = root + "/Models/eseg-edge.eseg", second = root + "/Tests/Fixtures/format2.eseg"

    @Test("has the operators that there are now: sums, and nodes that resample", arguments: [(first, "1"), (second, "2")])
    func operators(path: String, version: String) throws {
        #expect(try Safetensors(contentsOf: path).metadata["version"] == version)
        let network = try QuantizedNetwork(contentsOf: path)
        let config = try ESegConfig(json: try #require(network.familyConfig), file: path)
        let graph = try Architecture(config: config).graph
        #expect(network.graph == graph.gatheringGates())
        #expect(network.description.mean == config.mean && network.description.std == config.std && network.description.name == config.name)
        for (index, node) in network.graph.nodes.enumerated() where node.name.contains(".up.") || node.name.contains(".down.") {
            #expect(network.layers[index] == .passing && network.outputs[index] == network.outputs[node.inputs[0]])
            #expect(network.records[index] == network.records[node.inputs[0]], "\(node.name)")
        }
    }

    @Test("is written as what it was read as, in the version of today", arguments: [first, second])
    func writtenAgain(path: String) throws {
        try withTemporaryFolder { folder in
            let network = try QuantizedNetwork(contentsOf: path)
            try network.write(to: folder + "/a")
            #expect(try Safetensors(contentsOf: folder + "/a").metadata["version"] == "3")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a") == network)
        }
    }

    @Test("keeps no config that its graph was not built from")
    func otherConfig() throws {
        try withTemporaryFolder { folder in
            try resealed(Self.second, to: folder + "/a") { metadata in
                metadata["config"] = try #require(metadata["config"]).replacingOccurrences(
                    of: "\"fpn_repeats\":1", with: "\"fpn_repeats\":2")
            }
            let network = try QuantizedNetwork(contentsOf: folder + "/a")
            let original = try QuantizedNetwork(contentsOf: Self.second)
            #expect(network.familyConfig == nil && network.graph == original.graph)
        }
    }

    @Test(
        "with a flaw in what only it says is rejected",
        arguments: [
            ("network", "{}", "__metadata__.\"network\""), ("config", nil, "__metadata__.\"config\""), ("config", "{}", "config.name"),
            ("classes", "[\"one\"]", "__metadata__.classes"),
        ] as [(String, String?, String)])
    func flaws(key: String, value: String?, field: String) throws {
        try withTemporaryFolder { folder in
            try resealed(Self.second, to: folder + "/a") { $0[key] = value }
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: folder + "/a") }?.field == field)
        }
    }

    /// Replacements in the second version's graph, and the field that the error must name.
    static let damages: [(old: String, new: String, field: String)] = [
        ("[\"same\",\"up\"]", "[\"same\",\"sideways\"]", "graph[32].resampling[1]"),
        ("[\"same\",\"up\"]", "[]", "graph[32].resampling"),
        ("[\"same\",\"up\"]", "[\"same\"]", "graph node bifpn.0.top_down.3.fuse: inputs"),
        ("[\"same\",\"up\"]", "[\"same\",\"up\",\"up\"]", "graph node bifpn.0.top_down.3.fuse: inputs"),
        ("\"levels\":5", "\"levels\":17", "graph[59].levels"),
        ("\"levels\":5", "\"levels\":4", "graph node fusion: inputs"),
        ("\"op\":\"fusion\"", "\"op\":\"weighted_sum\"", "graph[32].op"),
        ("\"op\":\"squeeze_excite\"", "\"op\":\"gate\"", "graph[3].op"),
        ("\"inputs\":[0]", "\"inputs\":[1]", "graph[1].inputs"),
        ("\"inputs\":[0]", "\"inputs\":[4096]", "graph[1].inputs"),
        ("\"name\":\"p6.pool\"", "\"name\":\"bifpn.0.top_down.3.fuse.up.1\"", "graph.nodes[32].name"),
        ("\"name\":\"p6.pool\"", "\"name\":\"fusion.up.1\"", "graph.nodes[67].name"),
    ]

    @Test("with a flaw in its graph is rejected, the field or the node named", arguments: damages)
    func damaged(_ damage: (old: String, new: String, field: String)) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            try resealed(Self.second, to: path) { metadata in
                let graph = try #require(metadata["graph"])
                metadata["graph"] = graph.replacingCharacters(in: try #require(graph.range(of: damage.old)), with: damage.new)
            }
            let error = networkError { _ = try QuantizedNetwork(contentsOf: path) }
            #expect(error?.field == damage.field && error?.file == path)
        }
    }

    @Test("that says to be of another version is rejected", arguments: [("1", "graph[0].precision"), ("3", "__metadata__.\"classes\"")])
    func otherVersions(version: String, field: String) throws {
        try withTemporaryFolder { folder in
            try resealed(Self.second, to: folder + "/a") { $0["version"] = version }
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: folder + "/a") }?.field == field)
        }
    }
}

/// Writes an `.eseg` file with changed metadata, sealed again.
private func resealed(_ path: String, to target: String, changing change: (inout [String: String]) throws -> Void) throws {
    let file = try Safetensors(contentsOf: path), bytes = try read(path)
    var metadata = file.metadata
    try change(&metadata)
    var writer = SafetensorsWriter(metadata: metadata)
    for (name, entry) in file.tensors { try writer.add(name, type: entry.type, shape: entry.shape, bytes: Array(bytes[entry.bytes])) }
    var pieces = writer.pieces()
    try Checksum.seal(&pieces, file: target)
    try SafetensorsWriter.write(pieces, to: target)
}
