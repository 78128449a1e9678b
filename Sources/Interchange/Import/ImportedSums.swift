import ESegNetwork

extension NetworkImport {
    /// A constant as a scalar or one value per channel of [1, channels, height, width].
    private func channelValues(_ constant: Constant, channels: Int, _ node: ImportedNode) throws(NetworkError) -> [Double] {
        let shape = Array(([1, 1, 1, 1] + constant.shape).suffix(4))
        let isScalar = constant.values.count == 1, isPerChannel = shape == [1, channels, 1, 1]
        try node.require(
            constant.shape.count <= 4 && (isScalar || isPerChannel), "constant", found: "\(constant.shape)",
            expected: "one value, or [\(channels), 1, 1]")
        try requireFinite(constant.floats, "constant", node)
        return constant.floats.map { Double($0) }
    }

    /// Add and Sub: of a constant into a convolution or the normalization; of tensors a weighted sum.
    mutating func sum(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (first, second) = (try input(0, of: node), try input(1, of: node)), isDifference = node.node.operation == "Sub"
        for (tensor, other) in [(first, second), (second, first)] {
            guard case .constant(let constant) = other.value else { continue }
            let values = try channelValues(constant, channels: shape(of: tensor.name, node).channels, node)
            guard isDifference else { return try affine(tensor.name, factors: [1], terms: values, node, output) }
            if other.name != second.name { return try affine(tensor.name, factors: [-1], terms: values, node, output) }
            return try affine(tensor.name, factors: [1], terms: values.map { -$0 }, node, output)
        }
        let (left, right) = try alike(first.name, second.name, node, output)
        shapes[output] = shapes[left]
        let subtracted = try self.terms(right, node).map { (term) in
            var term = term
            if isDifference { term.factor = term.factor.map { -$0 } }
            return term
        }
        var terms = try self.terms(left, node) + subtracted
        if terms.count > Graph.Limits.sumInputs.upperBound {
            _ = try force(left, node)
            terms = [ImportedTerm(source: left)] + subtracted
        }
        return .sum(terms)
    }

