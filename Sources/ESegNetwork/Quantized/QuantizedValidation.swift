import Kernels

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
        try config.validate(file: file)
        try graph.validate(file: file)
        let counts = [
            ("classes", classNames.count, config.classes), ("graph: classifier outputs", graph.nodes.last?.channels ?? 0, config.classes),
        ]
        let parallel = [
            ("outputs", outputs.count, graph.nodes.count), ("layers", layers.count, graph.nodes.count),
            ("channel scalings", channelScalings.count, graph.nodes.count), ("records", records.count, graph.nodes.count),
        ]
        for (field, found, expected) in counts + parallel where found != expected {
            throw NetworkError(file: file, field: field, found: "\(found)", expected: "\(expected)")
        }
        for (node, record) in zip(graph.nodes, records) { try record?.validate(file: file, node: node.name) }
        for index in graph.nodes.indices { try LayerCheck(network: self, file: file, index: index).check() }
    }
}

extension SiLUCurve {
    static let pieces = 64
}

/// Checks one layer of a network whose graph is valid.
private struct LayerCheck {
    let network: QuantizedNetwork
    let file: String
    let index: Int
    typealias Limits = QuantizedNetwork.Limits

    var node: Node { network.graph.nodes[index] }
    var output: Quantization { network.outputs[index] }
    var isWide: Bool { network.isWide(index) }
    var givesLogits: Bool { index == network.graph.nodes.count - 1 }
    func input(_ i: Int) -> Quantization { network.outputs[node.inputs[i]] }

    private func checkScaling(_ scaling: ChannelScaling) throws(NetworkError) {
        for (field, values) in [("channel_factor", scaling.factors), ("channel_offset", scaling.offsets)] {
            try require(values.count == node.channels, field, "\(values.count) values", "\(node.channels)")
            if let value = values.first(where: { !$0.isFinite }) { try require(false, field, "\(value)", "finite values") }
        }
        if let value = scaling.factors.first(where: { $0 <= 0 }) { try require(false, "channel_factor", "\(value)", "values above 0") }
    }

    func check() throws(NetworkError) {
        try checkScaling(network.channelScalings[index])
        try requirePositive(output.scale, "scale")
        if givesLogits { try require(output.precision == .int16, "precision", output.precision.rawValue, "int16, as logits have") }
        if output.precision == .int16 { try require(output.zeroPoint == 0, "zero point", "\(output.zeroPoint)", "0") }
        try require(
            node.operation.activation != .sigmoid, "activation", "sigmoid", "one that has integer arithmetic: gates are gathered first")
        if node.operation.codes == .input {
            try require(output == input(0), "scale, zero point and precision", output.summary, "its input's \(input(0).summary)")
        }
        switch (node.operation, network.layers[index]) {
        case (.image, .image(let padding)):
            try require(padding.count == node.channels, "padding", "\(padding.count) values", "\(node.channels)")
            try require(
                output == Quantization(scale: 1, zeroPoint: 0), "scale, zero point and precision", output.summary, "1, 0, uint8")
        case (.convolution(let operation), .convolution(let layer)):
            try convolution(layer, operation.activation, residual: operation.residual)
        case (.depthwise(let operation), .depthwise(let layer)):
            try convolution(layer, operation.activation, residual: false)
        case (.gate(let operation), .gate(let layer)):
            try gate(layer, operation)
        case (.maxPool, .passing), (.resize, .passing): break
        case (.weightedSum(let operation), .wideSum(let layer)) where isWide:
            try wideSum(layer, operation)
        case (.weightedSum(let operation), .sum(let layer)) where !isWide:
            try sum(layer, inputs: operation.inputs)
            try curve(layer.curve, operation.activation)
        case (.globalAveragePool, _), (.product, _):
            throw error("op", found: node.operation.name, expected: "an operator that has integer arithmetic: gates are gathered first")
        case (.image, _), (.convolution, _), (.depthwise, _), (.gate, _), (.maxPool, _), (.resize, _), (.weightedSum, _):
            throw error("layer", found: "another operation's parameters", expected: "those of the node's operation")
        }
    }
}

// Convolutions
extension LayerCheck {
    private func convolution(_ layer: QuantizedConvolution, _ activation: Activation, residual: Bool) throws(NetworkError) {
        let count = node.operation.weightShape.reduce(1, *)
        try require(layer.weights.count == count, "weight", "\(layer.weights.count) values", "\(count)")
        try require(layer.bias.count == node.channels, "bias", "\(layer.bias.count) values", "\(node.channels)")
        try require(layer.multiplier.count == node.channels, "multiplier", "\(layer.multiplier.count) values", "\(node.channels)")
        for multiplier in layer.multiplier { try requirePositive(multiplier, "multiplier") }
        try weightRange(layer.weights)
        try self.residual(layer.residual, isExpected: residual, activation)
        let activation = residual ? .none : activation
        try curve(layer.curve, isWide ? .none : activation)
        try accumulators(layer, stepsPerUnit: try stepsPerUnit(activation))
    }

