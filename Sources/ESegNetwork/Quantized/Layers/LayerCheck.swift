import Kernels

/// One layer of a network whose graph is valid, to be checked: its node, its codes and those that it reads.
struct LayerCheck {
    let network: QuantizedNetwork
    let file: String
    let index: Int
    typealias Limits = QuantizedNetwork.Limits

    var node: Node { network.graph.nodes[index] }
    var output: Quantization { network.outputs[index] }
    var isInt16: Bool { network.isInt16(index) }
    private var givesLogits: Bool { index == network.graph.nodes.count - 1 }
    func input(_ i: Int) -> Quantization { network.outputs[node.inputs[i]] }

    /// Throws, naming the file, the node and the field, unless the layer can run as its type specifies.
    func check() throws(NetworkError) {
        try checkScaling(network.channelScalings[index])
        try checkCodes()
        guard let kind = node.operation.layerKind(isInt16: isInt16) else {
            throw error("op", found: node.operation.name, expected: "an operator that has integer arithmetic: gates are gathered first")
        }
        let layer = network.layers[index]
        try require(layer.kind == kind, "layer", "another operation's parameters", "those of the node's operation")
        try layer.described.check(self)
    }

    private func checkCodes() throws(NetworkError) {
        try requirePositive(output.scale, "scale")
        if givesLogits { try require(output.precision == .int16, "precision", output.precision.rawValue, "int16, as logits have") }
        if output.precision == .int16 { try require(output.zeroPoint == 0, "zero point", "\(output.zeroPoint)", "0") }
        try require(
            !node.operation.outputActivation.needsInt16 || output.precision == .int16, "precision", output.precision.rawValue,
            "int16, as gates and ELUs have")
        let field = "scale, zero point and precision"
        switch node.operation.codes {
        case .pixels: try require(output == Quantization(scale: 1, zeroPoint: 0), field, output.summary, "1, 0, uint8")
        case .input: try require(output == input(0), field, output.summary, "its input's \(input(0).summary)")
        case .own: break
        }
    }

    private func checkScaling(_ scaling: ChannelScaling) throws(NetworkError) {
        for (field, values) in [("channel_factor", scaling.factors), ("channel_offset", scaling.offsets)] {
            try require(values.count == node.channels, field, "\(values.count) values", "\(node.channels)")
            if let value = values.first(where: { !$0.isFinite }) { try require(false, field, "\(value)", "finite values") }
        }
        if let value = scaling.factors.first(where: { $0 <= 0 }) { try require(false, "channel_factor", "\(value)", "values above 0") }
    }

    /// What an activation of an int16 node in real numbers, which makes no value greater, is multiplied with. Throws if it is beyond float32.
    func stepsPerUnit(_ activation: Activation) throws(NetworkError) -> Double {
        guard isInt16, activation.isInReals else { return 1 }
        let steps = 1 / Double(output.scale)
        try require(steps < Limits.float, "scale", "\(output.scale)", "more than 2^-100 after the activation")
        return steps
    }

    /// Throws unless there are `count` values, all finite.
    func requireFinite(_ values: [Float], _ field: String, count: Int) throws(NetworkError) {
        try require(values.count == count, field, "\(values.count) values", "\(count)")
        let index = eseg_first_nonfinite(values, values.count)
        try require(index == values.count, field, "\(index < values.count ? values[index] : 0)", "finite numbers")
    }

    func requirePositive(_ value: Float, _ field: String) throws(NetworkError) {
        try require(value > 0 && value.isFinite, field, "\(value)", "a finite number greater than zero")
    }

    func require(
        _ holds: Bool, _ field: @autoclosure () -> String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String
    ) throws(NetworkError) {
        guard holds else { throw error(field(), found: found(), expected: expected()) }
    }

    private func error(_ field: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: file, field: "layer \(node.name): \(field)", found: found, expected: expected)
    }
}

extension Quantization {
    fileprivate var summary: String { "\(scale), \(zeroPoint), \(precision.rawValue)" }
}
