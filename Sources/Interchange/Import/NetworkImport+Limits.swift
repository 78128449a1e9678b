import ESegNetwork

// What nodes can be
extension NetworkImport {
    /// Throws where a node's operator is none that can be taken, whatever it reads.
    func requireKnown(_ node: ImportedNode) throws(NetworkError) {
        let operation = node.node.operation
        guard Self.operators.contains(operation) || Self.structural.contains(operation) || ConstantFolding.operators.contains(operation)
        else { throw unsupported(node) }
    }

    /// Those that `translated` knows, and those that give constants or other names.
    static let operators = [
        "Conv", "BatchNormalization", "Relu", "PRelu", "LeakyRelu", "HardSwish", "HardSigmoid", "Clip", "Sigmoid", "Tanh", "Elu", "Gelu",
        "Erf", "Pow", "Add", "Sub", "Mul",
        "Div",
        "GlobalAveragePool", "ReduceMean", "ReduceMax", "AveragePool", "MaxPool", "Pad", "ConvTranspose", "DepthToSpace", "Gemm", "Reshape",
        "Flatten",
        "Squeeze", "Unsqueeze", "Transpose", "Split", "Slice", "Expand", "Concat", "Resize", "Upsample", "ArgMax", "Softmax", "LogSoftmax",
        "Cast",
    ]
    static let structural = ["Constant", "Shape", "Size", "Identity", "Dropout"]

    func unsupported(_ node: ImportedNode) -> NetworkError {
        node.error(
            "", found: "an operator without an exact counterpart here",
            expected: Self.operators.joined(separator: ", ") + " or what computes shapes and constants")
    }

    /// Throws where a node's outputs are larger than any map may be: sizes that only ever grow would at last be no numbers.
    func requireExtents(_ node: ImportedNode) throws(NetworkError) {
        for shape in node.node.outputs.compactMap({ shapes[$0] }) {
            let sides = ResizeTarget.extents, channels = Graph.Limits.channels
            try node.require(
                sides.contains(shape.height) && sides.contains(shape.width) && channels.contains(shape.channels), "output",
                found: "\(shape.width)x\(shape.height)x\(shape.channels)", expected: "\(sides) a side and \(channels) channels")
        }
    }
}
