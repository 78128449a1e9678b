extension Graph {
    /// Image heights and widths that a network accepts.
    public static let imageSides = 32...16384

    /// The shape of each node's output for an image of that size. Throws if a side is not in `imageSides` or the graph is not valid.
    public func shapes(height: Int, width: Int) throws(NetworkError) -> [Shape] {
        for (field, side) in [("height", height), ("width", width)] where !Self.imageSides.contains(side) {
            throw NetworkError(
                file: "image", field: field, found: "\(side)", expected: "\(Self.imageSides.lowerBound)...\(Self.imageSides.upperBound)")
        }
        return zip(nodes, try levels(file: "graph")).map { node, level in
            let round = (1 << level) - 1
            return Shape(height: (height + round) >> level, width: (width + round) >> level, channels: node.channels)
        }
    }

    /// Each node's pyramid level: its output is the image's size divided by 2^level, rounded up. Throws if the graph is not valid.
    public func levels() throws(NetworkError) -> [Int] { try levels(file: "graph") }

    /// From when to when each node's output is needed by others, in indices of nodes.
    public var lives: [ClosedRange<Int>] {
        var ends = Array(nodes.indices)
        for (index, node) in nodes.enumerated() { for input in node.inputs { ends[input] = index } }
        return zip(nodes.indices, ends).map { $0...$1 }
    }

    /// Multiply-accumulates of each node's convolutions for an image of that size; their sum is the network's. Throws as `shapes`.
    ///
    /// What fusions, pooling and the upsampling of the logits add is left out, as is customary.
    public func macs(height: Int, width: Int) throws(NetworkError) -> [Int] {
        zip(nodes, try shapes(height: height, width: width)).map { node, shape in
            switch node.operation {
            case .convolution(let layer): shape.count * layer.kernel * layer.kernel * layer.inputChannels
            case .depthwise(let layer): shape.count * layer.kernel * layer.kernel
            case .squeezeExcite(let channels, let squeezed): 2 * channels * squeezed
            case .image, .maxPool, .fusion, .pyramidSum: 0
            }
        }
    }
}
