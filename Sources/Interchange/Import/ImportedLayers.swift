import ESegNetwork

extension NetworkImport {
    mutating func convolution(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let weights = try weights(of: node), outputs = weights.shape[0]
        let bias = try bias(of: node, count: outputs)
        let (name, value, pads) = try unpadded(node), shape = try shape(of: name, node)
        let window = try window(node, kernel: Array(weights.shape[2...]), over: shape).padded(by: pads)
        let groups = try node.int("group", default: 1)
        let fits = groups > 0 && shape.channels % groups == 0 && outputs % groups == 0
        try node.require(fits, "group", found: "\(groups)", expected: "a divisor of \(shape.channels) and \(outputs) channels")
        let each = shape.channels / groups
        try node.require(weights.shape[1] == each, "weights", found: "\(weights.shape)", expected: "\(each) inputs")
        var source = 0
        if case .image(let scale, let offset) = value, groups == 1 {
            try setNormalization(scale, offset, node)
        } else {
            source = try force(name, node)
        }
        try setShape(output, window, over: shape, channels: outputs, node)
        let isDepthwise = groups > 1 && groups == shape.channels && outputs == groups
        if !isDepthwise { try requireWeights(outputs, shape.channels, window.taps, node) }
        let values = isDepthwise || groups == 1 ? weights.floats : Self.ungrouped(weights, groups: groups)
        return .linear(
            ImportedConvolution(
                name: label(node), input: source, inputChannels: shape.channels, outputChannels: outputs, window: window,
                isDepthwise: isDepthwise, weights: values, scale: [Double](repeating: 1, count: outputs), offset: bias.map { Double($0) }))
    }

    /// A convolution's constant weights, [out, in, height, width].
    mutating func weights(of node: ImportedNode) throws(NetworkError) -> Constant {
        guard let weights = try constant(1, of: node), weights.shape.count == 4 else {
            throw node.error("weights", found: "no constant of four dimensions", expected: "[out, in, height, width]")
        }
        let channels = Graph.Limits.channels, kernels = Graph.Limits.kernels
        try node.require(
            weights.shape[..<2].allSatisfy(channels.contains), "weights", found: "\(weights.shape)", expected: "\(channels) channels")
        try node.require(
            weights.shape[2...].allSatisfy(kernels.contains), "kernel_shape", found: "\(weights.shape[2...])", expected: "\(kernels) a side"
        )
        try requireFinite(weights.floats, "weights", node)
        return weights
    }

    /// Throws where a dense layer, as which others are computed, has more weights than a network would.
    func requireWeights(_ outputs: Int, _ inputs: Int, _ taps: Int, _ node: ImportedNode) throws(NetworkError) {
        let most = 1 << 27, found = outputs * inputs * taps
        try node.require(found <= most, "weights", found: "\(found) of a dense layer", expected: "at most \(most)")
    }

    mutating func bias(of node: ImportedNode, count: Int) throws(NetworkError) -> [Float] {
        let bias = try constant(2, of: node)?.floats ?? [Float](repeating: 0, count: count)
        try node.require(bias.count == count, "bias", found: "\(bias.count) values", expected: "\(count)")
        try requireFinite(bias, "bias", node)
        return bias
    }

    /// Weights of all input channels, zero between those of different groups: [out, in, kh, kw].
    private static func ungrouped(_ weights: Constant, groups: Int) -> [Float] {
        let (outputs, each, taps) = (weights.shape[0], weights.shape[1], weights.shape[2] * weights.shape[3])
        let row = each * taps, values = weights.floats
        var all = [Float](repeating: 0, count: outputs * groups * row)
        for output in 0..<outputs {
            let group = output / (outputs / groups), start = (output * groups + group) * row
            for i in 0..<row { all[start + i] = values[output * row + i] }
        }
        return all
    }

    func requireFinite(_ values: [Float], _ field: String, _ node: ImportedNode) throws(NetworkError) {
        try node.require(values.allSatisfy(\.isFinite), field, found: "a value that is NaN or infinite", expected: "finite numbers")
    }

    mutating func setNormalization(_ scale: [Double], _ offset: [Double], _ node: ImportedNode) throws(NetworkError) {
        if let normalization {
            try node.require(
                normalization.scale == scale && normalization.offset == offset, "input", found: "the image normalized in another way",
                expected: "one normalization for all convolutions")
        }
        normalization = (scale, offset)
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
        if var layer = foldable(name) {
            layer.fold(factors: factors, terms: terms)
            return .linear(layer)
        }
        if uses[name] == 1, case .blocks(var layer, let space)? = values[name], layer.activation == .none {
            func repeated(_ values: [Double]) -> [Double] {
                values.count == 1 ? values : (0..<space.block * space.block).flatMap { _ in values }
            }
            layer.fold(factors: repeated(factors), terms: repeated(terms))
            return .blocks(layer, space)
        }
        var layer = try channelwise(name, node)
        layer.fold(factors: factors, terms: terms)
        return .linear(layer)
    }

    /// A layer that gives each value of a tensor back: what no convolution takes is folded into it.
    func channelwise(_ input: Int, channels: Int, named name: String) -> ImportedConvolution {
        ImportedConvolution(
            name: name, input: input, inputChannels: channels, outputChannels: channels, window: Window(kernel: 1, stride: 1),
            isDepthwise: true, weights: [Float](repeating: 1, count: channels), scale: [Double](repeating: 1, count: channels),
            offset: [Double](repeating: 0, count: channels))
    }

    mutating func channelwise(_ name: String, _ node: ImportedNode) throws(NetworkError) -> ImportedConvolution {
        let input = try force(name, node)
        return channelwise(input, channels: nodes[input].channels, named: label(node))
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
