extension Graph {
    enum Limits {
        static let nodes = 2...4096
        static let channels = 1...16384
        static let convolutionKernels = [1, 3, 5, 7]
        static let depthwiseKernels = [3, 5]
        static let strides = 1...2
        static let fusionInputs = 2...3
        static let pyramidLevels = 2...8
        static let nameLength = 1...256
    }

    /// Throws naming `file`, the node and its field unless this is a network that every executor can run, at any image size.
    public func validate(file: String) throws(NetworkError) { _ = try levels(file: file) }

    /// Each node's level: its output is the image's size divided by 2^level, rounded up.
    ///
    /// Sizes divide by ceil and ceil(ceil(n / 2) / 2) = ceil(n / 4), so that maps of equal level are of equal size whatever the image's.
    func levels(file: String) throws(NetworkError) -> [Int] {
        let check = GraphCheck(graph: self, file: file)
        try check.structure()
        var levels: [Int] = []
        for index in nodes.indices { levels.append(try check.level(of: index, levels: levels)) }
        try check.ends(levels: levels)
        return levels
    }
}

extension Node {
    /// Channels of the output.
    public var channels: Int {
        switch operation {
        case .image: 3
        case .convolution(let layer): layer.outputChannels
        case .depthwise(let layer): layer.channels
        case .squeezeExcite(let channels, _), .maxPool(let channels), .pyramidSum(_, let channels): channels
        case .fusion(let fusion): fusion.channels
        }
    }
}

private struct GraphCheck {
    let graph: Graph
    let file: String

    /// Names, references, and the image.
    func structure() throws(NetworkError) {
        guard Graph.Limits.nodes.contains(graph.nodes.count) else {
            throw NetworkError(file: file, field: "graph", found: "\(graph.nodes.count) nodes", expected: "\(Graph.Limits.nodes)")
        }
        var names: Set<String> = []
        var isRead = [Bool](repeating: false, count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            guard Graph.Limits.nameLength.contains(node.name.utf8.count), names.insert(node.name).inserted else {
                throw NetworkError(
                    file: file, field: "graph.nodes[\(index)].name", found: quoted(node.name), expected: "a unique name of 1...256 bytes")
            }
            try require((node.operation == .image) == (index == 0), node, "operation", "the image", "the image as node 0 and nowhere else")
            for input in node.inputs {
                try require((0..<index).contains(input), node, "inputs", "\(input)", "the index of an earlier node")
                isRead[input] = true
            }
        }
        for (node, isRead) in zip(graph.nodes.dropLast(), isRead) {
            try require(isRead, node, "output", "no reader", "a later node that reads it")
        }
    }

    /// The last node gives logits at a quarter of the image's size.
    func ends(levels: [Int]) throws(NetworkError) {
        guard let node = graph.nodes.last, let level = levels.last else { return }
        guard case .convolution(let layer) = node.operation, layer.kernel == 1, layer.stride == 1, layer.activation == .none,
            !layer.residual
        else {
            throw error(node, "operation", "another operation", "the classifier, a 1×1 convolution, as the last node")
        }
        try require(level == 2, node, "output", "1/\(1 << level) of the image's size", "1/4")
    }

    func level(of index: Int, levels: [Int]) throws(NetworkError) -> Int {
        let node = graph.nodes[index]
        let channels = node.channels
        try require(Graph.Limits.channels.contains(channels), node, "channels", "\(channels)", "\(Graph.Limits.channels)")
        let inputLevels = node.inputs.map { levels[$0] }
        switch node.operation {
        case .image:
            try inputs(of: node, count: 0)
            return 0
        case .convolution(let layer):
            return try convolution(layer, node, inputLevels)
        case .depthwise(let layer):
            try require(Graph.Limits.depthwiseKernels.contains(layer.kernel), node, "kernel", "\(layer.kernel)", "3 or 5")
            try require(Graph.Limits.strides.contains(layer.stride), node, "stride", "\(layer.stride)", "1 or 2")
            try inputs(of: node, count: 1, channels: channels)
            return try checked(inputLevels[0] + layer.stride - 1, node)
        case .squeezeExcite(_, let squeezed):
            try require(Graph.Limits.channels.contains(squeezed), node, "squeezed", "\(squeezed)", "\(Graph.Limits.channels)")
            try inputs(of: node, count: 1, channels: channels)
            return inputLevels[0]
        case .maxPool:
            try inputs(of: node, count: 1, channels: channels)
            return try checked(inputLevels[0] + 1, node)
        case .fusion(let fusion):
            return try self.fusion(fusion, node, inputLevels)
        case .pyramidSum(let count, _):
            try require(Graph.Limits.pyramidLevels.contains(count), node, "levels", "\(count)", "\(Graph.Limits.pyramidLevels)")
            try inputs(of: node, count: count, channels: channels)
            for (finer, coarser) in zip(inputLevels, inputLevels.dropFirst()) {
                try require(coarser == finer + 1, node, "inputs", "levels \(inputLevels)", "each half the size of the one before")
            }
            return inputLevels[0]
        }
    }

