import ESegNetwork
import ESegRuntime
import Testing

@testable import Interchange

@Suite struct ONNXImportTests {
    private static let plain = InputNormalization(mean: [0.5, 0.25, 0], std: [1, 0.5, 0.25])

    @Test(arguments: [Activation.relu, .relu6, .silu, .hardSwish], [false, true])
    func exportedNetworksComeBack(activation: Activation, batchNormalization: Bool) throws {
        let network = Self.network(activation)
        let bytes = Self.model(activation, batchNormalization: batchNormalization).bytes
        let imported = try FloatNetwork(ONNX.Model(bytes[...]), file: "test.onnx", input: Self.plain)
        #expect(imported.graph == network.graph)
        #expect(imported.description == network.description && imported.familyConfig == network.familyConfig)
        #expect(Set(imported.parameters.keys) == Set(network.parameters.keys))
        for (name, tensor) in network.parameters { #expect(imported.parameters[name] == tensor, "\(name)") }
    }

    @Test func graphsThatNoConfigDescribesKeepTheirNodesNames() throws {
        var network = Self.network(.relu)
        guard case .convolution(var stem) = network.graph.nodes[1].operation else { return }
        stem.activation = .relu6
        network.graph.nodes[1].operation = .convolution(stem)
        var writer = FloatModelWriter(network, batchNormalization: false)
        let imported = try FloatNetwork(writer.model(), file: "folder/other.onnx", input: Self.plain)
        #expect(imported.graph.nodes[1].name == "backbone.stem" && imported.graph.nodes[1].operation == .convolution(stem))
        #expect(imported.graph.nodes.count == network.graph.nodes.count)
        #expect(
            imported.familyConfig == nil && imported.description.name == "other.onnx"
                && imported.classNames == ["class0", "class1", "class2"])
        let image = RGBImage(width: 96, height: 64, pixels: [UInt8](repeating: 100, count: 96 * 64 * 3))
        let logits = try [network, imported].map { try FloatExecutor($0, height: 64, width: 96, threads: 1).run(image).logits }
        let greatest = logits[0].reduce(0) { max($0, abs($1)) }
        #expect(greatest.isFinite && zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) <= 1e-4 * greatest })
    }

    @Test func chainsOfSumsEndInAnErrorAndNotInTheStack() throws {
        let error = try error { model in
            let first = model.graph.nodes[1].outputs[0]
            var chain: [ONNX.Node] = [], last = first
            for i in 0..<5000 {
                chain.append(ONNX.Node(name: "add\(i)", operation: "Add", inputs: [last, last], outputs: ["sum\(i)"]))
                last = "sum\(i)"
            }
            model.graph.nodes = Array(model.graph.nodes[..<2]) + chain
            model.graph.outputs[0].name = last
        }
        #expect(!error.description.isEmpty)
    }

