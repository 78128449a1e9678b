import ESegNetwork

extension NetworkImport {
    mutating func convolution(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        guard let weights = try constant(1, of: node), weights.shape.count == 4 else {
            throw node.error("weights", found: "no constant of four dimensions", expected: "[out, in, height, width]")
        }
        let (outputs, kernel) = (weights.shape[0], weights.shape[2])
        let channels = Graph.Limits.channels
        try node.require(channels.contains(outputs), "weights", found: "\(outputs) channels", expected: "\(channels)")
        let bias = try constant(2, of: node)?.floats ?? [Float](repeating: 0, count: outputs)
        try node.require(bias.count == outputs, "bias", found: "\(bias.count) values", expected: "\(outputs)")
        try requireFinite(weights.floats + bias, "weights and bias", node)
        let (name, value) = try input(0, of: node)
        if case .gate(let gate) = value { return .gate(try layer(of: gate, weights, bias, node)) }
        let shape = try shape(of: name, node)
        let stride = try self.stride(node, kernel: kernel, dimensions: weights.shape)
        let groups = try node.int("group", default: 1)
        let isDepthwise = groups > 1
        try node.require(
            groups == 1 || groups == shape.channels && outputs == groups, "group", found: "\(groups)",
            expected: "1, or as many as input and output channels (\(shape.channels))")
        try node.require(
            weights.shape[1] == (isDepthwise ? 1 : shape.channels), "weights", found: "\(weights.shape)",
            expected: "\(isDepthwise ? 1 : shape.channels) inputs")
        var source = 0
        if case .image(let scale, let offset) = value {
            try setNormalization(scale, offset, node)
        } else {
            source = try force(name, node)
        }
        shapes[output] = Shape(
            height: (shape.height + stride - 1) / stride, width: (shape.width + stride - 1) / stride, channels: outputs)
        return .linear(
            ImportedConvolution(
                name: label(node), input: source, inputChannels: shape.channels, outputChannels: outputs, kernel: kernel, stride: stride,
                isDepthwise: isDepthwise, weights: weights.floats, scale: [Double](repeating: 1, count: outputs),
                offset: bias.map { Double($0) }))
    }

    func requireFinite(_ values: [Float], _ field: String, _ node: ImportedNode) throws(NetworkError) {
        try node.require(values.allSatisfy(\.isFinite), field, found: "a value that is NaN or infinite", expected: "finite numbers")
    }

    /// The stride of a convolution whose geometry is this project's: square, padded by half its kernel, not dilated.
    private func stride(_ node: ImportedNode, kernel: Int, dimensions: [Int]) throws(NetworkError) -> Int {
        try node.require(
            dimensions[2] == dimensions[3] && Graph.Limits.convolutionKernels.contains(kernel), "kernel_shape",
            found: "\(dimensions[2...])",
            expected: "1x1, 3x3, 5x5 or 7x7")
        let strides = try node.ints("strides", default: [1, 1]), pads = try node.ints("pads", default: [0, 0, 0, 0])
        let dilations = try node.ints("dilations", default: [1, 1]), automatic = try node.string("auto_pad", default: "NOTSET")
        try node.require(strides == [1, 1] || strides == [2, 2], "strides", found: "\(strides)", expected: "[1, 1] or [2, 2]")
        try node.require(dilations == [1, 1], "dilations", found: "\(dilations)", expected: "[1, 1]")
        try node.require(automatic == "NOTSET", "auto_pad", found: quoted(automatic), expected: "NOTSET")
        try node.require(
            pads == [Int](repeating: kernel / 2, count: 4), "pads", found: "\(pads)", expected: "\(kernel / 2) everywhere, half the kernel")
        return strides[0]
    }

    private mutating func setNormalization(_ scale: [Double], _ offset: [Double], _ node: ImportedNode) throws(NetworkError) {
        if let normalization {
            try node.require(
                normalization.scale == scale && normalization.offset == offset, "input", found: "the image normalized in another way",
                expected: "one normalization for all convolutions")
        }
        normalization = (scale, offset)
    }

