extension FloatNetwork {
    /// The same network with each squeeze-excite, x · sigmoid(expand(silu(reduce(mean(x))))), gathered from its nodes into one `Gate`.
    ///
    /// Found by the graph's shape, never by names. A gate keeps the product's name; what lives on its map of one pixel stays float32 when the
    /// network is quantized. A network that has none, or whose gates are gathered already, comes back as it is.
    public func gatheringGates() -> FloatNetwork {
        var network = self
        network.graph = graph.gatheringGates()
        for gate in graph.squeezeExcites {
            let name = graph.nodes[gate.product].name
            network.move(graph.nodes[gate.reduce].name, to: name + ".reduce")
            network.move(graph.nodes[gate.expand].name, to: name + ".expand")
        }
        return network
    }

    /// Weights and bias of a 1×1 convolution, the weights as a matrix.
    private mutating func move(_ name: String, to target: String) {
        if var weight = parameters.removeValue(forKey: name + ".weight") {
            weight.shape = [weight.shape.first ?? 0, weight.shape.last ?? 0]
            parameters[target + ".weight"] = weight
        }
        if let bias = parameters.removeValue(forKey: name + ".bias") { parameters[target + ".bias"] = bias }
    }
}

/// Nodes that together are a squeeze-excite, by index.
private struct SqueezeExcite {
    let input, mean, reduce, expand, product: Int
}

extension Graph {
    /// See `FloatNetwork.gatheringGates`.
    package func gatheringGates() -> Graph {
        let gates = squeezeExcites, inside = Set(gates.flatMap { [$0.mean, $0.reduce, $0.expand] })
        var gathered = Graph(nodes: []), places: [Int] = []
        for (index, given) in nodes.enumerated() {
            places.append(gathered.nodes.count)
            guard !inside.contains(index) else { continue }
            var node = given
            if let gate = gates.first(where: { $0.product == index }) {
                node.operation = .gate(Gate(channels: node.channels, squeezed: nodes[gate.reduce].channels))
                node.inputs = [gate.input]
            }
            node.inputs = node.inputs.map { places[$0] }
            gathered.nodes.append(node)
        }
        return gathered
    }

    fileprivate var squeezeExcites: [SqueezeExcite] {
        let readers = readers
        return nodes.indices.compactMap { product in
            guard case .product = nodes[product].operation else { return nil }
            let input = nodes[product].inputs[0]
            guard let expand = layer(nodes[product].inputs[1], .sigmoid, readBy: product, readers),
                let reduce = layer(nodes[expand].inputs[0], .silu, readBy: expand, readers)
            else { return nil }
            let mean = nodes[reduce].inputs[0]
            guard case .globalAveragePool = nodes[mean].operation, readers[mean] == [reduce], nodes[mean].inputs == [input] else {
                return nil
            }
            return SqueezeExcite(input: input, mean: mean, reduce: reduce, expand: expand, product: product)
        }
    }

    /// The node, if it is a 1×1 convolution with that activation that only `reader` reads.
    private func layer(_ node: Int, _ activation: Activation, readBy reader: Int, _ readers: [[Int]]) -> Int? {
        guard case .convolution(let layer) = nodes[node].operation, layer.slides.isPointwise, !layer.residual,
            layer.activation == activation, readers[node] == [reader]
        else { return nil }
        return node
    }
}
