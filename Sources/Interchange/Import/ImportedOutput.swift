import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is taken of an ONNX graph that gives more than one result, or one number a pixel.
public struct ImportOptions: Sendable, Equatable {
    /// The output that is the network's; nil: the first.
    public var output: String?
    /// Of an output of one channel: the foreground is where it is greater. Nil: 0.5 after a sigmoid, else 0.
    public var threshold: Float?

    public init(output: String? = nil, threshold: Float? = nil) {
        self.output = output
        self.threshold = threshold
    }
}

// The end of a network
extension NetworkImport {
    /// Settles which node gives the logits, and drops what they do not come from: other outputs' layers.
    mutating func readOutput() throws(NetworkError) {
        let output = try chosenOutput(), field = "graph.output \(quoted(output.name))"
        var name = resolved(output.name), isSigmoid = false
        try settle(name)
        switch values[name] {
        case .classes(let logits, let sigmoid)?: (name, isSigmoid) = (logits, sigmoid)
        case .sigmoid(let logits)?: (name, isSigmoid) = (logits, true)
        case .softmax(let logits, _)?: name = logits
        case .linear?, .blocks?, .feature?, .sum?, .pooled?, .upsampled?, .resized?, .spread?: break
        case .constant?, .image?, .view?, .elements?, .padded?, .deferred?, nil:
            throw NetworkError(file: file, field: field, found: "no logits", expected: "logits or classes of each pixel")
        }
        if let shape = shapes[name], shape.channels == 1 {
            try separateForeground(of: &name, isSigmoid: isSigmoid, field)
        } else if options.threshold != nil {
            throw NetworkError(
                file: file, field: field, found: "\(shapes[name]?.channels ?? 0) channels and a threshold",
                expected: "one channel, or no threshold")
        }
        let logits = try logits(name, NetworkError(file: file, field: field, found: "no layer", expected: "logits"))
        guard logits != 0 else { throw NetworkError(file: file, field: field, found: "the image", expected: "logits") }
        keep(onlyInputsOf: logits)
    }

    private func chosenOutput() throws(NetworkError) -> ONNX.ValueInfo {
        let outputs = model.graph.outputs
        guard let first = outputs.first else {
            throw NetworkError(file: file, field: "graph.output", found: "none", expected: "logits or classes")
        }
        guard let name = options.output else { return first }
        guard let chosen = outputs.first(where: { $0.name == name }) else {
            throw NetworkError(
                file: file, field: "graph.output", found: quoted(name),
                expected: "one of " + outputs.map { quoted($0.name) }.joined(separator: ", "))
        }
        return chosen
    }

    /// The node that gives the logits: where a bilinear resize to the image's size comes last, the one before it.
    private mutating func logits(_ name: String, _ error: NetworkError) throws(NetworkError) -> Int {
        guard case .resized(let resized)? = values[name], let shape = shapes[name], resized.resize.activation == .none,
            resized.resize.positions != .asymmetric, shape.height == imageShape.height, shape.width == imageShape.width,
            bringsToImage(resized)
        else { return try force(name, error) }
        upsampling = resized.resize.positions
        return resized.input
    }

    /// Whether positions are those of sizes: so they are unless a scale is no ratio of them.
    private func bringsToImage(_ resized: ImportedResize) -> Bool {
        guard case .scales(let height, let width) = resized.resize.target else { return true }
        return height.rounded() == height && width.rounded() == width
    }

    /// Drops the nodes that a node does not depend on.
    private mutating func keep(onlyInputsOf last: Int) {
        var isKept = [Bool](repeating: false, count: nodes.count)
        (isKept[0], isKept[last]) = (true, true)
        for index in nodes.indices.reversed() where isKept[index] { for input in nodes[index].inputs { isKept[input] = true } }
        var places: [Int] = [], kept: [Node] = []
        for (node, isKept) in zip(nodes, isKept) {
            places.append(kept.count)
            guard isKept else {
                for parameter in node.operation.parameters { parameters[node.name + "." + parameter.suffix] = nil }
                continue
            }
            var node = node
            node.inputs = node.inputs.map { places[$0] }
            kept.append(node)
        }
        nodes = kept
    }

    /// Makes two classes of one channel: the background's logit is 0, the foreground's is what the channel is above the threshold.
    private mutating func separateForeground(of name: inout String, isSigmoid: Bool, _ field: String) throws(NetworkError) {
        let threshold = Double(options.threshold ?? (isSigmoid ? 0.5 : 0))
        guard !isSigmoid || threshold > 0 && threshold < 1 else {
            throw NetworkError(file: file, field: field, found: "a threshold of \(threshold)", expected: "one between 0 and 1")
        }
        let cut = isSigmoid ? log(threshold / (1 - threshold)) : threshold
        let error = NetworkError(file: file, field: field, found: "no layer", expected: "logits")
        let resized: ImportedResize? = if case .resized(let value)? = values[name] { value } else { nil }
        let input = if let resized { resized.input } else { try force(name, error) }
        let label = unique("foreground")
        parameters[label + ".weight"] = FloatTensor(shape: [2, 1, 1, 1], values: [0, 1])
        parameters[label + ".bias"] = FloatTensor(shape: [2], values: [0, Float(-cut)])
        let classifier = append(
            label, .convolution(Convolution(inputChannels: 1, outputChannels: 2, kernel: 1, stride: 1, activation: .none)), [input])
        let shape = shapes[name]
        isBinary = true
        name = "\u{0}" + label
        shapes[name] = shape.map { Shape(height: $0.height, width: $0.width, channels: 2) }
        values[name] = .feature(classifier)
        guard var resized else { return }
        resized.resize.channels = 2
        values[name] = .resized(ImportedResize(name: resized.name, input: classifier, resize: resized.resize))
    }
}
