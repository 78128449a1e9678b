import ESegNetwork

extension NetworkImport {
    /// Two computed tensors' product: SiLU, a gate, or any.
    mutating func tensorProduct(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let operands = [try input(0, of: node), try input(1, of: node)]
        for (first, second) in [(operands[0], operands[1]), (operands[1], operands[0])] {
            if case .sigmoid(let name) = second.value, name == first.name, uses[second.name] == 1 {
                return try activated(name, .silu, readers: 2, node, output)
            }
        }
        let shapes = [try shape(of: operands[0].name, node), try shape(of: operands[1].name, node)]
        // A factor of one channel is not repeated first.
        let sources = operands.map { if case .spread(let source, _) = $0.value { source } else { $0.name } }
        let order = sources[0] == operands[0].name ? [(0, 1), (1, 0)] : [(1, 0), (0, 1)]
        for (map, factor) in order where Self.multiplies(shapes[factor], shapes[map]) {
            self.shapes[output] = shapes[map]
            let inputs = [try force(operands[map].name, node), try force(sources[factor], node)]
            let product = Product(channels: shapes[map].channels, factorChannels: nodes[inputs[1]].channels)
            return .feature(append(label(node), .product(product), inputs))
        }
        throw node.error(
            "inputs", found: "\(shapes[0]) and \(shapes[1])", expected: "maps of equal size, or one of a single pixel or channel")
    }

    private static func multiplies(_ factor: Shape, _ map: Shape) -> Bool {
        (factor.channels == map.channels || factor.channels == 1)
            && (factor.pixels == 1 || factor.height == map.height && factor.width == map.width)
    }

    /// The sigmoid of a tensor as the activation of what gives it, or as a layer.
    mutating func appendSigmoid(of source: String, _ error: NetworkError) throws(NetworkError) -> Int {
        if uses[source] == 1, case .linear(var layer)? = values[source], layer.activation == .none {
            layer.activation = .sigmoid
            return append(layer)
        }
        let input = try force(source, error)
        var layer = channelwise(input, channels: nodes[input].channels, named: unique("sigmoid\(nodes.count)"))
        layer.activation = .sigmoid
        return append(layer)
    }

    /// The image as a map of normalized values, for what reads it and is no convolution.
    mutating func appendImage(_ scale: [Double], _ offset: [Double], _ error: NetworkError) throws(NetworkError) -> Int {
        if let normalization, normalization.scale != scale || normalization.offset != offset { throw error }
        normalization = (scale, offset)
        let name = unique("image.values")
        parameters[name + ".weight"] = FloatTensor(shape: [3, 1, 1, 3], values: [1, 0, 0, 0, 1, 0, 0, 0, 1])
        parameters[name + ".bias"] = FloatTensor(shape: [3], values: [0, 0, 0])
        return append(
            name, .convolution(Convolution(inputChannels: 3, outputChannels: 3, kernel: 1, stride: 1, activation: .none)), [0])
    }
}
