extension Graph {
    /// Image heights and widths that a network may be asked to take; which of them it takes follows from its graph.
    public static let imageSides = 32...16384

    /// The shape of each node's output for an image of that size.
    ///
    /// Throws if a side is not in `imageSides`, the graph is not valid, or a node's inputs do not fit: then the error names the node.
    public func shapes(height: Int, width: Int, file: String = "graph") throws(NetworkError) -> [Shape] {
        for (field, side) in [("height", height), ("width", width)] where !Self.imageSides.contains(side) {
            throw NetworkError(
                file: "image", field: field, found: "\(side)", expected: "\(Self.imageSides.lowerBound)...\(Self.imageSides.upperBound)")
        }
        try validate(file: file)
        var shapes = [Shape(height: height, width: width, channels: nodes[0].channels)]
        for node in nodes.dropFirst() {
            let size = try faults(of: node, file: file, at: MapSize(height: height, width: width)) { () throws(OperatorFault) in
                try node.operation.described.outputSize(node.inputs.map { shapes[$0] })
            }
            shapes.append(Shape(height: size.height, width: size.width, channels: node.channels))
        }
        let logits = shapes[shapes.count - 1]
        guard logits.height <= height, logits.width <= width else {
            throw NetworkError(
                file: file, field: "graph node \(nodes[nodes.count - 1].name): output", found: "logits of \(logits.size)",
                expected: "at most the image's size, \(width)x\(height)")
        }
        return shapes
    }

    /// The same of a graph that need not be valid or whole: nil where a node or one that it reads is not valid or does not fit.
    package func knownShapes(height: Int, width: Int) -> [Shape?] {
        var shapes: [Shape?] = []
        for (index, node) in nodes.enumerated() {
            guard index > 0 else {
                shapes.append(Shape(height: height, width: width, channels: node.channels))
                continue
            }
            let inputs = node.inputs.compactMap { shapes.indices.contains($0) ? shapes[$0] : nil }
            let size = inputs.count == node.inputs.count ? try? outputSize(of: node, inputs) : nil
            shapes.append(size.map { Shape(height: $0.height, width: $0.width, channels: node.channels) })
        }
        return shapes
    }

    private func outputSize(of node: Node, _ inputs: [Shape]) throws(NetworkError) -> MapSize {
        try check(node, file: "graph")
        return try faults(of: node, file: "graph", at: nil) { () throws(OperatorFault) in try node.operation.described.outputSize(inputs) }
    }

    /// Which nodes read each node's values.
    package var readers: [[Int]] {
        var readers = [[Int]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() { for input in node.valueInputs { readers[input].append(index) } }
        return readers
    }

    /// Multiply-accumulates of each node's convolutions for an image of that size; their sum is the network's. Throws as `shapes`.
    ///
    /// What sums, pooling and the upsampling of the logits add is left out, as is customary.
    public func macs(height: Int, width: Int) throws(NetworkError) -> [Int] {
        zip(nodes, try shapes(height: height, width: width)).map { $0.macs(of: $1) }
    }

    /// How often each node's output is half as large as the image, to the nearest whole number. Throws as `shapes`.
    public func levels(height: Int, width: Int) throws(NetworkError) -> [Int] {
        try shapes(height: height, width: width).map { shape in
            var level = 0
            // Half-way between two powers of two, in areas: 2 · 4^level.
            while height * width > 2 * shape.pixels << (2 * level) { level += 1 }
            return level
        }
    }
}

extension Node {
    /// Multiply-accumulates for an output of that shape.
    package func macs(of output: Shape) -> Int { operation.described.macs(output) }
}
