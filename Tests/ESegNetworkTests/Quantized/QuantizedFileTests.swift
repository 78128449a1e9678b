import Foundation
import Testing

@testable import ESegNetwork

@Suite("An .eseg file")
struct QuantizedFileTests {
    @Test(
        "reads back exactly as it was written",
        arguments: [WeightFile.small, QuantizedNetwork.smallFused, ESegConfig.presets(classes: 19)[0]])
    func roundTrip(_ config: ESegConfig) throws {
        try withTemporaryFolder { folder in
            let network = try QuantizedNetwork.random(config)
            try network.write(to: folder + "/a.eseg")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a.eseg") == network)
        }
    }

    @Test("is the same bytes each time, and a safetensors file that any reader opens")
    func format() throws {
        try withTemporaryFolder { folder in
            let network = QuantizedNetwork.tiny()
            try network.write(to: folder + "/a")
            try QuantizedNetwork(contentsOf: folder + "/a").write(to: folder + "/b")
            let bytes = try read(folder + "/a")
            #expect(try read(folder + "/b") == bytes)
            let file = try Safetensors(contentsOf: folder + "/a")
            #expect(file.metadata["format"] == "eseg" && file.metadata["version"] == "3")
            #expect(try file.entry("stem.weight").type == .int16)
            #expect(try file.entry("stem.weight").shape == [8, 3, 3, 3])
            #expect(try file.entry("a.weight").type == .int8)
            #expect(try file.entry("a.weight").shape == [8, 3, 3])
            #expect(try file.entry("fuse.multiplier").shape == [2, 8])
            #expect(try file.entry("classifier.bias").type == .int32)
        }
    }

    @Test("holds the SHA-256 of itself with its own digits read as zeros")
    func checksum() throws {
        try withTemporaryFolder { folder in
            try QuantizedNetwork.tiny().write(to: folder + "/a")
            let digits = try #require(Safetensors(contentsOf: folder + "/a").metadata["sha256"])
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/a"))
            var zeroed = bytes
            zeroed.replaceSubrange(try #require(bytes.range(of: Data(digits.utf8))), with: Data(String(repeating: "0", count: 64).utf8))
            try zeroed.write(to: URL(fileURLWithPath: folder + "/zeroed"))
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
            process.arguments = [folder + "/zeroed"]
            process.standardOutput = pipe
            try process.run()
            process.waitUntilExit()
            #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile().prefix(64), as: UTF8.self) == digits)
        }
    }

    @Test("with any bit flipped is rejected: its header length, its kind or its checksum named")
    func bitFlips() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            try QuantizedNetwork.tiny().write(to: path)
            let bytes = try read(path)
            let digits = try #require(Data(bytes).range(of: Data("sha256\":\"".utf8))).upperBound
            let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
            let descriptor = open(path, O_WRONLY)
            defer { close(descriptor) }
            var accepted: [Int] = []
            for position in bytes.indices {
                let isDelicate = position < 16 || (digits - 16..<digits + 72).contains(position)
                for bit in isDelicate ? Array(0..<8) : [position % 8] {
                    var flipped = bytes[position] ^ (1 << bit)
                    pwrite(descriptor, &flipped, 1, position)
                    do {
                        _ = try QuantizedNetwork(contentsOf: path)
                        accepted.append(position)
                    } catch let error as NetworkError {
                        if position >= header { #expect(error.field == "checksum") }
                    }
                }
                var original = bytes[position]
                pwrite(descriptor, &original, 1, position)
            }
            #expect(accepted == [])
            #expect(throws: Never.self) { try QuantizedNetwork(contentsOf: path) }
        }
    }