    /// Two tensors of one size: one of a single pixel is repeated to the other's.
    private mutating func alike(
        _ first: String, _ second: String, _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> (String, String) {
        let (a, b) = (try shape(of: first, node), try shape(of: second, node))
        if a == b { return (first, second) }
        try node.require(
            a.channels == b.channels && (a.pixels == 1 || b.pixels == 1), "inputs", found: "\(a) and \(b)",
            expected: "maps of equal size, or one of a single pixel")
        let (pixel, map) = a.pixels == 1 ? (first, second) : (second, first)
        let (small, large) = (try force(pixel, node), try force(map, node))
        // No tensor of a file has that name, and no other node this output.
        let repeated = output + "\u{0}repeated"
        values[repeated] = .feature(append(unique(label(node) + ".repeated"), .resize(Resize(channels: a.channels)), [small, large]))
        shapes[repeated] = shapes[map]
        return map == first ? (map, repeated) : (repeated, map)
    }

    /// Mul and Div: by a constant a term of a sum; of two tensors SiLU or squeeze-excite.
    mutating func product(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (first, second) = (try input(0, of: node), try input(1, of: node)), isQuotient = node.node.operation == "Div"
        for (tensor, other) in [(first, second), (second, first)] {
            guard case .constant(let constant) = other.value else { continue }
            try node.require(!isQuotient || other.name == second.name, "input 0", found: "a constant", expected: "a tensor")
            if case .sigmoid = tensor.value { _ = try force(tensor.name, node) }
            var factors = try channelValues(constant, channels: shape(of: tensor.name, node).channels, node)
            if isQuotient {
                try node.require(!factors.contains(0), "constant", found: "0", expected: "a divisor that is not 0")
                factors = factors.map { 1 / $0 }
            }
            if case .image = tensor.value { return try affine(tensor.name, factors: factors, terms: [0], node, output) }
            shapes[output] = shapes[tensor.name]
            if case .sum(let terms) = tensor.value, terms.count > 1 { _ = try force(tensor.name, node) }
            return .sum([ImportedTerm(source: tensor.name, factor: factors)])
        }
        try node.require(!isQuotient, "inputs", found: "a quotient of two tensors", expected: "a constant divisor")
        return try tensorProduct(node, output)
    }

    /// A tensor's part in a sum: its own terms where only the sum reads it. Sums do not wait for other sums, or a chain of them could grow.
    private mutating func terms(_ name: String, _ node: ImportedNode) throws(NetworkError) -> [ImportedTerm] {
        if case .sum(let terms)? = values[name] {
            if uses[name] == 1 { return terms }
            if terms.count > 1 { _ = try force(name, node) }
        }
        return [ImportedTerm(source: name)]
    }

    /// The node that gives a tensor, made now if it is not there yet.
    mutating func force(_ name: String, _ node: ImportedNode) throws(NetworkError) -> Int {
        let found = if case .classes? = values[name] { "classes, or a softmax over more than channels" } else { quoted(name) }
        return try force(name, node.error("input", found: found, expected: "a feature map that is a layer's output"))
    }

    mutating func force(_ name: String, _ error: NetworkError) throws(NetworkError) -> Int {
        if case .feature(let feature)? = values[name] { return feature }
        // They are made one within the other, and the stack has an end.
        guard waiting < Self.maximumWaiting else {
            throw NetworkError(
                file: file, field: error.field, found: "more than \(Self.maximumWaiting) tensors that wait for each other",
                expected: "layers between them")
        }
        waiting += 1
        defer { waiting -= 1 }
        let index = try made(name, error)
        values[name] = .feature(index)
        return index
    }

    private static let maximumWaiting = 128

    private mutating func made(_ name: String, _ error: NetworkError) throws(NetworkError) -> Int {
        let index: Int
        switch values[name] {
        case .feature(let feature)?: index = feature
        case .linear(let layer)?: index = append(layer, residual: nil)
        case .pooled(let source)?:
            index = append(unique("pool\(nodes.count)"), .maxPool(MaxPool(channels: nodes[source].channels)), [source])
        case .sum(let terms)?:
            if let layer = foldable(name) { index = append(layer, residual: nil) } else { index = try append(terms, .none, error) }
        case .upsampled(let source, let target)?:
            let input = try force(source, error)
            let resize = Resize(channels: nodes[input].channels, target: target)
            index = append(unique("resize\(nodes.count)"), .resize(resize), [input])
        case .blocks(let layer, let space)?:
            let blocks = append(layer)
            index = append(unique(layer.name + ".space"), .depthToSpace(space), [blocks])
        case .sigmoid(let source)?: index = try appendSigmoid(of: source, error)
        case .softmax(let source, let label)?:
            let input = try force(source, error)
            index = append(unique(label), .softmax(Softmax(channels: nodes[input].channels)), [input])
        case .spread(let source, let channels)?:
            let selection = ChannelSelection(inputChannels: 1, selected: [Int](repeating: 0, count: channels))
            index = append(unique("repeated\(nodes.count)"), .channelSelection(selection), [try force(source, error)])
        case .image(let scale, let offset)?: index = try appendImage(scale, offset, error)
        case .resized(let resized)?:
            index = append(unique(resized.name), .bilinearResize(resized.resize), [resized.input])
        default: throw error
        }
        return index
    }

    mutating func append(_ layer: ImportedConvolution, residual: Int? = nil, _ sumActivation: Activation = .none) -> Int {
        let name = unique(layer.name), parameters = layer.parameters
        self.parameters[name + ".weight"] = parameters.weight
        self.parameters[name + ".bias"] = parameters.bias
        if layer.activation == .prelu { self.parameters[name + ".slope"] = FloatTensor(shape: [layer.outputChannels], values: layer.slope) }
        return append(
            name, layer.operation(residual: residual != nil, sumActivation: sumActivation), [layer.input] + (residual.map { [$0] } ?? []))
    }

    mutating func append(_ terms: [ImportedTerm], _ activation: Activation, _ node: ImportedNode) throws(NetworkError) -> Int {
        try append(terms, activation, node.error("input", found: "a sum of another kind", expected: "a residual, fusion or pyramid"))
    }

    /// Makes a node of a sum: residual, pyramid or fusion, whichever it is.
    private mutating func append(
        _ given: [ImportedTerm], _ activation: Activation, _ error: NetworkError
    ) throws(NetworkError) -> Int {
        let terms = try given.map { (term) throws(NetworkError) in try resolved(term, error) }
        if [.none, .relu, .relu6].contains(activation), let index = try appendResidual(terms, activation, error) { return index }
        if activation == .none {
            if let levels = try pyramid(terms, error) { return try append(levels, error) }
        }
        return try appendFusion(terms, activation, error)
    }

    /// A term that names a layer's output: scaling and resampling before the sum become part of it.
    private func resolved(_ given: ImportedTerm, _ error: NetworkError) throws(NetworkError) -> ImportedTerm {
        var term = given
        for _ in 0..<4 {
            switch values[term.source] {
            case .sum(let inner)? where inner.count == 1:
                guard term.resampling == .same || inner[0].resampling == .same else { return term }
                if term.resampling == .same { (term.resampling, term.upsampled) = (inner[0].resampling, inner[0].upsampled) }
                term.factor = Self.product(term.factor, inner[0].factor)
                term.source = inner[0].source
            case .upsampled(let source, _)?:
                guard term.resampling == .same else { return term }
                (term.upsampled, term.source, term.resampling) = (term.source, source, .up)
            case .pooled?:
                guard term.resampling == .same else { return term }
                term.resampling = .down
                return term
            default: return term
            }
        }
        return term
    }

    private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
        (0..<max(a.count, b.count)).map { a[a.count == 1 ? 0 : $0] * b[b.count == 1 ? 0 : $0] }
    }

