import Testing

@testable import ESegNetwork

@Suite("Gathering gates")
struct GatheringTests {
    private func network() throws -> FloatNetwork {
        try withTemporaryFolder { folder in
            try WeightFile(config: WeightFile.small, seed: 3).write(to: folder + "/w")
            return try FloatNetwork(contentsOf: folder + "/w")
        }
    }

    private func gates(_ network: FloatNetwork) -> Int { network.graph.nodes.filter { $0.operation.name == "gate" }.count }

    @Test("makes one node of each squeeze-excite, named as its product, with the same parameters")
    func gathered() throws {
        let network = try network(), gathered = network.gatheringGates()
        try gathered.graph.validate(file: "g")
        #expect(gates(network) == 0 && gates(gathered) == 10)
        #expect(gathered.graph.nodes.count == network.graph.nodes.count - 3 * gates(gathered))
        let name = "backbone.stages.0.0.se"
        let gate = try #require(gathered.graph.nodes.first { $0.name == name })
        #expect(gate.operation == .gate(Gate(channels: 8, squeezed: 2)))
        #expect(gate.inputs.map { gathered.graph.nodes[$0].name } == ["backbone.stages.0.0.depthwise"])
        #expect(
            gathered.parameters[name + ".reduce.weight"]?.shape == [2, 8] && gathered.parameters[name + ".expand.weight"]?.shape == [8, 2])
        let expected = Set(gathered.graph.nodes.flatMap { node in node.operation.parameters.map { "\(node.name).\($0.suffix)" } })
        #expect(Set(gathered.parameters.keys) == expected)
        for (name, tensor) in gathered.parameters { #expect(network.parameters[name]?.values == tensor.values, "\(name)") }
    }

    @Test("changes nothing where all are gathered, or where there are none")
    func again() throws {
        let gathered = try network().gatheringGates(), again = gathered.gatheringGates()
        #expect(again.graph == gathered.graph && again.parameters == gathered.parameters)
    }

    @Test("goes by the graph's shape and not by names")
    func names() throws {
        var network = try network()
        let old = "backbone.stages.0.0.se.reduce", index = try #require(network.graph.nodes.firstIndex { $0.name == old })
        network.graph.nodes[index].name = "anything"
        for suffix in [".weight", ".bias"] {
            network.parameters["anything" + suffix] = network.parameters.removeValue(forKey: old + suffix)
        }
        let (gathered, expected) = (network.gatheringGates(), try self.network().gatheringGates())
        #expect(gathered.graph == expected.graph && gathered.parameters == expected.parameters)
    }

    @Test("leaves alone what is no squeeze-excite")
    func others() throws {
        let whole = try network()
        let changes: [(inout FloatNetwork, Int) -> Void] = [
            { $0.graph.nodes[$1].operation = $0.graph.nodes[$1].operation.with(.relu) },
            { $0.graph.nodes[$1 + 1].operation = $0.graph.nodes[$1 + 1].operation.with(.none) },
            { $0.graph.nodes[$1 - 1].inputs = [1] },
        ]
        for change in changes {
            var network = whole
            change(&network, try #require(network.graph.nodes.firstIndex { $0.name == "backbone.stages.0.0.se.reduce" }))
            #expect(gates(network.gatheringGates()) == 9)
        }
    }
}

extension ESegNetwork.Operation {
    fileprivate func with(_ activation: Activation) -> ESegNetwork.Operation {
        guard case .convolution(var layer) = self else { return self }
        layer.activation = activation
        return .convolution(layer)
    }
}
