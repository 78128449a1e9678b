import ESegNetwork
import Testing

@testable import ESegRuntime

@Suite(.serialized) struct FloatExecutorTests {
    /// Image, strided convolution, convolution, classifier.
    private func network(classes: Int = 5, channelOrder: ChannelOrder = .rgb) throws -> FloatNetwork {
        let layers = [
            Convolution(inputChannels: 3, outputChannels: 9, kernel: 3, stride: 2, activation: .silu),
            Convolution(inputChannels: 9, outputChannels: 17, kernel: 3, stride: 2, activation: .relu6),
            Convolution(inputChannels: 17, outputChannels: classes, kernel: 1, stride: 1, activation: .none),
        ]
        var random = SeededRandom(state: 11)
        var nodes = [Node(name: "image", operation: .image(Image()), inputs: [])]
        var parameters: [String: FloatTensor] = [:]
        for (index, layer) in layers.enumerated() {
            nodes.append(Node(name: "layer\(index)", operation: .convolution(layer), inputs: [index]))
            let shape = [layer.outputChannels, layer.slides.rows.kernel, layer.slides.columns.kernel, layer.inputChannels]
            parameters["layer\(index).weight"] = FloatTensor(shape: shape, values: random.floats(shape.reduce(1, *)))
            parameters["layer\(index).bias"] = FloatTensor(shape: [layer.outputChannels], values: random.floats(layer.outputChannels))
        }
        let half: [Float] = [0.5, 0.5, 0.5]
        let description = NetworkDescription(
            name: "eseg-edge", classNames: (0..<classes).map { "class\($0)" }, mean: half, std: half, channelOrder: channelOrder)
        return FloatNetwork(graph: Graph(nodes: nodes), description: description, parameters: parameters)
    }

    @Test("The observer sees every node in order, with its shape, and the last one is the logits")
    func observer() throws {
        var random = SeededRandom(state: 12)
        let executor = try FloatExecutor(network(), height: 37, width: 50, threads: 1)
        var seen: [Shape] = []
        var last: [Float] = []
        let result = try executor.run(random.image(height: 37, width: 50)) { index, values, shape in
            #expect(index == seen.count && values.count == shape.count)
            seen.append(shape)
            last = Array(values)
        }
        #expect(seen == executor.shapes && seen.count == 4)
        #expect(result.shape == Shape(height: 10, width: 13, channels: 5) && result.logits == last)
        #expect(result.classes.height == 37 && result.classes.width == 50)
        #expect(executor.timings.count == 5 && executor.timings.allSatisfy { $0 > 0 })
        #expect(executor.peakBytes > 4 * seen.map(\.count).reduce(0, max))
    }

    @Test("An executor runs again and again, and threads never change a bit", arguments: ISA.supported)
    func threads(isa: ISA) throws {
        var random = SeededRandom(state: 13)
        let image = random.image(height: 61, width: 43), other = random.image(height: 61, width: 43)
        let single = try FloatExecutor(network(), height: 61, width: 43, isa: isa, threads: 1)
        let expected = try single.run(image)
        #expect(try single.run(other) != expected)
        for threads in [1, 2, 3, 7] {
            let executor = try FloatExecutor(network(), height: 61, width: 43, isa: isa, threads: threads)
            #expect(try executor.run(image) == expected)
        }
    }

    @Test("An image of another size, a bad count of threads and a size out of range are refused")
    func badArguments() throws {
        let executor = try FloatExecutor(network(), height: 32, width: 40, threads: 1)
        var random = SeededRandom(state: 14)
        #expect(throws: RuntimeError.imageSize(found: "32x40", expected: "40x32")) { try executor.run(random.image(height: 40, width: 32)) }
        for threads in [0, -1, 1 << 40] {
            #expect(throws: RuntimeError.threads(found: threads)) { try FloatExecutor(network(), height: 32, width: 32, threads: threads) }
        }
        #expect(throws: NetworkError.self) { try FloatExecutor(network(), height: 31, width: 32, threads: 1) }
    }

    @Test("A network that takes BGR is refused until it reads RGB")
    func channelOrder() throws {
        let network = try network(channelOrder: .bgr)
        let expected = "rgb, which FloatNetwork.readingRGB makes of it"
        #expect(throws: NetworkError(file: "eseg-edge", field: "network.channel_order", found: "bgr", expected: expected)) {
            try FloatExecutor(network, height: 32, width: 32, threads: 1)
        }
        #expect(throws: Never.self) { try FloatExecutor(network.readingRGB, height: 32, width: 32, threads: 1) }
    }

    @Test("A missing or misshapen parameter is named")
    func badParameters() throws {
        var lacking = try network()
        lacking.parameters["layer1.bias"] = nil
        #expect(throws: NetworkError(file: "eseg-edge", field: "layer1.bias", found: "nothing", expected: "[17]")) {
            try FloatExecutor(lacking, height: 32, width: 32, threads: 1)
        }
        var misshapen = try network()
        misshapen.parameters["layer0.weight"] = FloatTensor(shape: [9, 3, 3, 3], values: [1])
        #expect(throws: NetworkError(file: "eseg-edge", field: "layer0.weight", found: "[9, 3, 3, 3], 1 values", expected: "[9, 3, 3, 3]"))
        {
            try FloatExecutor(misshapen, height: 32, width: 32, threads: 1)
        }
        #expect(throws: NetworkError.self) { try FloatExecutor(network(classes: 257), height: 32, width: 32, threads: 1) }
    }
}
