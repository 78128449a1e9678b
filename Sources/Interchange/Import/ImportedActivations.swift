import ESegNetwork

extension NetworkImport {
    /// Clip of any range: 0 to 6 and from 0 on are activations; others are shifted and stretched to 0 to 6 and back.
    mutating func clip(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let least = try bound(1, "min", of: node, open: -.infinity), greatest = try bound(2, "max", of: node, open: .infinity)
        if least == 0, greatest == 6 { return try activated(node, .relu6, output) }
        if least == 0, greatest >= Float.greatestFiniteMagnitude { return try activated(node, .relu, output) }
        try node.require(
            least < greatest && greatest - least < 1e6, "range", found: "\(least)...\(greatest)",
            expected: "two numbers that rise, or 0 and none")
        let (lower, stretch) = (Double(least), 6 / (Double(greatest) - Double(least)))
        let name = try input(0, of: node).name
        guard case .linear(var layer) = try affine(name, factors: [stretch], terms: [-lower * stretch], node, output) else {
            throw node.error("input", found: "the image", expected: "a feature map")
        }
        layer.activation = .relu6
        let clamped = append(layer)
        var back = channelwise(clamped, channels: nodes[clamped].channels, named: label(node))
        back.fold(factors: [1 / stretch], terms: [lower])
        return .linear(back)
    }

    /// An input, or an attribute in older operator sets.
    private mutating func bound(_ index: Int, _ name: String, of node: ImportedNode, open: Float) throws(NetworkError) -> Float {
        guard let constant = try constant(index, of: node) else { return try node.float(name, default: open) }
        guard let value = constant.floats.first, constant.floats.count == 1, !value.isNaN else {
            throw node.error(name, found: "\(constant.floats.count) values", expected: "one number")
        }
        return value
    }

    mutating func activated(_ node: ImportedNode, _ activation: Activation, _ output: String) throws(NetworkError) -> ImportedValue {
        try activated(input(0, of: node).name, activation, readers: 1, node, output)
    }

    /// Part of what gives the tensor, or a layer of its own where others read that too.
    ///
    /// - Parameters:
    ///   - slopes: of a PReLU, one for each channel or one.
    ///   - readers: as many nodes as the activation itself consists of.
    mutating func activated(
        _ name: String, _ activation: Activation, slopes: [Float] = [], readers: Int, _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        shapes[output] = shapes[name]
        if uses[name] == readers {
            switch try value(name, of: node) {
            case .linear(var layer) where layer.activation == .none:
                layer.activate(activation, slopes: slopes)
                return .linear(layer)
            case .blocks(var layer, let space) where layer.activation == .none:
                layer.activate(activation, slopes: slopes)
                return .blocks(layer, space)
            case .sum(let terms):
                if readers == 1, var layer = foldable(name) {
                    layer.activate(activation, slopes: slopes)
                    return .linear(layer)
                }
                if terms.count > 1, !activation.needsInt16, slopes.isEmpty { return .feature(try append(terms, activation, node)) }
            case .resized(var resized) where resized.resize.activation == .none && activation.isClamping:
                resized.resize.activation = activation
                return .resized(resized)
            default: break
            }
        }
        var layer = try channelwise(name, node)
        layer.activate(activation, slopes: slopes)
        return .linear(layer)
    }

    /// PReLU, or LeakyReLU, whose channels have one slope.
    mutating func leaky(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, channels = try shape(of: name, node).channels
        var slopes = [try node.float("alpha", default: 0.01)]
        if node.node.operation == "PRelu" {
            guard let constant = try constant(1, of: node) else {
                throw node.error("slope", found: "none", expected: "a constant")
            }
            let spatial = constant.shape.suffix(2), isPerChannel = constant.shape.count < 3 || spatial.allSatisfy { $0 == 1 }
            try node.require(
                constant.values.count == 1 || constant.values.count == channels && isPerChannel, "slope", found: "\(constant.shape)",
                expected: "one value, or [\(channels), 1, 1]")
            slopes = constant.floats
        }
        try requireFinite(slopes, "slope", node)
        return try activated(name, .prelu, slopes: slopes, readers: 1, node, output)
    }

    mutating func sigmoid(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, _) = try input(0, of: node)
        shapes[output] = shapes[name]
        return .sigmoid(name)
    }

    /// 2 · sigmoid(2x) − 1.
    mutating func hyperbolicTangent(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name
        guard case .linear(var layer) = try affine(name, factors: [2], terms: [0], node, output) else {
            throw node.error("input", found: "the image", expected: "a feature map")
        }
        layer.activation = .sigmoid
        let gate = append(layer)
        var back = channelwise(gate, channels: nodes[gate].channels, named: label(node))
        back.fold(factors: [2], terms: [-1])
        return .linear(back)
    }

    /// max(x, 0) + alpha · (e^min(x, 0) − 1) = alpha · elu(x) + (1 − alpha) · relu(x).
    mutating func elu(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let alpha = try node.float("alpha", default: 1)
        try node.require(alpha.isFinite, "alpha", found: "\(alpha)", expected: "a finite number")
        if alpha == 1 { return try activated(node, .elu, output) }
        let name = try input(0, of: node).name, source = try force(name, node)
        let parts = [Activation.elu, .relu].map { activation in
            var part = channelwise(source, channels: nodes[source].channels, named: unique("\(label(node)).\(activation.rawValue)"))
            part.activation = activation
            return append(part)
        }
        shapes[output] = shapes[name]
        return .feature(append(label(node), parts, factors: [[Double(alpha)], [1 - Double(alpha)]], .none))
    }

    mutating func gelu(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let approximation = try node.string("approximate", default: "none")
        try node.require(
            ["none", "tanh"].contains(approximation), "approximate", found: quoted(approximation), expected: "none or tanh")
        return try activated(node, approximation == "tanh" ? .geluTanh : .gelu, output)
    }

    mutating func hardSigmoid(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let alpha = try node.float("alpha", default: 0.2), beta = try node.float("beta", default: 0.5)
        try node.require(alpha > 0, "alpha", found: "\(alpha)", expected: "a number above 0")
        if abs(alpha - 1 / 6) < 1e-4, beta == 0.5 { return try activated(node, .hardSigmoid, output) }
        // min(max(alpha x + beta, 0), 1) = hardSigmoid(6 alpha x + 6 beta − 3)
        let name = try input(0, of: node).name
        guard
            case .linear(var layer) = try affine(
                name, factors: [6 * Double(alpha)], terms: [6 * Double(beta) - 3], node, output)
        else { throw node.error("input", found: "the image", expected: "a feature map") }
        layer.activation = .hardSigmoid
        return .linear(layer)
    }
}
