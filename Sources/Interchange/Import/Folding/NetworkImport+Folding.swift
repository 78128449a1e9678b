import ESegNetwork

extension NetworkImport {
    /// Elements that all computed constants may have together.
    private static let maximumFolded = 1 << 27

    /// Tells what a node's outputs are, whose inputs are constants. Throws where its operator is none for constants.
    mutating func fold(_ node: ImportedNode, _ constants: [Constant?]) throws(NetworkError) {
        guard let results = try ConstantFolding(node: node, inputs: constants, opset: opset).values() else { throw unsupported(node) }
        try charge(results.reduce(0) { $0 + $1.values.count }, node)
        for (name, result) in zip(node.node.outputs, results) where !name.isEmpty { values[name] = .constant(result) }
    }

    /// Counts elements of constants that were computed. Throws where they get too many.
    mutating func charge(_ count: Int, _ node: ImportedNode) throws(NetworkError) {
        folded += count
        try node.require(
            folded <= Self.maximumFolded, "output", found: "\(folded) elements of computed constants", expected: "at most 2^27")
    }

    /// A node's inputs where all that it has are constants, or nil. Throws where no earlier node makes one.
    mutating func constants(of node: ImportedNode) throws(NetworkError) -> [Constant?]? {
        var constants: [Constant?] = []
        for name in node.node.inputs {
            if name.isEmpty {
                constants.append(nil)
            } else if case .constant(let constant) = try value(name, of: node) {
                constants.append(constant)
            }
        }
        return constants.count == node.node.inputs.count && constants.contains { $0 != nil } ? constants : nil
    }
}