    /// One of a squeeze-excite's two layers.
    private func layer(
        of gate: ImportedGate, _ weights: Constant, _ bias: [Float], _ node: ImportedNode
    ) throws(NetworkError) -> ImportedGate {
        try node.require(Array(weights.shape[2...]) == [1, 1], "kernel_shape", found: "\(weights.shape[2...])", expected: "1x1 of a mean")
        try node.require(try node.int("group", default: 1) == 1, "group", found: "several", expected: "1")
        let inputs = gate.stage == .mean ? nodes[gate.node].channels : gate.reduce?.bias.values.count ?? 0
        try node.require(weights.shape[1] == inputs, "weights", found: "\(weights.shape)", expected: "\(inputs) inputs")
        let layer = (
            FloatTensor(shape: Array(weights.shape[..<2]), values: weights.floats), FloatTensor(shape: [bias.count], values: bias)
        )
        var next = gate
        switch gate.stage {
        case .mean: (next.reduce, next.stage) = (layer, .reduced)
        case .activated: (next.expand, next.stage) = (layer, .expanded)
        default: throw node.error("input", found: "a squeeze-excite at another point", expected: "mean, Conv, SiLU, Conv, Sigmoid")
        }
        if next.name.isEmpty { next.name = label(node) }
        return next
    }

    mutating func batchNormalization(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        var vectors: [[Double]] = []
        let (name, _) = try input(0, of: node)
        let channels = try shape(of: name, node).channels
        for (index, field) in ["scale", "bias", "mean", "variance"].enumerated() {
            let values = try constant(index + 1, of: node)?.floats ?? []
            try node.require(values.count == channels, field, found: "\(values.count) values", expected: "\(channels)")
            try requireFinite(values, field, node)
            vectors.append(values.map { Double($0) })
        }
        let epsilon = Double(try node.float("epsilon", default: 1e-5))
        try node.require(try node.int("training_mode", default: 0) == 0, "training_mode", found: "1", expected: "0: export in eval mode")
        try node.require(
            epsilon >= 0 && vectors[3].allSatisfy { $0 >= 0 && $0 + epsilon > 0 }, "variance", found: "a negative one or zero",
            expected: "greater than zero")
        let factors = (0..<channels).map { vectors[0][$0] / (vectors[3][$0] + epsilon).squareRoot() }
        let terms = (0..<channels).map { vectors[1][$0] - vectors[2][$0] * factors[$0] }
        return try affine(name, factors: factors, terms: terms, node, output)
    }

    /// y · factors + terms, folded into the convolution or the image's normalization that gives y.
    mutating func affine(
        _ name: String, factors: [Double], terms: [Double], _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        shapes[output] = shapes[name]
        func folded(_ given: [Double], _ i: Int) -> Double { given[given.count == 1 ? 0 : i] }
        if case .image(let scale, let offset) = try value(name, of: node) {
            return .image(
                scale: (0..<3).map { scale[$0] * folded(factors, $0) },
                offset: (0..<3).map { offset[$0] * folded(factors, $0) + folded(terms, $0) })
        }
        guard var layer = foldable(name) else {
            throw node.error("input", found: "no convolution that it alone reads", expected: "one to fold it into")
        }
        layer.fold(factors: factors, terms: terms)
        return .linear(layer)
    }

    /// The convolution that a tensor is, perhaps scaled, if nothing but one node reads it and no activation has been applied.
    func foldable(_ name: String) -> ImportedConvolution? {
        guard uses[name] == 1 else { return nil }
        switch values[name] {
        case .linear(let layer)? where layer.activation == .none: return layer
        case .sum(let terms)?:
            guard terms.count == 1, terms[0].resampling == .same, uses[terms[0].source] == 1,
                case .linear(var layer)? = values[terms[0].source], layer.activation == .none
            else { return nil }
            layer.fold(factors: terms[0].factor, terms: [0])
            return layer
        default: return nil
        }
    }
}

