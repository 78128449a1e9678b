import ESegNetwork

/// A float network of any graph, with seeded random parameters that keep values about as large from node to node.
package func randomNetwork(_ graph: Graph, seed: UInt64 = 1) -> FloatNetwork {
    var random = Generator(state: seed)
    var parameters: [String: FloatTensor] = [:]
    for node in graph.nodes {
        for parameter in node.operation.parameters {
            let count = parameter.shape.reduce(1, *), depth = count / parameter.shape[0]
            let reach: Float =
                switch parameter.suffix {
                case "weights": 2 / Float(parameter.shape[0])
                case let name where name.hasSuffix("bias"): 0.5
                default: 2.5 / Float(depth).squareRoot()
                }
            let range = parameter.suffix == "weights" ? reach / 4...reach : -reach...reach
            parameters["\(node.name).\(parameter.suffix)"] = FloatTensor(
                shape: parameter.shape, values: (0..<count).map { _ in .random(in: range, using: &random) })
        }
    }
    let classes = graph.nodes.last?.channels ?? 0
    let description = NetworkDescription(
        name: "random", classNames: (0..<classes).map { "class\($0)" }, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
    return FloatNetwork(graph: graph, description: description, parameters: parameters)
}

/// Puts a graph together node by node; methods return the node's index.
package struct GraphMaker {
    package private(set) var nodes = [Node(name: "image", operation: .image(Image()), inputs: [])]

    package init() {}

    package var graph: Graph { Graph(nodes: nodes) }

    @discardableResult
    package mutating func add(_ operation: Operation, _ inputs: [Int]) -> Int {
        nodes.append(Node(name: "\(operation.label)-\(nodes.count)", operation: operation, inputs: inputs))
        return nodes.count - 1
    }

    @discardableResult
    package mutating func convolution(
        _ input: Int, _ channels: Int, kernel: Int = 1, stride: Int = 1, _ activation: Activation = .none, residual: Int? = nil
    ) -> Int {
        let layer = Convolution(
            inputChannels: nodes[input].channels, outputChannels: channels, kernel: kernel, stride: stride, activation: activation,
            residual: residual != nil)
        return add(.convolution(layer), [input] + (residual.map { [$0] } ?? []))
    }

    @discardableResult
    package mutating func depthwise(_ input: Int, kernel: Int = 3, stride: Int = 1, _ activation: Activation = .none) -> Int {
        add(.depthwise(Depthwise(channels: nodes[input].channels, kernel: kernel, stride: stride, activation: activation)), [input])
    }

    @discardableResult
    package mutating func maxPool(_ input: Int) -> Int { add(.maxPool(MaxPool(channels: nodes[input].channels)), [input]) }

    @discardableResult
    package mutating func resize(_ input: Int, _ sizes: [Int]) -> Int {
        add(.resize(Resize(channels: nodes[input].channels)), [input] + sizes)
    }

    @discardableResult
    package mutating func sum(_ inputs: [Int], _ activation: Activation = .none) -> Int {
        add(.weightedSum(WeightedSum(channels: nodes[inputs[0]].channels, inputs: inputs.count, activation: activation)), inputs)
    }

    @discardableResult
    package mutating func concat(_ inputs: [Int]) -> Int { add(.concat(Concat(inputChannels: inputs.map { nodes[$0].channels })), inputs) }

    /// x · sigmoid(expand(silu(reduce(mean(x))))) as ordinary nodes.
    @discardableResult
    package mutating func squeezeExcite(_ input: Int, squeezed: Int) -> Int {
        let channels = nodes[input].channels
        let mean = add(.globalAveragePool(GlobalAveragePool(channels: channels)), [input])
        let gate = convolution(convolution(mean, squeezed, .silu), channels, .sigmoid)
        return add(.product(Product(channels: channels)), [input, gate])
    }
}

/// SplitMix64.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