    private func weightRange(_ weights: QuantizedWeights) throws(NetworkError) {
        let (greatest, limit) =
            switch weights {
            case .int8(let values): (eseg_greatest_magnitude_i8(values, values.count), Limits.int8Weight)
            case .int16(let values): (eseg_greatest_magnitude_i16(values, values.count), Limits.int16Weight)
            }
        try require(greatest <= limit, "weight", "a magnitude of \(greatest)", "at most \(limit)")
    }

    private func residual(_ term: ResidualTerm?, isExpected: Bool, _ activation: Activation) throws(NetworkError) {
        try require((term != nil) == isExpected, "residual_term", term == nil ? "nothing" : "one", isExpected ? "one" : "nothing")
        guard let term else { return }
        try require(activation == .none || activation == .relu, "activation", "\(activation.rawValue) before a residual", "none or relu")
        try require(term.relu == (activation == .relu), "residual_term.relu", "\(term.relu)", "\(activation == .relu)")
        let multipliers = Limits.residualMultiplier
        let shifts = Limits.residualShift
        try require(multipliers.contains(Int(term.multiplier)), "residual_term.multiplier", "\(term.multiplier)", "\(multipliers)")
        try require(shifts.contains(term.shift), "residual_term.shift", "\(term.shift)", "\(shifts)")
    }

    /// |bias| + |d| · Σ|w| bounds a channel's accumulator, d being a code without its zero point; times its multiplier, what is rounded.
    private func accumulators(_ layer: QuantizedConvolution, stepsPerUnit: Double) throws(NetworkError) {
        let sums = sumsOfMagnitudes(layer.weights)
        let added = layer.residual.map(reach) ?? 0
        for (c, sum) in sums.enumerated() {
            let bound = Double(layer.bias[c].magnitude) + input(0).precision.reach * Double(sum)
            try require(
                bound < Limits.accumulator, "channel \(c)", "weights and bias whose accumulator can reach \(bound)", "less than 2^31")
            let value = bound * Double(layer.multiplier[c]), rounded = value * stepsPerUnit
            let sum = isWide ? Limits.rounded : Limits.accumulator
            try require(
                value < Limits.float && rounded < Limits.rounded && rounded + added < sum, "channel \(c)",
                "a multiplier that takes the accumulator to \(rounded)", "less than 2^30")
        }
    }

    /// What a SiLU or HardSwish of a wide node, neither of which makes a value greater, multiplies it with. Throws if it is beyond float32.
    private func stepsPerUnit(_ activation: Activation) throws(NetworkError) -> Double {
        guard isWide, activation.isCurved else { return 1 }
        let steps = 1 / Double(output.scale)
        try require(steps < Limits.float, "scale", "\(output.scale)", "more than 2^-100 after the activation")
        return steps
    }

    /// The greatest magnitude of a residual's part in what is rounded, or rounded itself.
    private func reach(_ term: ResidualTerm) -> Double {
        let greatest = input(1).precision.reach * Double(term.multiplier), part = Double(1 << term.shift)
        return isWide ? greatest / part : greatest + part / 2
    }

    private func sumsOfMagnitudes(_ weights: QuantizedWeights) -> [UInt64] {
        let channels = node.channels
        let length = weights.count / channels
        return [UInt64](unsafeUninitializedCapacity: channels) { sums, initialized in
            switch weights {
            case .int8(let values): eseg_sums_of_magnitudes_i8(values, channels, length, sums.baseAddress)
            case .int16(let values): eseg_sums_of_magnitudes_i16(values, channels, length, sums.baseAddress)
            }
            initialized = channels
        }
    }

    private func curve(_ curve: SiLUCurve?, _ activation: Activation) throws(NetworkError) {
        let isExpected = activation.isCurved
        try require((curve != nil) == isExpected, "curve", curve == nil ? "nothing" : "one", isExpected ? "one" : "nothing")
        guard let curve else { return }
        try requirePositive(curve.inputScale, "curve.input_scale")
        try require(curve.gain >= 0, "curve.gain", "\(curve.gain)", "0...32767")
        try require(curve.base.count == SiLUCurve.pieces, "curve.base", "\(curve.base.count) values", "\(SiLUCurve.pieces)")
        try require(curve.slope.count == SiLUCurve.pieces, "curve.slope", "\(curve.slope.count) values", "\(SiLUCurve.pieces)")
    }
}