// Activations
extension NetworkImport {
    mutating func clip(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let least = try constant(1, of: node)?.floats ?? [-.infinity], greatest = try constant(2, of: node)?.floats ?? [.infinity]
        if least == [0], greatest == [6] { return try activated(node, .relu6, output) }
        if least == [0], greatest.count == 1, greatest[0] >= Float.greatestFiniteMagnitude { return try activated(node, .relu, output) }
        throw node.error("range", found: "\(least)...\(greatest)", expected: "0 to 6, or from 0 on")
    }

    mutating func activated(_ node: ImportedNode, _ activation: Activation, _ output: String) throws(NetworkError) -> ImportedValue {
        try activated(input(0, of: node).name, activation, readers: 1, node, output)
    }

    /// `readers` are as many nodes as the activation itself consists of.
    private mutating func activated(
        _ name: String, _ activation: Activation, readers: Int, _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        shapes[output] = shapes[name]
        try node.require(
            uses[name] == readers, "input", found: "\(quoted(name)), which others read too",
            expected: "a tensor that only its activation reads")
        switch try value(name, of: node) {
        case .linear(var layer) where layer.activation == .none:
            layer.activation = activation
            return .linear(layer)
        case .sum(let terms):
            if readers == 1, var layer = foldable(name) {
                layer.activation = activation
                return .linear(layer)
            }
            return .feature(try append(terms, activation, node))
        case .gate(var gate) where gate.stage == .reduced && activation == .silu:
            gate.stage = .activated
            return .gate(gate)
        default: throw node.error("input", found: quoted(name), expected: "a convolution's or a sum's output, not activated yet")
        }
    }

    mutating func sigmoid(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node)
        shapes[output] = shapes[name]
        guard case .gate(var gate) = value, gate.stage == .expanded else { return .sigmoid(name) }
        gate.stage = .gate
        return .gate(gate)
    }

    /// Two computed tensors' product: SiLU, or what a squeeze-excite multiplies.
    mutating func gatedProduct(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let operands = [try input(0, of: node), try input(1, of: node)]
        for (first, second) in [(operands[0], operands[1]), (operands[1], operands[0])] {
            if case .sigmoid(let name) = second.value, name == first.name, uses[second.name] == 1 {
                return try activated(name, .silu, readers: 2, node, output)
            }
            if case .gate(let gate) = second.value, gate.stage == .gate, let reduce = gate.reduce, let expand = gate.expand {
                let index = try force(first.name, node)
                try node.require(
                    index == gate.node, "inputs", found: "a gate from another tensor's mean", expected: "the tensor whose mean it is")
                try node.require(
                    expand.bias.values.count == nodes[index].channels, "inputs", found: "a gate of \(expand.bias.values.count) channels",
                    expected: "\(nodes[index].channels)")
                shapes[output] = shapes[first.name]
                return .feature(squeezeExcite(of: index, unique(gate.name), reduce, expand))
            }
        }
        throw node.error("inputs", found: "a product of two tensors", expected: "a constant factor, x · Sigmoid(x), or a squeeze-excite")
    }

    private typealias Layer = (weight: FloatTensor, bias: FloatTensor)

    /// Mean, two 1×1 convolutions and the product, as nodes.
    private mutating func squeezeExcite(of input: Int, _ name: String, _ reduce: Layer, _ expand: Layer) -> Int {
        let channels = nodes[input].channels
        let mean = append(unique(name + ".mean"), .globalAveragePool(GlobalAveragePool(channels: channels)), [input])
        let reduced = pointwise(unique(name + ".reduce"), reduce, mean, .silu)
        let gate = pointwise(unique(name + ".expand"), expand, reduced, .sigmoid)
        return append(name, .product(Product(channels: channels)), [input, gate])
    }

    private mutating func pointwise(_ name: String, _ layer: Layer, _ input: Int, _ activation: Activation) -> Int {
        let (outputs, inputs) = (layer.bias.values.count, nodes[input].channels)
        parameters[name + ".weight"] = FloatTensor(shape: [outputs, 1, 1, inputs], values: layer.weight.values)
        parameters[name + ".bias"] = layer.bias
        let convolution = Convolution(inputChannels: inputs, outputChannels: outputs, kernel: 1, stride: 1, activation: activation)
        return append(name, .convolution(convolution), [input])
    }
}
