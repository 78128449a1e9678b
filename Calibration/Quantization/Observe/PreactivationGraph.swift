import ESegNetwork

/// A network that computes the same, but shows the values before some activations as the outputs of nodes of their own.
struct PreactivationGraph {
    enum Observed: Equatable {
        case output(Int)
        case preactivation(Int)
        /// An activation before a residual sum.
        case activated(Int)
    }

    private(set) var network: FloatNetwork
    /// What each node of `network` computes, by index in the original graph.
    private(set) var observed: [Observed] = []

    /// - Parameter activations: those that are split off.
    init(_ original: FloatNetwork, of activations: Set<Activation>) {
        network = original
        network.graph.nodes = []
        var places: [Int] = []
        for (index, node) in original.graph.nodes.enumerated() {
            var node = node
            node.inputs = node.inputs.map { places[$0] }
            append(node, index, activations)
            places.append(network.graph.nodes.count - 1)
        }
    }

    /// The node whose values before its activation, if it has one, node `place` of `network` computes.
    func linearNode(at place: Int) -> Int? {
        switch observed[place] {
        case .preactivation(let node): node
        case .output(let node): place > 0 && observed[place - 1].precedes(node) ? nil : node
        case .activated: nil
        }
    }

    private mutating func append(_ node: Node, _ index: Int, _ activations: Set<Activation>) {
        if case .convolution(var layer) = node.operation, layer.activation == .none, layer.sumActivation != .none,
            activations.contains(layer.sumActivation)
        {
            var before = node
            layer.sumActivation = .none
            before.operation = .convolution(layer)
            append(before, .preactivation(index))
            return append(activated(node, node.operation.outputActivation, network.graph.nodes.count - 1), .output(index))
        }
        let activation = node.operation.activation
        guard activation != .none, activations.contains(activation), let linear = node.operation.described.linear else {
            return append(node, .output(index))
        }
        var before = node
        before.operation = linear
        before.inputs = node.operation.isResidual ? Array(node.inputs.prefix(1)) : node.inputs
        append(before, .preactivation(index))
        let last = network.graph.nodes.count - 1
        let isResidual = node.operation.isResidual
        append(activated(node, activation, last), isResidual ? .activated(index) : .output(index))
        if isResidual { append(sum(node, [last + 1, node.inputs[1]]), .output(index)) }
    }

    private mutating func append(_ node: Node, _ role: Observed) {
        network.graph.nodes.append(node)
        observed.append(role)
    }

    /// The activation by itself: a layer that multiplies by 1 and adds 0.
    private mutating func activated(_ node: Node, _ activation: Activation, _ input: Int) -> Node {
        let name = node.name + ".activation", channels = node.channels
        let layer = Depthwise(channels: channels, kernel: 1, stride: 1, activation: activation)
        network.parameters[name + ".weight"] = FloatTensor(shape: [channels, 1, 1], values: Array(repeating: 1, count: channels))
        network.parameters[name + ".bias"] = FloatTensor(shape: [channels], values: Array(repeating: 0, count: channels))
        network.parameters[name + ".slope"] = network.parameters[node.name + ".slope"]
        return Node(name: name, operation: .depthwise(layer), inputs: [input])
    }

    private mutating func sum(_ node: Node, _ inputs: [Int]) -> Node {
        let name = node.name + ".sum", values = [Float](repeating: 1, count: 2 * node.channels)
        network.parameters[name + ".weights"] = FloatTensor(shape: [2, node.channels], values: values)
        let sum = WeightedSum(channels: node.channels, inputs: 2, activation: node.operation.outputActivation)
        return Node(name: name, operation: .weightedSum(sum), inputs: inputs)
    }
}

extension PreactivationGraph.Observed {
    /// Whether it is part of what computes the node's output.
    fileprivate func precedes(_ node: Int) -> Bool { self == .preactivation(node) || self == .activated(node) }
}
