extension Graph {
    /// What a graph and its operators may have.
    package enum Limits {
        package static let nodes = 2...4096
        package static let channels = 1...16384
        package static let inputs = 0...16
        /// Along one axis, of convolutions.
        package static let kernels = 1...11
        /// The same of pools, which need no weights.
        package static let poolKernels = 1...1024
        /// Cells along one axis of the grid to which a map of any size is pooled.
        package static let grids = 1...1024
        package static let sumInputs = 2...16
        package static let nameLength = 1...256
        /// More than one class has a logit each; class maps have one byte a pixel.
        package static let classes = 1...255
    }

    /// Throws naming `file`, the node and its field unless this is a network that every executor can run at any image size that fits it.
    public func validate(file: String) throws(NetworkError) {
        try validateStructure(file: file)
        for node in nodes { try check(node, file: file) }
        guard let last = nodes.last, Limits.classes.contains(last.channels) else {
            throw NetworkError(
                file: file, field: "graph: logits", found: "\(nodes.last?.channels ?? 0) channels", expected: "\(Limits.classes) classes")
        }
    }

    /// Throws unless a node is one that executors can run, and fits the earlier ones that it reads.
    func check(_ node: Node, file: String) throws(NetworkError) {
        guard Limits.channels.contains(node.channels) else {
            throw error(node, file: file, "channels", "\(node.channels)", "\(Limits.channels)")
        }
        try faults(of: node, file: file, at: nil) { () throws(OperatorFault) in
            try node.operation.described.check(inputChannels: node.inputs.map { nodes[$0].channels })
        }
        let readsPixels = node.operation.described.readsPixels
        guard node.inputs.isEmpty || readsPixels || !node.inputs.contains(0) else {
            throw error(node, file: file, "inputs", "the image", "a feature map, for only convolutions read the image")
        }
        guard !node.inputs.dropFirst().contains(0) else {
            throw error(node, file: file, "inputs", "the image as input \(node.inputs.count)", "a feature map")
        }
    }

    /// Names, references, and the image.
    private func validateStructure(file: String) throws(NetworkError) {
        guard Limits.nodes.contains(nodes.count) else {
            throw NetworkError(file: file, field: "graph", found: "\(nodes.count) nodes", expected: "\(Limits.nodes)")
        }
        var names: Set<String> = []
        var isRead = [Bool](repeating: false, count: nodes.count)
        for (index, node) in nodes.enumerated() {
            guard Limits.nameLength.contains(node.name.utf8.count), names.insert(node.name).inserted else {
                throw NetworkError(
                    file: file, field: "graph.nodes[\(index)].name", found: quoted(node.name), expected: "a unique name of 1...256 bytes")
            }
            guard (node.operation.codes == .pixels) == (index == 0) else {
                throw error(node, file: file, "operation", node.operation.name, "the image as node 0 and nowhere else")
            }
            for input in node.inputs {
                guard (0..<index).contains(input) else {
                    throw error(node, file: file, "inputs", "\(input)", "the index of an earlier node")
                }
            }
            for input in node.valueInputs { isRead[input] = true }
        }
        for (node, isRead) in zip(nodes.dropLast(), isRead) where !isRead {
            throw error(node, file: file, "output", "no reader", "a later node that reads it")
        }
    }

    /// What `body` returns; its fault as an error of that node, of images of that size where it has one.
    func faults<Result>(
        of node: Node, file: String, at size: MapSize?, _ body: () throws(OperatorFault) -> Result
    ) throws(NetworkError) -> Result {
        do throws(OperatorFault) {
            return try body()
        } catch {
            let found = error.found + (size.map { " for an image of \($0)" } ?? "")
            throw self.error(node, file: file, error.field, found, error.expected)
        }
    }

    private func error(_ node: Node, file: String, _ field: String, _ found: String, _ expected: String) -> NetworkError {
        NetworkError(file: file, field: "graph node \(node.name): \(field)", found: found, expected: expected)
    }
}
