import Quantization
import ESegNetwork
import TestSupport
import Testing

@testable import ESegRuntime

/// Any graph of operators runs, float and int8, at any size of the image: a sum, a resize or a wide convolution may come last.
@Suite("A graph that is no ESeg")
struct GeneralGraphTests {
    static let sizes = [[33, 50], [64, 32]]

    private func float(_ name: String) throws -> FloatNetwork { randomNetwork(try #require(GeneralGraphs.graph(name))).gatheringGates() }

    private func int8(_ network: FloatNetwork, int16: Bool) throws -> QuantizedNetwork {
        var calibrator = try Calibrator(network: network, height: 40, width: 56, threads: 1)
        for image in [ExactnessTests.scene(height: 40, width: 56), .gradient(width: 56, height: 40)] { try calibrator.add(image: image) }
        let names = network.graph.nodes.dropLast().filter { $0.operation.codes == .own }.map(\.name)
        return try Quantizer.quantize(
            network: network, statistics: calibrator.finish(), options: QuantizationOptions(int16Activations: int16 ? names : []))
    }

    @Test("gives what its operators say, read through or not", arguments: GeneralGraphs.names)
    func floatOperators(name: String) throws {
        let network = try float(name), graph = network.graph
        let image = ExactnessTests.scene(height: 33, width: 50)
        for isa in ISA.supported {
            var maps: [Int: [Float]] = [:]
            let executor = try FloatExecutor(network, height: 33, width: 50, isa: isa, threads: 2)
            let result = try executor.run(image) { node, values, _ in maps[node] = Array(values) }
            let reference = ReferenceOperators(network: network, shapes: executor.shapes)
            for node in graph.nodes.indices {
                guard let expected = reference.output(of: node, maps) else { continue }
                guard let found = maps[node] else {
                    #expect(graph.absorbed[node])
                    maps[node] = expected
                    continue
                }
                let largest = max(1, expected.map(abs).max() ?? 0)
                #expect(maximumDifference(found, expected) < 1e-5 * largest, "\(graph.nodes[node].name) on \(isa)")
            }
            #expect(result.logits == maps[graph.nodes.count - 1])
            if isa == ISA.best { expectArgmax(result.classes, of: result.logits, result.shape) }
        }
    }

    @Test("gives the same bytes with int16 weights of depthwise windows that are no squares, and refuses those of squares")
    func int16DepthwiseWeights() throws {
        let network = try int8(try float("depthwise windows of any kind"), int16: false)
        let image = ExactnessTests.scene(height: 33, width: 50)
        let expected = try Session(try Model(network), height: 33, width: 50, threads: 2).segment(image)
        var isSquare = Set<Bool>()
        for (index, node) in network.graph.nodes.enumerated() {
            guard case .depthwise(let shape) = node.operation, case .depthwise(var parameters) = network.layers[index],
                case .int8(let values) = parameters.weights
            else { continue }
            var changed = network
            parameters.weights = .int16(values.map(Int16.init))
            changed.layers[index] = .depthwise(parameters)
            isSquare.insert(shape.slides.square != nil)
            if shape.slides.square != nil {
                #expect(throws: RuntimeError.unsupported(node: node.name, reason: "depthwise weights are int16, expected int8")) {
                    try Model(changed)
                }
            } else {
                #expect(try Session(try Model(changed), height: 33, width: 50, threads: 2).segment(image) == expected)
            }
        }
        #expect(isSquare == [false, true])
    }

    @Test(
        "gives the same bytes fused and node by node, on every ISA and for every number of threads, and nearly what float gives",
        arguments: GeneralGraphs.names, [false, true])
    func int8Bytes(name: String, int16: Bool) throws {
        let float = try float(name), network = try int8(float, int16: int16), last = network.graph.nodes.count - 1
        for size in Self.sizes {
            let image = ExactnessTests.scene(height: size[0], width: size[1])
            let floatLogits = try FloatExecutor(float, height: size[0], width: size[1], threads: 1).run(image).logits
            var expected: (classes: ClassMap, logits: [Float])?
            for isa in ISA.supported {
                let model = try Model(network, isa: isa)
                let inspector = try Inspector(model, height: size[0], width: size[1])
                let single = (classes: try inspector.run(image), logits: inspector.values(of: last))
                if let expected {
                    #expect(single == expected, "\(isa)")
                } else {
                    expectArgmax(single.classes, of: single.logits, inspector.shape(of: last))
                    // At sizes that calibration has not seen, a few values leave the range that it has.
                    #expect(signalToNoise(floatLogits, single.logits) > (int16 ? 4_000 : 100), "\(size)")
                }
                expected = single
                for threads in [1, 3] {
                    let session = try Session(model, height: size[0], width: size[1], threads: threads)
                    #expect(try session.segment(image) == single.classes, "\(isa), \(threads) threads")
                    #expect(session.logits.map { Float($0) * network.outputs[last].scale } == single.logits, "\(isa), \(threads) threads")
                }
            }
        }
    }

    /// As a ratio of powers.
    private func signalToNoise(_ expected: [Float], _ found: [Float]) -> Float {
        let noise = zip(expected, found).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return expected.reduce(0) { $0 + $1 * $1 } / noise
    }

    static let activations: [Activation] = [.none, .relu, .relu6, .silu, .hardSwish, .gelu, .geluTanh]

    @Test("is the same with its gates gathered, within the last bits", arguments: activations)
    func gates(activation: Activation) throws {
        var maker = GraphMaker()
        let stem = maker.convolution(0, 12, kernel: 3, stride: 2, activation)
        let gated = maker.squeezeExcite(maker.depthwise(stem, activation), squeezed: 4)
        maker.convolution(maker.squeezeExcite(maker.convolution(gated, 9), squeezed: 1), 5)
        let network = randomNetwork(maker.graph), gathered = network.gatheringGates()
        #expect(network.graph.nodes.count == gathered.graph.nodes.count + 6)
        for isa in ISA.supported {
            let image = ExactnessTests.scene(height: 61, width: 43)
            let results = try [network, gathered].map { try FloatExecutor($0, height: 61, width: 43, isa: isa, threads: 2).run(image) }
            let largest = results[0].logits.map(abs).max() ?? 0
            #expect(maximumDifference(results[0].logits, results[1].logits) <= 1e-5 * largest, "\(isa)")
        }
    }

    @Test("whose nodes do not fit at a size is an error that names the first that does not")
    func sizes() throws {
        var maker = GraphMaker()
        var level = maker.convolution(0, 5, kernel: 3, stride: 2)
        let half = level
        for _ in 0..<4 { level = maker.maxPool(level) }
        var graph = maker.graph
        graph.nodes.append(Node(name: "scaled", operation: .product(Product(channels: 5)), inputs: [half, level]))
        let network = randomNetwork(graph)
        _ = try FloatExecutor(network, height: 32, width: 32, threads: 1)
        do {
            _ = try FloatExecutor(network, height: 32, width: 33, threads: 1)
            Issue.record("a factor of two pixels was accepted")
        } catch let error as NetworkError {
            #expect(error.file == "random" && error.field == "graph node scaled: factor" && error.found.hasSuffix(" for an image of 33x32"))
        }
    }

    /// Each pixel's class has the greatest logit after bilinear upsampling with half-pixel centers, or one that rounding cannot tell from it.
    private func expectArgmax(_ classes: ClassMap, of logits: [Float], _ shape: Shape) {
        func sources(_ position: Int, _ from: Int, _ to: Int) -> (Int, Int, Float) {
            let exact = (Float(position) + 0.5) * Float(from) / Float(to) - 0.5, low = max(0, min(Float(from - 1), exact))
            return (Int(low), min(from - 1, Int(low) + 1), low - low.rounded(.down))
        }
        let tolerance = 0.01 * (logits.map(abs).max() ?? 0)
        var wrong = 0
        for y in 0..<classes.height {
            let (top, bottom, v) = sources(y, shape.height, classes.height)
            for x in 0..<classes.width {
                let (left, right, u) = sources(x, shape.width, classes.width)
                let values = (0..<shape.channels).map { c -> Float in
                    func at(_ y: Int, _ x: Int) -> Float { logits[(y * shape.width + x) * shape.channels + c] }
                    return (at(top, left) * (1 - u) + at(top, right) * u) * (1 - v) + (at(bottom, left) * (1 - u) + at(bottom, right) * u)
                        * v
                }
                let found = values[Int(classes.classes[y * classes.width + x])]
                if found < (values.max() ?? 0) - tolerance { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }
}
