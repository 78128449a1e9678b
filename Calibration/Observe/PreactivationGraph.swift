import ESegNetwork

/// A network that computes the same, but shows the values before every SiLU as the output of a node of their own.
struct PreactivationGraph {
    enum Observed: Equatable {
        case output(Int)
        case preactivation(Int)
    }

    private(set) var network: FloatNetwork
    /// What each node of `network` computes, by index in the original graph.
    private(set) var observed: [Observed] = []

    init(_ original: FloatNetwork) {
        network = original
        network.graph.nodes = []
        var places: [Int] = []
        for (index, node) in original.graph.nodes.enumerated() {
            var node = node
            node.inputs = node.inputs.map { places[$0] }
            if let linear = node.operation.withoutSiLU {
                node.operation = linear
                append(node, .preactivation(index))
                append(silu(after: node), .output(index))
            } else {
                append(node, .output(index))
            }
            places.append(network.graph.nodes.count - 1)
        }
    }

    private mutating func append(_ node: Node, _ role: Observed) {
        network.graph.nodes.append(node)
        observed.append(role)
    }

    /// The activation as a weighted sum of the last node's output and, since sums have at least two inputs, nothing of it again.
    private mutating func silu(after node: Node) -> Node {
        let name = node.name + ".silu", last = network.graph.nodes.count - 1
        network.parameters[name + ".weights"] = FloatTensor(shape: [2], values: [1, 0])
        let sum = Fusion(channels: node.channels, resampling: [.same, .same], activation: .silu)
        return Node(name: name, operation: .fusion(sum), inputs: [last, last])
    }
}

extension Operation {
    /// The operation without its SiLU, if it ends with one.
    fileprivate var withoutSiLU: Operation? {
        switch self {
        case .convolution(var layer) where layer.activation == .silu && !layer.residual:
            layer.activation = .none
            return .convolution(layer)
        case .depthwise(var layer) where layer.activation == .silu:
            layer.activation = .none
            return .depthwise(layer)
        case .fusion(var fusion) where fusion.activation == .silu:
            fusion.activation = .none
            return .fusion(fusion)
        default: return nil
        }
    }
}
