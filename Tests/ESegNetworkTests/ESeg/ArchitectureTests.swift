import Testing

@testable import ESegNetwork

@Suite("The graph of a config")
struct ArchitectureTests {
    /// Millions of parameters and GMACs for an image of 1024×2048 and 19 classes, with the design's digits.
    static let table: [(name: String, parameters: String, gmacs: String)] = [
        ("eseg-edge", "3.12", "17.6"), ("eseg-lite-s", "22.6", "94.4"), ("eseg-lite-m", "26.9", "112.5"), ("eseg-lite-l", "38.2", "170.2"),
        ("eseg-s", "6.82", "34.2"), ("eseg-m", "19.9", "111.3"), ("eseg-l", "70.2", "341.9"),
    ]

    /// The published GMACs are 16 times those of an image a quarter of its height and width, which counts each squeeze-excite 16 times:
    /// 0.05 % more for eseg-m and eseg-l.
    @Test("has the published size and cost", arguments: table)
    func sizeAndCost(_ row: (name: String, parameters: String, gmacs: String)) throws {
        let architecture = try Architecture(config: try #require(ESegConfig.preset(row.name, classes: 19)))
        let quarter = try architecture.graph.macs(height: 256, width: 512).reduce(0, +)
        let whole = try architecture.graph.macs(height: 1024, width: 2048).reduce(0, +)
        #expect(rounded(Double(architecture.parameterCount) / 1e6, like: row.parameters) == row.parameters)
        #expect(rounded(16 * Double(quarter) / 1e9, like: row.gmacs) == row.gmacs)
        #expect(abs(Double(whole) / 1e9 / (try #require(Double(row.gmacs))) - 1) < 0.004)
    }

    @Test(
        "names, shapes and lists its tensors as PyTorch does", .enabled(if: Shared.isHere, Shared.absence),
        arguments: ["eseg-edge", "eseg-lite-s", "eseg-s"])
    func tensors(_ name: String) throws {
        let file = try Safetensors(contentsOf: Shared.path("models/\(name).safetensors"))
        let tensors = try Architecture(config: try #require(ESegConfig.preset(name))).tensors
        #expect(Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) }) == file.tensors.mapValues(\.shape))
    }

    @Test(
        "has PyTorch's shapes at every stage", .enabled(if: Shared.isHere, Shared.absence),
        arguments: [("000360-480x360", 360, 480), ("0016E5_08037-161x97", 97, 161)])
    func goldenShapes(_ golden: (name: String, height: Int, width: Int)) throws {
        let file = try Safetensors(contentsOf: Shared.path("goldens/\(golden.name).safetensors"))
        let graph = try Architecture(config: ESegConfig.presets()[0]).graph
        let shapes = try graph.shapes(height: golden.height, width: golden.width)
        let nodes = [
            "backbone.stem": "backbone.stem", "backbone.stages.0": "backbone.stages.0.0.project",
            "backbone.stages.1": "backbone.stages.1.1.project",
            "backbone.stages.2": "backbone.stages.2.1.project", "backbone.stages.3": "backbone.stages.3.2.project",
            "backbone.stages.4": "backbone.stages.4.2.project", "backbone.stages.5": "backbone.stages.5.3.project",
            "backbone.stages.6": "backbone.stages.6.0.project", "p6": "p6", "bifpn.0.p2": "bifpn.0.top_down.0.pointwise",
            "bifpn.0.p3": "bifpn.0.bottom_up.0.pointwise", "bifpn.0.p6": "bifpn.0.bottom_up.3.pointwise",
            "bifpn.0.p9": "bifpn.0.bottom_up.6.pointwise", "head": "head.pointwise", "classifier": "classifier",
        ]
        for (tensor, node) in nodes {
            let shape = shapes[try #require(graph.nodes.firstIndex { $0.name == node })]
            #expect([shape.channels, shape.height, shape.width] == file.tensors[tensor]?.shape, "\(tensor)")
        }
    }

    @Test("puts MBConv blocks together: expand, depthwise, squeeze-excite of ordinary nodes, project with the residual")
    func mbconv() throws {
        let graph = try Architecture(config: try #require(ESegConfig.preset("eseg-s"))).graph
        let block = try nodes(of: "backbone.stages.1.1.", in: graph)
        let names = ["expand", "depthwise", "se.mean", "se.reduce", "se.expand", "se", "project"]
        #expect(block.map(\.name) == names.map { "backbone.stages.1.1." + $0 })
        #expect(
            block[0].operation == .convolution(Convolution(inputChannels: 24, outputChannels: 144, kernel: 1, stride: 1, activation: .silu))
        )
        #expect(block[1].operation == .depthwise(Depthwise(channels: 144, kernel: 3, stride: 1, activation: .silu)))
        #expect(block[2].operation == .globalAveragePool(GlobalAveragePool(channels: 144)))
        #expect(
            block[3].operation == .convolution(Convolution(inputChannels: 144, outputChannels: 6, kernel: 1, stride: 1, activation: .silu)))
        let gate = Convolution(inputChannels: 6, outputChannels: 144, kernel: 1, stride: 1, activation: .sigmoid)
        #expect(block[4].operation == .convolution(gate))
        #expect(block[5].operation == .product(Product(channels: 144)))
        #expect(block[5].inputs.map { graph.nodes[$0].name } == ["backbone.stages.1.1.depthwise", "backbone.stages.1.1.se.expand"])
        let project = Convolution(inputChannels: 144, outputChannels: 24, kernel: 1, stride: 1, activation: .none, residual: true)
        #expect(block[6].operation == .convolution(project))
        #expect(block[6].inputs.map { graph.nodes[$0].name } == ["backbone.stages.1.1.se", "backbone.stages.1.0.project"])
    }

    @Test("puts fused blocks together: a residual is added after the activation")
    func fused() throws {
        let graph = try Architecture(config: try #require(ESegConfig.preset("eseg-lite-s"))).graph
        let first = try #require(graph.nodes.first { $0.name == "backbone.stages.0.1" })
        let layer = Convolution(inputChannels: 16, outputChannels: 16, kernel: 3, stride: 1, activation: .relu, residual: true)
        #expect(first.operation == .convolution(layer))
        #expect(first.inputs.map { graph.nodes[$0].name } == ["backbone.stages.0.0", "backbone.stages.0.0"])
        let block = try nodes(of: "backbone.stages.1.0.", in: graph)
        #expect(block.map(\.name) == ["expand", "project"].map { "backbone.stages.1.0." + $0 })
        #expect(
            block[0].operation == .convolution(Convolution(inputChannels: 16, outputChannels: 96, kernel: 3, stride: 2, activation: .relu)))
    }

    @Test("wires a BiFPN cell as EfficientDet does")
    func bifpn() throws {
        let graph = try Architecture(config: try #require(ESegConfig.preset("eseg-m"))).graph
        func inputs(_ name: String) throws -> [String] {
            try #require(graph.nodes.first { $0.name == name }).inputs.map { graph.nodes[$0].name }
        }
        #expect(try inputs("p6.pool") == ["p6"])
        #expect(try inputs("p7") == ["p6.pool"])
        #expect(try inputs("bifpn.0.top_down.6.fuse") == ["p8", "bifpn.0.top_down.6.fuse.up.1"])
        #expect(try inputs("bifpn.0.top_down.6.fuse.up.1") == ["p9", "p8"])
        #expect(try inputs("bifpn.0.top_down.3.fuse") == ["bifpn.0.lateral.3", "bifpn.0.top_down.3.fuse.up.1"])
        #expect(try inputs("bifpn.0.top_down.3.fuse.up.1") == ["bifpn.0.top_down.4.pointwise", "bifpn.0.lateral.3"])
        #expect(
            try inputs("bifpn.0.bottom_up.0.fuse") == [
                "bifpn.0.lateral2.1", "bifpn.0.top_down.1.pointwise", "bifpn.0.bottom_up.0.fuse.down.2",
            ])
        #expect(try inputs("bifpn.0.bottom_up.0.fuse.down.2") == ["bifpn.0.top_down.0.pointwise"])
        #expect(try inputs("bifpn.0.bottom_up.6.fuse") == ["p9", "bifpn.0.bottom_up.6.fuse.down.1"])
        #expect(try inputs("bifpn.1.top_down.0.fuse") == ["bifpn.0.top_down.0.pointwise", "bifpn.1.top_down.0.fuse.up.1"])
        #expect(try inputs("fusion").first == "bifpn.4.top_down.0.pointwise")
        #expect(try inputs("fusion").count == 8)
        #expect(
            try inputs("fusion.up.2") == ["bifpn.4.bottom_up.1.pointwise", "bifpn.4.bottom_up.0.pointwise", "bifpn.4.top_down.0.pointwise"])
        #expect(graph.nodes.map(\.name).suffix(4) == ["fusion", "head.depthwise", "head.pointwise", "classifier"])
    }

    @Test("divides sizes by ceil, from 32×32 to the largest image", arguments: ESegConfig.presets())
    func sizes(_ config: ESegConfig) throws {
        let graph = try Architecture(config: config).graph
        for (height, width) in [(32, 32), (33, 511), (161, 97), (16384, 16384)] {
            let shapes = try graph.shapes(height: height, width: width)
            #expect(shapes.last == Shape(height: (height + 3) / 4, width: (width + 3) / 4, channels: 11))
            #expect(shapes.allSatisfy { $0.height > 0 && $0.width > 0 })
        }
        for (height, width) in [(31, 32), (32, 31), (16385, 32), (0, 0), (-1, 64), (Int.max, Int.max)] {
            #expect(networkError { _ = try graph.shapes(height: height, width: width) }?.file == "image")
        }
    }

    @Test("is not built where the config asks for absurd sizes")
    func absurd() {
        var config = ESegConfig.presets()[1]
        config.width = 10
        config.depth = 10
        #expect(networkError { _ = try Architecture(config: config, file: "w") }?.file == "w")
    }

    private func nodes(of prefix: String, in graph: Graph) throws -> [Node] { graph.nodes.filter { $0.name.hasPrefix(prefix) } }
}

/// `value` with as many decimals as `text` has.
private func rounded(_ value: Double, like text: String) -> String {
    let decimals = text.split(separator: ".")[1].count
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let digits = String(Int((value * scale).rounded()))
    return digits.dropLast(decimals) + "." + digits.suffix(decimals)
}
