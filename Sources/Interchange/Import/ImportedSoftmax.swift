import ESegNetwork

// What takes all channels of a pixel together
extension NetworkImport {
    /// Over channels. One that takes more together, as before operator set 13, leaves the order of a pixel's values as it is: it may follow
    /// the logits, but nothing else reads it.
    mutating func softmax(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node), shape = try shape(of: name, node)
        let axis = try node.int("axis", default: opset < 13 ? 1 : -1)
        try node.require(axis == 1 || axis == -3, "axis", found: "\(axis)", expected: "1, the channels")
        shapes[output] = shape
        if let classes = value.classes { return classes }
        return opset < 13 && shape.pixels > 1 ? .classes(name, isSigmoid: false) : .softmax(name, label: label(node))
    }

    /// The greatest channel of each pixel.
    mutating func greatest(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        let axes = try constant(1, of: node)?.ints ?? []
        try node.require(axes == [1] || axes == [-3], "axes", found: "\(axes)", expected: "the channels, [1]")
        try reduceChannels(node, shape, output)
        let source = try force(name, node)
        return .feature(append(unique(label(node)), .channelMaximum(ChannelMaximum(inputChannels: shape.channels)), [source]))
    }

    /// Notes the shape of what a reduction over channels gives.
    mutating func reduceChannels(_ node: ImportedNode, _ shape: Shape, _ output: String) throws(NetworkError) {
        shapes[output] = Shape(height: shape.height, width: shape.width, channels: 1)
        if try node.int("keepdims", default: 1) == 0 { planes.insert(output) }
    }
}

// Tensors of [1, height, width]: as maps of one channel, they mean the same to what broadcasts
extension NetworkImport {
    private static let broadcasting: Set = [
        "Add", "Sub", "Mul", "Div", "Relu", "Sigmoid", "HardSigmoid", "HardSwish", "Clip", "LeakyRelu", "Expand",
    ]

    /// Notes whether a node gives such a tensor again. Throws where it reads one and counts dimensions.
    mutating func followPlanes(_ node: ImportedNode, _ output: String) throws(NetworkError) {
        guard !planes.isEmpty, node.node.inputs.contains(where: planes.contains) else { return }
        if node.node.operation == "Unsqueeze" {
            let axes = try constant(1, of: node)?.ints ?? []
            return try node.require(axes == [1] || axes == [-3], "axes", found: "\(axes)", expected: "the channels, [1]")
        }
        try node.require(
            Self.broadcasting.contains(node.node.operation), "input", found: "a tensor of [1, height, width]",
            expected: "one of [1, channels, height, width]")
        if node.node.operation == "Expand" { return }
        for name in node.node.inputs where !name.isEmpty && !planes.contains(name) {
            guard case .constant(let constant) = try value(name, of: node), constant.shape.count < 4 else { return }
        }
        planes.insert(output)
    }
}

extension ImportedValue {
    /// What follows the logits where this does already; nil where it may be an inner tensor.
    var classes: ImportedValue? {
        switch self {
        case .classes: self
        case .sigmoid(let logits): .classes(logits, isSigmoid: true)
        case .softmax(let logits, _): .classes(logits, isSigmoid: false)
        default: nil
        }
    }
}
