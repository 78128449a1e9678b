import Testing

@testable import ESegNetwork

@Suite("A float network")
struct FloatNetworkTests {
    @Test("folds batch normalization into weights and bias, channels last")
    func folding() throws {
        try withTemporaryFolder { folder in
            let weights = try WeightFile(config: WeightFile.small, seed: 3)
            try weights.write(to: folder + "/w")
            let network = try FloatNetwork(contentsOf: folder + "/w")
            #expect(network.familyConfig == WeightFile.small.json)
            #expect(network.classNames == ["sky", "road", "car"])

            let weight = try #require(weights["backbone.stem.conv.weight"])
            let folded = try #require(network.parameters["backbone.stem.weight"])
            let bn = try ["weight", "bias", "running_mean", "running_var"].map {
                try #require(weights["backbone.stem.bn.\($0)"]).values.map(Double.init)
            }
            #expect(weight.shape == [8, 3, 3, 3])
            for o in 0..<8 {
                let scale = bn[0][o] / (bn[3][o] + 1e-3).squareRoot()
                #expect(network.parameters["backbone.stem.bias"]?.values[o] == Float(bn[1][o] - bn[2][o] * scale))
                for i in 0..<3 {
                    for t in 0..<9 {
                        #expect(folded.values[(o * 9 + t) * 3 + i] == Float(Double(weight.values[(o * 3 + i) * 9 + t]) * scale))
                    }
                }
            }
        }
    }

    @Test("has every parameter in its documented shape; a depthwise convolution without bias gets zeros")
    func shapes() throws {
        try withTemporaryFolder { folder in
            try WeightFile(config: WeightFile.small, seed: 3).write(to: folder + "/w")
            let network = try FloatNetwork(contentsOf: folder + "/w")
            var expected: [String: [Int]] = [:]
            for node in network.graph.nodes {
                for parameter in node.operation.parameters { expected["\(node.name).\(parameter.suffix)"] = parameter.shape }
            }
            #expect(network.parameters.mapValues(\.shape) == expected)
            #expect(expected["backbone.stem.weight"] == [8, 3, 3, 3] && expected["backbone.stages.0.0.depthwise.weight"] == [8, 3, 3])
            #expect(expected["bifpn.0.bottom_up.0.fuse.weights"] == [3, 8] && expected["fusion.weights"] == [5, 8])
            #expect(network.parameters.values.allSatisfy { $0.values.count == $0.shape.reduce(1, *) })
            #expect(network.parameters["head.depthwise.bias"]?.values == [Float](repeating: 0, count: 8))
        }
    }

    @Test("normalizes fusion weights: relu over their sum, softmax over levels")
    func fusionWeights() throws {
        try withTemporaryFolder { folder in
            var weights = try WeightFile(config: WeightFile.small, seed: 3)
            weights["bifpn.0.top_down.1.weights"]?.values = [3, -2]
            weights["fusion"]?.values = [Float](repeating: 80, count: 5 * 8)
            try weights.write(to: folder + "/w")
            let network = try FloatNetwork(contentsOf: folder + "/w")
            #expect(
                network.parameters["bifpn.0.top_down.1.fuse.weights"]?.values == Array(repeating: Float(3 / 3.0001), count: 8)
                    + Array(repeating: 0, count: 8))
            #expect(network.parameters["fusion.weights"]?.values == [Float](repeating: 0.2, count: 5 * 8))
        }
    }

    @Test("names classes itself where the file does not, and tolerates batch normalization's counters")
    func leniency() throws {
        try withTemporaryFolder { folder in
            var weights = try WeightFile(config: WeightFile.small, seed: 3)
            weights.metadata["classes"] = nil
            weights["p6.bn.num_batches_tracked"] = FloatTensor(shape: [], values: [7])
            try weights.write(to: folder + "/w")
            #expect(try FloatNetwork(contentsOf: folder + "/w").classNames == ["class0", "class1", "class2"])
        }
    }

    /// A change to a good weight file, and the field that the error must name.
    struct Damage: Sendable, CustomTestStringConvertible {
        let field: String
        let change: @Sendable (inout WeightFile) -> Void
        var testDescription: String { field }
    }

    static let damages = [
        Damage(field: "tensor p6.conv.bias") { $0["p6.conv.bias"] = nil },
        Damage(field: "tensor extra") { $0["extra"] = FloatTensor(shape: [1], values: [0]) },
        Damage(field: "tensor backbone.stem.num_batches_tracked") {
            $0["backbone.stem.num_batches_tracked"] = FloatTensor(shape: [], values: [0])
        },
        Damage(field: "tensor classifier.weight: shape") { $0["classifier.weight"]?.shape = [3, 8] },
        Damage(field: "tensor backbone.stem.conv.weight: [5]") { $0["backbone.stem.conv.weight"]?.values[5] = .nan },
        Damage(field: "tensor backbone.stages.1.0.se.reduce.bias: [0]") {
            $0["backbone.stages.1.0.se.reduce.bias"]?.values[0] = -.infinity
        },
        Damage(field: "tensor head.bn.running_var: [1]") { $0["head.bn.running_var"]?.values[1] = -0.5 },
        Damage(field: "tensor folded backbone.stem.weight: [0]") {
            $0["backbone.stem.conv.weight"]?.values[0] = 1e30
            $0["backbone.stem.bn.weight"]?.values[0] = 1e30
        },
        Damage(field: "__metadata__.config") { $0.metadata["config"] = nil },
        Damage(field: "__metadata__.config") { $0.metadata["config"] = "{" },
        Damage(field: "config.name") { $0.metadata["config"] = "{}" },
        Damage(field: "__metadata__.classes") { $0.metadata["classes"] = #"["sky"]"# },
        Damage(field: "__metadata__.classes[0]") { $0.metadata["classes"] = #"["sky\u001b[31m","road","car"]"# },
        Damage(field: "__metadata__.classes[2]") { $0.metadata["classes"] = #"["sky","road",3]"# },
    ]

    @Test("with a flaw in its file is rejected, the tensor or field named", arguments: damages)
    func damaged(_ damage: Damage) throws {
        try withTemporaryFolder { folder in
            var weights = try WeightFile(config: WeightFile.small, seed: 3)
            damage.change(&weights)
            try weights.write(to: folder + "/w")
            let error = networkError { _ = try FloatNetwork(contentsOf: folder + "/w") }
            #expect(error?.field == damage.field)
            #expect(error?.file == folder + "/w")
        }
    }

    @Test(
        "is read from each trained weight file", .enabled(if: Shared.isHere, Shared.absence),
        arguments: ["eseg-edge", "eseg-lite-s", "eseg-s"])
    func trained(_ name: String) throws {
        let network = try FloatNetwork(contentsOf: Shared.path("models/\(name).safetensors"))
        #expect(network.familyConfig == ESegConfig.preset(name)?.json)
        #expect(network.classNames.count == 11 && network.classNames.first == "sky")
    }
}
