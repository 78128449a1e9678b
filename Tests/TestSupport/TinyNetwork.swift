import ESegNetwork
import ESegRuntime

/// A network of every operation that is quantized, with 11 classes, with random weights.
public func tinyNetwork(activation: Activation, seed: UInt64 = 7) -> FloatNetwork {
    var builder = TinyNetworkBuilder(random: SplitMix(seed: seed))
    builder.build(activation)
    let description = NetworkDescription(
        name: "tiny", classNames: (0..<11).map { "class\($0)" }, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
    return FloatNetwork(graph: Graph(nodes: builder.nodes), description: description, parameters: builder.parameters)
}

public func randomImage(height: Int, width: Int, seed: UInt64) -> RGBImage {
    var random = SplitMix(seed: seed)
    let corners = (0..<12).map { _ in Double.random(in: 0..<255, using: &random) }
    var pixels: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            let (v, u) = (Double(y) / Double(height), Double(x) / Double(width))
            for color in 0..<3 {
                let top = corners[color] * (1 - u) + corners[3 + color] * u, bottom = corners[6 + color] * (1 - u) + corners[9 + color] * u
                pixels.append(UInt8(min(255, max(0, top * (1 - v) + bottom * v + 20 * random.gaussian()))))
            }
        }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
}

private struct TinyNetworkBuilder {
    var random: SplitMix
    var nodes: [Node] = []
    var parameters: [String: FloatTensor] = [:]

    mutating func build(_ activation: Activation) {
        let image = add("image", .image(Image()), [])
        let stem = convolution("stem", image, 3, 8, kernel: 3, stride: 2, activation)
        let depthwise = self.depthwise("block.depthwise", stem, 8, stride: 2, activation)
        let excited = squeezeExcite("block.se", depthwise, 8, 2)
        let project = convolution("block.project", excited, 8, 8, kernel: 1, stride: 1, .none)
        let spatial = self.depthwise("block2.depthwise", project, 8, stride: 1, activation)
        let fine = convolution("block2.project", spatial, 8, 8, kernel: 1, stride: 1, .none, residual: project)
        let coarse = add("pool", .maxPool(MaxPool(channels: 8)), [fine])
        let down = fusion("top_down", [fine, coarse], [.same, .up], activation)
        let up = fusion("bottom_up", [coarse, coarse, down], [.same, .same, .down], activation)
        let descent = add(Node.descent(ofLevel: 1, in: [down, up], channels: 8, sum: "fusion"))
        let sum = add("fusion", .weightedSum(WeightedSum(channels: 8, inputs: 2, activation: .none)), [down, descent])
        parameters["fusion.weights"] = FloatTensor(
            shape: [2, 8], values: [0.9, 0.5, 0.4, 0.3, 0.7, 0.2, 0.01, 0.6, 0.1, 0.5, 0.6, 0.7, 0.3, 0.8, 0.99, 0.4])
        let head = convolution("head", sum, 8, 8, kernel: 3, stride: 1, activation)
        _ = convolution("classifier", head, 8, 11, kernel: 1, stride: 1, .none)
    }

    private mutating func add(_ name: String, _ operation: Operation, _ inputs: [Int]) -> Int {
        add(Node(name: name, operation: operation, inputs: inputs))
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func setRandom(_ name: String, _ shape: [Int], deviation: Double) {
        let values = (0..<shape.reduce(1, *)).map { _ in Float(random.gaussian() * deviation) }
        parameters[name] = FloatTensor(shape: shape, values: values)
    }

    private mutating func convolution(
        _ name: String, _ input: Int, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int, _ activation: Activation,
        residual: Int? = nil
    ) -> Int {
        setRandom(name + ".weight", [outputs, kernel, kernel, inputs], deviation: (2 / Double(kernel * kernel * inputs)).squareRoot())
        setRandom(name + ".bias", [outputs], deviation: 0.3)
        let layer = Convolution(
            inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: activation,
            residual: residual != nil)
        return add(name, .convolution(layer), [input] + (residual.map { [$0] } ?? []))
    }

    private mutating func depthwise(_ name: String, _ input: Int, _ channels: Int, stride: Int, _ activation: Activation) -> Int {
        setRandom(name + ".weight", [channels, 3, 3], deviation: 0.4)
        setRandom(name + ".bias", [channels], deviation: 0.3)
        return add(name, .depthwise(Depthwise(channels: channels, kernel: 3, stride: stride, activation: activation)), [input])
    }

    private mutating func squeezeExcite(_ name: String, _ input: Int, _ channels: Int, _ squeezed: Int) -> Int {
        setRandom(name + ".reduce.weight", [squeezed, channels], deviation: 0.5)
        setRandom(name + ".reduce.bias", [squeezed], deviation: 0.3)
        setRandom(name + ".expand.weight", [channels, squeezed], deviation: 0.5)
        setRandom(name + ".expand.bias", [channels], deviation: 0.3)
        return add(name, .gate(Gate(channels: channels, squeezed: squeezed)), [input])
    }

    private mutating func fusion(_ name: String, _ inputs: [Int], _ resampling: [Resampling], _ activation: Activation) -> Int {
        let weights = inputs.indices.map { Float($0 + 1) / Float(inputs.count * (inputs.count + 1) / 2) }
        parameters[name + ".weights"] = FloatTensor(shape: [inputs.count, 8], values: weights.flatMap { repeatElement($0, count: 8) })
        var terms: [Int] = []
        for (index, (input, resampling)) in zip(inputs, resampling).enumerated() {
            let node = Node.resampling(resampling, of: input, toSizeOf: inputs[0], channels: 8, term: index, sum: name)
            terms.append(node.map { add($0) } ?? input)
        }
        return add(name, .weightedSum(WeightedSum(channels: 8, inputs: terms.count, activation: activation)), terms)
    }
}