    /// conv(x) + y or relu(conv(x)) + y, neither scaled; nil where the sum is something else.
    private mutating func appendResidual(
        _ terms: [ImportedTerm], _ activation: Activation, _ error: NetworkError
    ) throws(NetworkError) -> Int? {
        guard terms.count == 2, terms.allSatisfy({ $0.resampling == .same && !$0.hasFactor }) else { return nil }
        for (term, other) in [(terms[0], terms[1]), (terms[1], terms[0])] {
            guard uses[term.source] == 1, case .linear(let layer)? = values[term.source], !layer.isDepthwise,
                layer.activation == .none || layer.activation == .relu
            else { continue }
            let added = try force(other.source, error)
            return append(layer, residual: added, activation)
        }
        return nil
    }

    /// The levels of w·P + upsample(w·P + upsample(…)), finest first; nil where the sum is something else.
    private func pyramid(_ terms: [ImportedTerm], _ error: NetworkError) throws(NetworkError) -> [ImportedTerm]? {
        var levels: [ImportedTerm] = [], rest = terms, outer = [1.0]
        while true {
            guard rest.count == 2, let coarse = rest.first(where: { $0.resampling == .up }),
                var fine = rest.first(where: { $0.resampling == .same })
            else {
                return nil
            }
            fine.factor = Self.product(outer, fine.factor)
            outer = Self.product(outer, coarse.factor)
            levels.append(fine)
            guard levels.count < Graph.Limits.sumInputs.upperBound else { return nil }
            guard case .sum(let inner)? = values[coarse.source] else {
                if levels.count == 1, terms.allSatisfy({ $0.factor.count == 1 }) { return nil }
                return levels + [ImportedTerm(source: coarse.source, factor: outer)]
            }
            rest = try inner.map { (term) throws(NetworkError) in try resolved(term, error) }
        }
    }

    private mutating func append(_ levels: [ImportedTerm], _ error: NetworkError) throws(NetworkError) -> Int {
        var inputs: [Int] = []
        for level in levels { inputs.append(try force(level.source, error)) }
        let channels = nodes[inputs[0]].channels, name = unique("fusion")
        let terms = inputs.indices.map { level in
            level == 0 ? inputs[0] : append(Node.descent(ofLevel: level, in: inputs, channels: channels, sum: name))
        }
        return append(name, terms, factors: levels.map(\.factor), .none)
    }

    private mutating func appendFusion(
        _ given: [ImportedTerm], _ activation: Activation, _ error: NetworkError
    ) throws(NetworkError) -> Int {
        // Where no term has the sum's size by itself, each is brought to it first.
        guard given.contains(where: { $0.resampling == .same }) else {
            return try appendFusion(try given.map { (term) throws(NetworkError) in try settled(term, error) }, activation, error)
        }
        let terms = given.filter { $0.resampling == .same } + given.filter { $0.resampling != .same }
        if terms.count == 1 { return try appendScaled(terms[0], activation, error) }
        guard Graph.Limits.sumInputs.contains(terms.count) else { throw error }
        var inputs: [Int] = []
        for term in terms {
            if case .pooled(let source)? = values[term.source], term.resampling == .down {
                inputs.append(source)
            } else {
                inputs.append(try force(term.source, error))
            }
        }
        let name = unique("fusion\(nodes.count)"), channels = nodes[inputs[0]].channels
        for (index, term) in terms.enumerated() {
            let node = Node.resampling(
                term.resampling, of: inputs[index], toSizeOf: inputs[0], channels: channels, term: index, sum: name)
            if let node { inputs[index] = append(node) }
        }
        return append(name, inputs, factors: terms.map(\.factor), activation)
    }

    /// One tensor times factors, and an activation.
    private mutating func appendScaled(_ term: ImportedTerm, _ activation: Activation, _ error: NetworkError) throws(NetworkError) -> Int {
        let input = try force(term.source, error)
        var layer = channelwise(input, channels: nodes[input].channels, named: unique("scale\(nodes.count)"))
        layer.fold(factors: term.factor, terms: [0])
        layer.activation = activation
        return append(layer)
    }

    /// The term with its resampling as a node of its own.
    private mutating func settled(_ given: ImportedTerm, _ error: NetworkError) throws(NetworkError) -> ImportedTerm {
        var term = ImportedTerm(source: given.upsampled ?? given.source)
        term.factor = given.factor
        _ = try force(term.source, error)
        return term
    }

    /// A weighted sum; each factor has one value or one for each channel.
    mutating func append(_ name: String, _ inputs: [Int], factors: [[Double]], _ activation: Activation) -> Int {
        let channels = nodes[inputs[0]].channels
        let weights = factors.flatMap { factor in (0..<channels).map { Float(factor[factor.count == 1 ? 0 : $0]) } }
        parameters[name + ".weights"] = FloatTensor(shape: [inputs.count, channels], values: weights)
        return append(name, .weightedSum(WeightedSum(channels: channels, inputs: inputs.count, activation: activation)), inputs)
    }

    /// Appends a node that resamples.
    private mutating func append(_ node: Node) -> Int { append(unique(node.name), node.operation, node.inputs) }
}