    @Test("cut anywhere, or with bytes added, is rejected")
    func truncation() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            try QuantizedNetwork.tiny().write(to: path)
            let bytes = try read(path)
            try write(bytes + [0], to: path)
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: path) }?.field == "checksum")
            for count in stride(from: bytes.count - 1, through: 0, by: -1) where count < 64 || count % 13 == 0 || count > bytes.count - 64 {
                truncate(path, count)
                #expect(networkError { _ = try QuantizedNetwork(contentsOf: path) } != nil, "\(count) of \(bytes.count) bytes")
            }
        }
    }

    @Test("of another kind or version is called that, not damaged")
    func otherFiles() throws {
        try withTemporaryFolder { folder in
            try WeightFile(config: WeightFile.small, seed: 1).write(to: folder + "/weights")
            let weights = networkError { _ = try QuantizedNetwork(contentsOf: folder + "/weights") }
            #expect(weights?.field == "__metadata__.format")
            #expect(weights?.found == "nothing")
            let sealed = try damagedFile(in: folder) { $0["version"] = "4" }
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: sealed) }?.field == "__metadata__.version")
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: sealed) }?.found == "\"4\"")
            try SafetensorsWriter(metadata: ["format": "eseg", "version": "4"]).write(to: folder + "/v4")
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: folder + "/v4") }?.found == "\"4\"")
            try SafetensorsWriter(metadata: ["format": "eseg", "version": "1"]).write(to: folder + "/unsealed")
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: folder + "/unsealed") }?.field == "__metadata__.sha256")
        }
    }

    /// Replacements in the metadata of a good file, sealed again, and the field that the error must name.
    static let damages: [(key: String, old: String, new: String, field: String)] = [
        ("network", "\"small\"", "3", "network.name"),
        ("network", ",\"class 4\"", "", "network.classes"),
        ("network", "\"class 0\"", "0", "network.classes[0]"),
        ("network", "\"class 0\"", "\"\\n\"", "network.classes[0]"),
        ("network", "\"mean\":[", "\"mean\":[0.5,", "network.mean"),
        ("network", "\"std\":[", "\"std\":[-", "network.std"),
        ("network", "\"rgb\"", "\"rgba\"", "network.channel_order"),
        ("network", "{", "{\"x\":0,", "network.x"),
        ("network", "{", "", "__metadata__.network"),
        ("calibration", "\"0\"", "0", "__metadata__.calibration.frames"),
        ("graph", "[", "{", "__metadata__.graph"),
        ("graph", "\"op\":\"image\"", "\"op\":\"video\"", "graph[0].op"),
        ("graph", "\"padding\":[127,128,0]", "\"padding\":[127,128]", "graph[0].padding"),
        ("graph", "\"padding\":[127,128,0]", "\"padding\":[127,128,256]", "graph[0].padding[2]"),
        ("graph", "\"padding\":[127,128,0]", "\"padding\":[127,128,0],\"x\":0", "graph[0].x"),
        ("graph", "\"scale\":1.0,", "", "graph[0].scale"),
        ("graph", "\"scale\":1.0", "\"scale\":\"1\"", "graph[0].scale"),
        ("graph", "\"scale\":1.0", "\"scale\":2", "layer image: scale, zero point and precision"),
        ("graph", "\"name\":\"a\"", "\"name\":\"\"", "graph.nodes[2].name"),
        ("graph", "\"name\":\"a\"", "\"name\":\"c\"", "tensor c.weight"),
        ("graph", "\"inputs\":[0]", "\"inputs\":[1]", "graph node stem: inputs"),
        ("graph", "\"inputs\":[0]", "\"inputs\":[-1]", "graph[1].inputs[0]"),
        ("graph", "\"kernel\":3", "\"kernel\":300", "graph node stem: kernel rows"),
        ("graph", "\"kernel\":3", "\"kernel\":1", "tensor stem.weight: shape"),
        ("graph", "\"output_channels\":8", "\"output_channels\":1000000000000", "graph[1].output_channels"),
        ("graph", "\"op\":\"weighted_sum\"", "\"op\":\"product\"", "graph[6].multiplier"),
        ("graph", "\"op\":\"resize\"", "\"op\":\"product\"", "graph[5].multiplier"),
        ("graph", "\"op\":\"resize\"", "\"op\":\"fusion\"", "graph[5].op"),
        ("graph", "\"inputs\":[4,2]", "\"inputs\":[]", "graph node se: output"),
        ("graph", "\"inputs\":[4,2]", "\"inputs\":[4,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2]", "graph[5].inputs"),
        ("graph", "\"terms\":2", "\"terms\":17", "graph[6].terms"),
        ("graph", "\"activation\":\"relu\"", "\"activation\":\"sigmoid\"", "layer stem: precision"),
        ("graph", "\"shift\":14", "\"shift\":64", "graph[6].shift"),
        ("graph", "\"multiplier\":300", "\"multiplier\":40000", "graph[7].residual_term.multiplier"),
        ("graph", ",\"residual_term\":{\"multiplier\":300,\"shift\":8,\"relu\":false}", "", "layer residual: residual_term"),
    ]

    @Test("with a flaw in its metadata is rejected though its checksum is right", arguments: damages)
    func damagedMetadata(_ damage: (key: String, old: String, new: String, field: String)) throws {
        try withTemporaryFolder { folder in
            let path = try damagedFile(in: folder) { metadata in
                let text = try #require(metadata[damage.key])
                let range = try #require(text.range(of: damage.old))
                metadata[damage.key] = text.replacingCharacters(in: range, with: damage.new)
            }
            let error = networkError { _ = try QuantizedNetwork(contentsOf: path) }
            #expect(error?.field == damage.field)
            #expect(error?.file == path)
        }
    }

    @Test("with metadata that is missing or unknown is rejected", arguments: ["network", "graph", "calibration"])
    func metadataKeys(_ key: String) throws {
        try withTemporaryFolder { folder in
            let missing = try damagedFile(in: folder) { $0[key] = nil }
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: missing) }?.field == "__metadata__.\"\(key)\"")
            let unknown = try damagedFile(in: folder) { $0[key + "2"] = "" }
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: unknown) }?.field == "__metadata__.\"\(key)2\"")
        }
    }

    @Test("with tensors that are missing, unexpected, misshapen or of another type is rejected")
    func tensors() throws {
        try withTemporaryFolder { (folder: String) throws in
            func field(changing name: String, _ change: (inout SafetensorsWriter) throws -> Void) throws -> String? {
                let path = try damagedFile(in: folder, without: name, change)
                return networkError { _ = try QuantizedNetwork(contentsOf: path) }?.field
            }
            #expect(try field(changing: "a.bias") { _ in } == "tensor a.bias")
            #expect(try field(changing: "") { try $0.add("extra", shape: [1], values: [0] as [Int8]) } == "tensor extra")
            let bias = [Int32](repeating: 0, count: 8)
            #expect(try field(changing: "a.bias") { try $0.add("a.bias", shape: [2, 4], values: bias) } == "tensor a.bias: shape")
            #expect(
                try field(changing: "a.bias") { try $0.add("a.bias", shape: [8], values: bias.map(Float.init)) } == "tensor a.bias: dtype")
            #expect(
                try field(changing: "a.weight") { try $0.add("a.weight", shape: [8, 3, 3], values: [UInt8](repeating: 1, count: 72)) }
                    == "tensor a.weight: dtype")
            #expect(
                try field(changing: "a.weight") { try $0.add("a.weight", shape: [8, 3, 3], values: [Int8](repeating: -128, count: 72)) }
                    == "layer a: weight")
        }
    }

    @Test(
        "with random bytes changed and sealed again never crashes the reader, and what it accepts is valid",
        arguments: [QuantizedNetwork.tiny(), .tinyInt16()])
    func fuzz(_ network: QuantizedNetwork) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            let good = try network.pieces(file: path)
            var generator = SeededGenerator(seed: 7)
            var rejected = 0
            for _ in 0..<1000 {
                var pieces = good
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let piece = Bool.random(using: &generator) ? 0 : Int.random(in: pieces.indices, using: &generator)
                    let position = Int.random(in: (piece == 0 ? 8 : 0)..<pieces[piece].count, using: &generator)
                    let digit = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &generator)
                    pieces[piece][position] = piece == 0 && Bool.random(using: &generator) ? digit : .random(in: 0...255, using: &generator)
                }
                guard (try? Checksum.seal(&pieces, file: path)) != nil else { continue }
                try write(Array(pieces.joined()), to: path)
                do {
                    try QuantizedNetwork(contentsOf: path).validate(file: path)
                } catch let error as NetworkError {
                    rejected += 1
                    #expect(error.file == path)
                    #expect(error.field != "checksum")
                }
            }
            #expect(rejected > 150)
        }
    }

    /// A good file with changed metadata or tensors, sealed again.
    private func damagedFile(in folder: String, changing change: (inout [String: String]) throws -> Void) throws -> String {
        try damagedFile(in: folder, without: "") { try change(&$0.metadata) }
    }

    private func damagedFile(
        in folder: String, without name: String, _ change: (inout SafetensorsWriter) throws -> Void
    ) throws -> String {
        let path = folder + "/\(UUID().uuidString).eseg"
        try QuantizedNetwork.tiny().write(to: path)
        let file = try Safetensors(contentsOf: path)
        let bytes = try read(path)
        var writer = SafetensorsWriter(metadata: file.metadata)
        for (tensor, entry) in file.tensors where tensor != name {
            try writer.add(tensor, type: entry.type, shape: entry.shape, bytes: Array(bytes[entry.bytes]))
        }
        try change(&writer)
        var pieces = writer.pieces()
        try Checksum.seal(&pieces, file: path)
        try SafetensorsWriter.write(pieces, to: path)
        return path
    }
}