// Sums and gates
extension LayerCheck {
    private func sum(_ sum: QuantizedSum, inputs: Int) throws(NetworkError) {
        try require(sum.multipliers.count == inputs, "multiplier", "\(sum.multipliers.count) inputs", "\(inputs)")
        try require(Limits.sumShift.contains(sum.shift), "shift", "\(sum.shift)", "\(Limits.sumShift)")
        var sums = [Double](repeating: Double(1 << (sum.shift - 1)), count: node.channels)
        for multipliers in sum.multipliers {
            try require(multipliers.count == node.channels, "multiplier", "\(multipliers.count) channels", "\(node.channels)")
            let greatest = eseg_greatest_magnitude_i16(multipliers, multipliers.count)
            try require(
                greatest <= Limits.sumMultiplier, "multiplier", "a magnitude of \(greatest)", "at most \(Limits.sumMultiplier)")
            for c in sums.indices { sums[c] += Precision.uint8.reach * Double(multipliers[c].magnitude) }
        }
        for (c, sum) in sums.enumerated() {
            try require(sum < Limits.accumulator, "channel \(c)", "multipliers whose sum can reach \(sum)", "less than 2^31")
        }
    }

    private func wideSum(_ sum: WideSum, _ operation: WeightedSum) throws(NetworkError) {
        try require(sum.multipliers.count == operation.inputs, "multiplier", "\(sum.multipliers.count) inputs", "\(operation.inputs)")
        let stepsPerUnit = try stepsPerUnit(operation.activation)
        var sums = [Double](repeating: 0, count: node.channels)
        for (i, multipliers) in sum.multipliers.enumerated() {
            try require(multipliers.count == node.channels, "multiplier", "\(multipliers.count) channels", "\(node.channels)")
            let index = eseg_first_nonfinite(multipliers, multipliers.count)
            try require(index == multipliers.count, "multiplier", "\(index < multipliers.count ? multipliers[index] : 0)", "finite numbers")
            for c in sums.indices { sums[c] += input(i).precision.reach * Double(multipliers[c].magnitude) }
        }
        for (c, sum) in sums.enumerated() {
            try require(
                sum < Limits.float && sum * stepsPerUnit < Limits.rounded, "channel \(c)",
                "multipliers whose sum can reach \(sum)", "less than 2^30 steps")
        }
    }

    /// Bounds every float32 sum, given that |silu(x)| ≤ |x| and how far a mean is from zero, and the rounded gate or gated value.
    private func gate(_ layer: QuantizedGate, _ operation: Gate) throws(NetworkError) {
        let (channels, squeezed) = (operation.channels, operation.squeezed)
        let tensors = [
            ("reduce.weight", layer.reduceWeights, channels * squeezed), ("reduce.bias", layer.reduceBias, squeezed),
            ("expand.weight", layer.expandWeights, channels * squeezed), ("expand.bias", layer.expandBias, channels),
        ]
        for (name, values, count) in tensors {
            try require(values.count == count, name, "\(values.count) values", "\(count)")
            let index = eseg_first_nonfinite(values, values.count)
            try require(index == values.count, name, "\(index < values.count ? values[index] : 0)", "finite numbers")
        }
        let mean = [Double](repeating: input(0).precision.reach * Double(input(0).scale), count: channels)
        let reduced = Self.bounds(weights: layer.reduceWeights, bias: layer.reduceBias, inputs: mean)
        let expanded = Self.bounds(weights: layer.expandWeights, bias: layer.expandBias, inputs: reduced)
        let greatest = (reduced + expanded).max() ?? 0
        try require(greatest < Limits.float, "weights", "sums that can reach \(greatest)", "less than 2^100")
        let quotient = Double(input(0).scale) / Double(output.scale), greatestQuotient = isWide ? 0x1p15 : 0x1p17
        try require(
            quotient < greatestQuotient, "scale", "\(output.scale) from an input of \(input(0).scale)",
            "a quotient below 2^\(isWide ? 15 : 17)")
    }

    /// Greatest magnitudes of weights [outputs, inputs] · x + bias for |x| up to `inputs`.
    private static func bounds(weights: [Float], bias: [Float], inputs: [Double]) -> [Double] {
        bias.indices.map { o in
            inputs.indices.reduce(Double(bias[o].magnitude)) { $0 + Double(weights[o * inputs.count + $1].magnitude) * inputs[$1] }
        }
    }
}

// Errors
extension Quantization {
    fileprivate var summary: String { "\(scale), \(zeroPoint), \(precision.rawValue)" }
}

extension LayerCheck {
    private func requirePositive(_ value: Float, _ field: String) throws(NetworkError) {
        try require(value > 0 && value.isFinite, field, "\(value)", "a finite number greater than zero")
    }

    private func require(_ holds: Bool, _ field: String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String)
        throws(NetworkError)
    {
        guard holds else { throw error(field, found: found(), expected: expected()) }
    }

    private func error(_ field: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: file, field: "layer \(node.name): \(field)", found: found, expected: expected)
    }
}
