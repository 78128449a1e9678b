/// v = Σ_i float(d_i) · multipliers[i][c], float32 products and sums, inputs in rising order.
public struct Int16Sum: Sendable, Equatable {
    /// [inputs][channels], finite: weight · input scale / scale of v.
    public var multipliers: [[Float]]

    public init(multipliers: [[Float]]) { self.multipliers = multipliers }
}

extension Int16Sum: QuantizedParameters {
    var weightType: String? { "float32" }
    var termFactors: [[Double]] { multipliers.map { $0.map { Double($0) } } }
    var parameterCount: Int { multipliers.reduce(0) { $0 + $1.count } }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        try writer.add(node.name + ".multiplier", shape: [multipliers.count, node.channels], values: Array(multipliers.joined()))
    }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        self.init(multipliers: try reader.rows("multiplier", reader.node.inputs.count, reader.node.channels))
    }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        let node = layer.node
        try layer.require(multipliers.count == node.inputs.count, "multiplier", "\(multipliers.count) inputs", "\(node.inputs.count)")
        let stepsPerUnit = try layer.stepsPerUnit(node.operation.activation)
        var sums = [Double](repeating: 0, count: node.channels)
        for (i, multipliers) in multipliers.enumerated() {
            try layer.requireFinite(multipliers, "multiplier", count: node.channels)
            for c in sums.indices { sums[c] += layer.input(i).precision.reach * Double(multipliers[c].magnitude) }
        }
        for (c, sum) in sums.enumerated() {
            try layer.require(
                sum < QuantizedNetwork.Limits.float && sum * stepsPerUnit < QuantizedNetwork.Limits.rounded, "channel \(c)",
                "multipliers whose sum can reach \(sum)", "less than 2^30 steps")
        }
    }
}
