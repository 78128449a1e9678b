import Testing

@testable import ESegNetwork

@Suite("An .eseg file of a network with int16 activations")
struct Int16FileTests {
    @Test("reads back exactly as it was written", arguments: [WeightFile.small, QuantizedNetwork.smallFused])
    func roundTrip(_ config: ESegConfig) throws {
        try withTemporaryFolder { folder in
            let network = try QuantizedNetwork.int16(config)
            try network.write(to: folder + "/a")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a") == network)
            #expect(try Safetensors(contentsOf: folder + "/a").metadata["version"] == "3")
        }
    }

    /// Replacements in the metadata, sealed again, and the field that the error must name.
    static let damages: [(key: String, old: String, new: String, field: String)] = [
        ("graph", "\"precision\":\"int16\"", "\"precision\":\"int4\"", "graph[1].precision"),
        ("graph", ",\"precision\":\"int16\"", "", "graph[1].precision"),
        ("graph", "\"precision\":\"uint8\"", "\"precision\":\"int16\"", "layer image: scale, zero point and precision"),
        ("graph", "\"zero_point\":0,\"precision\":\"int16\"", "\"zero_point\":7,\"precision\":\"int16\"", "layer stem: zero point"),
    ]

    @Test("with a flaw in its precisions is rejected though its checksum is right", arguments: damages)
    func damagedPrecision(_ damage: (key: String, old: String, new: String, field: String)) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            try QuantizedNetwork.tinyInt16().write(to: path)
            let file = try Safetensors(contentsOf: path), bytes = try read(path)
            var metadata = file.metadata
            let text = try #require(metadata[damage.key])
            metadata[damage.key] = text.replacingCharacters(in: try #require(text.range(of: damage.old)), with: damage.new)
            var writer = SafetensorsWriter(metadata: metadata)
            for (name, entry) in file.tensors {
                try writer.add(name, type: entry.type, shape: entry.shape, bytes: Array(bytes[entry.bytes]))
            }
            var pieces = writer.pieces()
            try Checksum.seal(&pieces, file: path)
            try SafetensorsWriter.write(pieces, to: path)
            #expect(networkError { _ = try QuantizedNetwork(contentsOf: path) }?.field == damage.field)
        }
    }
}

@Suite("A quantized network with int16 activations")
struct Int16ValidationTests {
    private func field(after change: (inout QuantizedNetwork, (String) throws -> Int) throws -> Void) throws -> String? {
        var network = try QuantizedNetwork.int16(WeightFile.small)
        let graph = network.graph
        try change(&network) { name in try #require(graph.nodes.firstIndex { $0.name == name }) }
        do {
            try network.validate(file: "n")
            return nil
        } catch { return error.field }
    }

    private func field(ofFirst change: (inout Int16Sum) -> Void) throws -> (node: String, field: String?) {
        var node = ""
        let field = try field { network, _ in
            for (index, layer) in network.layers.enumerated() {
                guard case .int16Sum(var sum) = layer else { continue }
                change(&sum)
                network.layers[index] = .int16Sum(sum)
                node = network.graph.nodes[index].name
                return
            }
        }
        return (node, field)
    }

    @Test("cannot overflow an accumulator: codes reach 32768")
    func accumulators() throws {
        #expect(try fieldOfBound(32767) == nil)
        #expect(try fieldOfBound(32768)?.hasSuffix(": channel 0") == true)
    }

    /// The field that is named where the first convolution that reads int16 has this `bias`, and 32768 · Σ|w| is 2^31 − 2^15.
    private func fieldOfBound(_ bias: Int32) throws -> String? {
        try field { network, _ in
            let reader = network.graph.nodes.indices.first { node in
                guard case .convolution = network.graph.nodes[node].operation else { return false }
                return network.outputs[network.graph.nodes[node].inputs[0]].precision == .int16
            }
            guard let reader, case .convolution(var layer) = network.layers[reader] else {
                Issue.record("no convolution reads int16")
                return
            }
            layer.weights = .int16([21845, -21845, 21845] + [Int16](repeating: 0, count: layer.weights.count - 3))
            layer.bias = [bias] + layer.bias.dropFirst()
            layer.multiplier = layer.multiplier.map { _ in 1e-7 }
            network.layers[reader] = .convolution(layer)
        }
    }

    @Test("has as many finite multipliers as its sums ask for, within range")
    func sums() throws {
        let sum = try field { $0.multipliers.removeLast() }
        #expect(sum.field == "layer \(sum.node): multiplier")
        #expect(try field { $0.multipliers[1].removeLast() }.field == "layer \(sum.node): multiplier")
        #expect(try field { $0.multipliers[1][2] = .nan }.field == "layer \(sum.node): multiplier")
        #expect(try field { $0.multipliers[1][2] = -.infinity }.field == "layer \(sum.node): multiplier")
        #expect(try field { $0.multipliers[1][2] = 1e30 }.field == "layer \(sum.node): channel 2")
    }

    @Test("has parameters of int16 arithmetic exactly where it is int16")
    func kinds() throws {
        let name = "bifpn.0.top_down.0.fuse"
        let field = try field { network, index in
            let node = try index(name), isInt16 = network.isInt16(node)
            let inputs = network.graph.nodes[node].inputs.count, channels = network.graph.nodes[node].channels
            network.layers[node] =
                isInt16
                ? .sum(QuantizedSum(multipliers: Array(repeating: Array(repeating: 1, count: channels), count: inputs), shift: 1))
                : .int16Sum(Int16Sum(multipliers: Array(repeating: Array(repeating: 1, count: channels), count: inputs)))
        }
        #expect(field == "layer \(name): layer")
    }

    @Test("has scales after a SiLU whose inverse is a float")
    func siluScale() throws {
        let field = try field { network, index in
            let stem = try index("backbone.stem")
            network.outputs[stem].scale = 1e-40
        }
        #expect(field == "layer backbone.stem: scale")
    }
}