    private func convolution(_ layer: Convolution, _ node: Node, _ inputLevels: [Int]) throws(NetworkError) -> Int {
        let kernels = Graph.Limits.convolutionKernels
        try require(kernels.contains(layer.kernel), node, "kernel", "\(layer.kernel)", "one of \(kernels)")
        try require(Graph.Limits.strides.contains(layer.stride), node, "stride", "\(layer.stride)", "1 or 2")
        try require(
            Graph.Limits.channels.contains(layer.inputChannels), node, "input channels", "\(layer.inputChannels)",
            "\(Graph.Limits.channels)")
        try require(node.inputs.count == (layer.residual ? 2 : 1), node, "inputs", "\(node.inputs.count)", layer.residual ? "2" : "1")
        let read = graph.nodes[node.inputs[0]]
        try require(read.channels == layer.inputChannels, node, "inputs", "\(read.channels) channels", "\(layer.inputChannels)")
        let level = try checked(inputLevels[0] + layer.stride - 1, node)
        if layer.residual {
            let added = graph.nodes[node.inputs[1]]
            try require(added.operation != .image, node, "inputs", "the image as residual", "a feature map")
            try require(added.channels == layer.outputChannels, node, "residual", "\(added.channels) channels", "\(layer.outputChannels)")
            try require(inputLevels[1] == level, node, "residual", "1/\(1 << inputLevels[1]) of the image's size", "1/\(1 << level)")
        }
        return level
    }

    private func fusion(_ fusion: Fusion, _ node: Node, _ inputLevels: [Int]) throws(NetworkError) -> Int {
        let count = fusion.resampling.count
        try require(Graph.Limits.fusionInputs.contains(count), node, "resampling", "\(count) inputs", "\(Graph.Limits.fusionInputs)")
        try require(fusion.resampling[0] == .same, node, "resampling", fusion.resampling[0].rawValue, "same for the first input")
        try inputs(of: node, count: count, channels: fusion.channels)
        for (level, resampling) in zip(inputLevels, fusion.resampling) {
            let expected = inputLevels[0] + (resampling == .up ? 1 : resampling == .down ? -1 : 0)
            try require(level == expected, node, "inputs", "\(resampling.rawValue) from level \(level)", "from level \(expected)")
        }
        return inputLevels[0]
    }

    /// `count` inputs, feature maps of that many channels.
    private func inputs(of node: Node, count: Int, channels: Int = 0) throws(NetworkError) {
        try require(node.inputs.count == count, node, "inputs", "\(node.inputs.count)", "\(count)")
        for input in node.inputs {
            let read = graph.nodes[input]
            try require(read.operation != .image, node, "inputs", "the image", "a feature map, for only convolutions read the image")
            try require(read.channels == channels, node, "inputs", "\(read.channels) channels", "\(channels)")
        }
    }

    /// A level that no useful network exceeds, and that shifts need not fear.
    private func checked(_ level: Int, _ node: Node) throws(NetworkError) -> Int {
        try require(level <= 16, node, "output", "1/2^\(level) of the image's size", "at least 1/2^16")
        return level
    }

    private func require(
        _ holds: Bool, _ node: Node, _ field: String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String
    )
        throws(NetworkError)
    {
        guard holds else { throw error(node, field, found(), expected()) }
    }

    private func error(_ node: Node, _ field: String, _ found: String, _ expected: String) -> NetworkError {
        NetworkError(file: file, field: "graph node \(node.name): \(field)", found: found, expected: expected)
    }
}