    @Test func normalizationInTheGraphIsFoldedIntoMeanAndStandardDeviation() throws {
        var model = Self.model(.relu)
        var writer = ONNXGraphWriter(name: "front")
        let mean = writer.constant("front.mean", [Float](repeating: 0.5, count: 3), shape: [1, 3, 1, 1])
        let difference = writer.node("Sub", ["image", mean], "front.sub")
        _ = writer.node("Div", [difference, writer.scalar("front.std", Float(0.25))], "front.div")
        model.graph.initializers += writer.graph.initializers
        for i in model.graph.nodes.indices {
            model.graph.nodes[i].inputs = model.graph.nodes[i].inputs.map { $0 == "image" ? "front.div" : $0 }
        }
        model.graph.nodes.insert(contentsOf: writer.graph.nodes, at: 0)
        let network = try FloatNetwork(model, file: "test", input: InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])).description
        #expect(network.mean == [0.5, 0.5, 0.5] && network.std == [0.25, 0.25, 0.25])
    }

    @Test func networksThatTakeBGRReadRGB() throws {
        var input = Self.plain
        input.channelOrder = .bgr
        let plain = try FloatNetwork(Self.model(.relu), file: "test.onnx", input: Self.plain)
        let reversed = try FloatNetwork(Self.model(.relu), file: "test.onnx", input: input)
        #expect(reversed.description.channelOrder == .rgb)
        #expect(reversed.description.mean == [0, 0.25, 0.5] && reversed.description.std == [0.25, 0.5, 1])
        let pixels = (0..<96 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let swapped = pixels.indices.map { pixels[$0 - $0 % 3 + 2 - $0 % 3] }
        let logits = try [(plain, swapped), (reversed, pixels)].map { network, pixels in
            try FloatExecutor(network, height: 64, width: 96, threads: 1).run(RGBImage(width: 96, height: 64, pixels: pixels)).logits
        }
        let greatest = logits[0].reduce(0) { max($0, abs($1)) }
        #expect(greatest > 0 && zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) <= 1e-4 * greatest })
    }

    /// A constant of 3 × 2 numbers, and integers beside it.
    private static func folding(
        _ operation: String, outputs: Int = 1, _ attributes: [ONNX.Attribute] = [], _ integers: [Int]...
    ) -> ConstantFolding {
        let node = ONNX.Node(
            name: "fold", operation: operation, inputs: [], outputs: (0..<outputs).map { "piece\($0)" }, attributes: attributes)
        let constants = integers.map { Constant(shape: [$0.count], values: .ints($0)) }
        return ConstantFolding(
            node: ImportedNode(node, file: "test"), inputs: [Constant(shape: [3, 2], values: .floats([0, 1, 2, 3, 4, 5]))] + constants)
    }

    @Test func constantsAreSplit() throws {
        func values(_ folding: ConstantFolding) throws -> [[Float]] { try folding.pieces().map(\.floats) }
        let rows = try values(Self.folding("Split", outputs: 2, [], [1, 2]))
        let columns = try Self.folding("Split", outputs: 2, [.int("axis", -1)]).pieces()
        #expect(rows == [[0, 1], [2, 3, 4, 5]])
        #expect(columns.map(\.shape) == [[3, 1], [3, 1]] && columns.map(\.floats) == [[0, 2, 4], [1, 3, 5]])
        let unequal = try values(Self.folding("Split", outputs: 2))
        let given = try values(Self.folding("Split", outputs: 2, [.ints("split", [3, 0])]))
        #expect(unequal == [[0, 1, 2, 3], [4, 5]] && given == [[0, 1, 2, 3, 4, 5], []])
        for sizes in [[1, 1], [4, -1], [3], [Int.max, Int.min], [1, 1, 1]] {
            #expect(throws: NetworkError.self) { try Self.folding("Split", outputs: 2, [], sizes).pieces() }
        }
        #expect(throws: NetworkError.self) { try Self.folding("Split", outputs: 2, [.int("axis", 2)]).pieces() }
    }

    @Test func constantsAreSlicedForwardsAndBackwards() throws {
        func values(_ bounds: [Int]...) throws -> [Float]? {
            var folding = Self.folding("Slice")
            folding = ConstantFolding(
                node: folding.node, inputs: folding.inputs + bounds.map { Constant(shape: [$0.count], values: .ints($0)) })
            return try folding.value()?.floats
        }
        let (reversed, last) = (try values([-1], [Int.min + 1], [0], [-1]), try values([-1], [Int.max], [-2]))
        #expect(reversed == [4, 5, 2, 3, 0, 1] && last == [4, 5])
        let (corner, odd) = (try values([1, 1], [3, 2]), try values([0], [3], [0], [2]))
        #expect(corner == [3, 5] && odd == [0, 1, 4, 5])
        let (none, far) = (try values([2], [1]), try values([0], [3], [0], [Int.max]))
        #expect(none == [] && far == [0, 1])
        for bad in [[[0], [1], [2]], [[0], [1], [0], [0]], [[0], [1, 2]], [[0], [1], [0, 1]]] {
            #expect(throws: NetworkError.self) {
                let inputs = Self.folding("Slice").inputs + bad.map { Constant(shape: [$0.count], values: .ints($0)) }
                _ = try ConstantFolding(node: Self.folding("Slice").node, inputs: inputs).value()
            }
        }
    }

    @Test func unsupportedOperatorsAreNamedWithTheirNode() throws {
        for operation in ["Softplus", "MatMul", "LSTM", "If"] {
            let error = try error { model in
                let index = model.graph.nodes.firstIndex { $0.operation == "Relu" } ?? 0
                model.graph.nodes[index].operation = operation
            }
            #expect(error.field.contains("backbone.stem/Relu") && error.field.contains(operation), "\(error)")
        }
    }

    /// Of what comes after a refused node, only the operators can be looked at.
    @Test func everyRefusalIsToldAtOnce() throws {
        let error = try error { model in
            let activations = model.graph.nodes.indices.filter { model.graph.nodes[$0].operation == "Relu" }
            for index in [activations[0], activations[1]] { model.graph.nodes[index].operation = "Softplus" }
            model.graph.nodes[0].attributes.append(.ints("dilations", [0, 2]))
            model.graph.nodes.append(ONNX.Node(name: "lone", operation: "Conv", inputs: ["image"], outputs: ["lone"]))
        }
        #expect(error.field.contains("dilations") && error.further.count == 3)
        #expect(error.further.prefix(2).allSatisfy { $0.field.contains("Softplus") } && error.further[2].field.contains("lone"))
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("test.onnx: node ") && $0.contains("expected") })
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let cases: [(String, (inout ONNX.Model) -> Void)] = [
            ("opset_import", { $0.operatorSets = ["": 8] }),
            ("graph.input", { $0.graph.inputs = [] }),
            ("graph.input", { $0.graph.inputs[0].dims = [.fixed(1), .fixed(3), .fixed(-1), .fixed(1 << 40)] }),
            ("graph.input", { $0.graph.inputs[0].type = ONNX.ElementType.uint8.rawValue }),
            ("graph.output", { $0.graph.outputs = [] }),
            ("input", { $0.graph.initializers.removeFirst() }),
            ("input", { $0.graph.nodes.swapAt(0, 1) }),
            ("input", { $0.graph.nodes[0].inputs[0] = $0.graph.nodes[1].outputs[0] }),
            ("output", { $0.graph.nodes[1].outputs = $0.graph.nodes[0].outputs }),
            ("data", { $0.graph.initializers[0].isExternal = true }),
            ("data", { $0.graph.initializers[0].raw.removeLast(4) }),
            ("dims", { $0.graph.initializers[0].dims = [1 << 62, 4, 1 << 62] }),
            ("dims", { $0.graph.initializers[0].dims[0] = -1 }),
            ("data_type", { $0.graph.initializers[0].type = ONNX.ElementType.string.rawValue }),
            ("data_type", { $0.graph.initializers[0].type = 99 }),
            ("weights", { $0.graph.initializers[0].raw = $0.graph.initializers[0].raw.map { _ in 255 }[...] }),
            ("strides", { $0.graph.nodes[0].attributes[1] = .ints("strides", [0, 2]) }),
            ("strides", { $0.graph.nodes[0].attributes[1] = .int("strides", 2) }),
            ("group", { $0.graph.nodes[0].attributes[3] = .int("group", 2) }),
            ("pads", { $0.graph.nodes[0].attributes[2] = .ints("pads", [0, 0, -1, 1]) }),
            ("dilations", { $0.graph.nodes[0].attributes.append(.ints("dilations", [65, 1])) }),
            ("domain", { $0.graph.nodes[0].domain = "com.microsoft" }),
        ]
        for (field, change) in cases {
            let error = try error(change)
            #expect(error.file == "test.onnx" && error.field.contains(field), "\(field): \(error)")
        }
    }

    @Test func truncatedAndDamagedFilesAreErrorsAndNoCrashes() throws {
        let bytes = Self.model(.silu).bytes
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 41)) {
            #expect(throws: (any Error).self) { _ = try Self.imported(Array(bytes[..<length])) }
        }
        var state: UInt32 = 7
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<8 {
                state = state &* 1_664_525 &+ 1_013_904_223
                damaged[Int(state >> 8) % min(bytes.count, 4000)] = UInt8(truncatingIfNeeded: state >> 3)
            }
            _ = try? Self.imported(damaged)
        }
    }

    @Test func lengthsBeyondTheFileAreRefused() {
        for bytes: [UInt8] in [[0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x3A, 5, 1], [0x80], [0x07], [0x0B]] {
            #expect(throws: ProtobufError.self) { _ = try ONNX.Model(bytes[...]) }
        }
    }

    private static func imported(_ bytes: [UInt8]) throws -> FloatNetwork {
        try FloatNetwork(ONNX.Model(bytes[...]), file: "test.onnx", input: plain)
    }

    /// What importing a model says that `change` has spoiled.
    private func error(_ change: (inout ONNX.Model) -> Void) throws -> NetworkError {
        var model = Self.model(.relu)
        change(&model)
        let result = Result { () throws(NetworkError) in try FloatNetwork(model, file: "test.onnx", input: Self.plain) }
        guard case .failure(let error) = result else {
            return try #require(nil as NetworkError?, "found a network, expected an error")
        }
        return error
    }

    private static func model(_ activation: Activation, batchNormalization: Bool = false) -> ONNX.Model {
        var writer = FloatModelWriter(network(activation), batchNormalization: batchNormalization)
        return writer.model()
    }

    /// A network of every kind of operation that `activation` goes with; its parameters are different numbers, no more.
    private static func network(_ activation: Activation) -> FloatNetwork {
        let config = ESegConfig(
            name: "test.onnx", width: 0.1, depth: 1, block: activation == .relu ? .fused : .mbconv, activation: activation,
            squeezeExcite: activation == .silu, liteScaling: false, forceKernel3: activation == .relu, fpnChannels: 8, fpnRepeats: 1,
            maxLevel: 6, classes: 3, mean: plain.mean, std: plain.std)
        guard let graph = try? Architecture(config: config).graph else { preconditionFailure("the config is valid") }
        var network = FloatNetwork(
            graph: graph, description: config.description(classNames: ["class0", "class1", "class2"]), familyConfig: config.json,
            parameters: [:])
        var state: UInt32 = 1
        func set(_ name: String, _ shape: [Int]) {
            let values = (0..<shape.reduce(1, *)).map { _ -> Float in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Float(state >> 16) / 65536 - 0.5
            }
            network.parameters[name] = FloatTensor(shape: shape, values: values)
        }
        for (index, node) in graph.nodes.enumerated() {
            for parameter in node.operation.parameters { set("\(node.name).\(parameter.suffix)", parameter.shape) }
            guard case .weightedSum(let sum) = node.operation, graph.pyramidLevels(of: index) == nil else { continue }
            // As exporters write BiFPN's sums: one weight for all channels of a term.
            let weights = network.parameters[node.name + ".weights"]?.values ?? []
            let repeated = (0..<sum.inputs).flatMap { repeatElement(weights[$0], count: sum.channels) }
            network.parameters[node.name + ".weights"]?.values = repeated
        }
        return network
    }
}
