extension QuantizedNetwork {
    enum Limits {
        static let residualMultiplier = 1...Int(Int16.max)
        static let residualShift = 1...14
        static let sumShift = 1...24
        static let sumMultiplier = Int32(Int16.max)
        static let int8Weight: Int32 = 127
        /// The greatest 256·high + low with both in int8 range and low at least −128: 256 · 127 + 127.
        static let int16Weight: Int32 = 32639
        /// Accumulators and sums stay below this magnitude, so that int32 holds them.
        static let accumulator = 0x1p31
        /// A rounded float stays below this magnitude, so that a zero point or residual can be added to it.
        static let rounded = 0x1p30
        /// Float32 sums inside squeeze-excite and before a SiLU stay below this magnitude.
        static let float = 0x1p100
    }

    /// Throws naming `file`, the node and its field unless the network can run exactly as `QuantizedNetwork` specifies, whatever the image.
    ///
    /// Checks the graph, counts, ranges, that floats are finite, and proves that no accumulator, sum or float-to-int conversion overflows.
    public func validate(file: String) throws(NetworkError) {
        try description.validate(file: file)
        try graph.validate(file: file)
        let counts = [("network.classes", classNames.count, graph.nodes.last?.channels ?? 0)]
        let parallel = [
            ("outputs", outputs.count, graph.nodes.count), ("layers", layers.count, graph.nodes.count),
            ("channel scalings", channelScalings.count, graph.nodes.count), ("records", records.count, graph.nodes.count),
        ]
        for (field, found, expected) in counts + parallel where found != expected {
            throw NetworkError(file: file, field: field, found: "\(found)", expected: "\(expected)")
        }
        _ = try DoubtCalibration(provenance, classes: classNames.count, file: file)
        for (node, record) in zip(graph.nodes, records) { try record?.validate(file: file, node: node.name) }
        for index in graph.nodes.indices { try LayerCheck(network: self, file: file, index: index).check() }
    }
}
