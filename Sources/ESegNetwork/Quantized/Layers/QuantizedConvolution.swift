/// acc[c] = bias[c] + Σ (q_in − zp_in) · weights[c], an int32 that cannot overflow (the padding outside the map counts as q_in = zp_in).
///
/// For the convolution that reads the image, zp_in is 0, the normalization is folded into weights and bias, and the padding is the image's.
/// - plain: q = sat8(zp + rne(float(acc) · multiplier[c]))
/// - with a curve: t = sat16(rne(float(acc) · multiplier[c])), q = curve(t)
/// - with slopes: v = float(acc) · multiplier[c], where v < 0 times slope[c]; within ±2^30, or ±2^29 in int16 arithmetic; q = sat8(zp + rne(v))
/// - with a residual r: v = rne(float(acc) · multiplier[c]), v = max(v, 0) where the residual says `relu`,
///   q = sat8(zp + ((v + (r − zp_r) · m_r + 2^(shift−1)) >> shift))
/// - of logits: logit = sat16(rne(float(acc) · multiplier[c]))
public struct QuantizedConvolution: Sendable, Equatable {
    /// [out, kh, kw, in], or [channels, kh, kw] where depthwise.
    public var weights: QuantizedWeights
    public var bias: [Int32]
    /// Per output channel: input scale × weight scale / scale of what is rounded. Finite, greater than zero.
    public var multiplier: [Float]
    public var curve: ActivationCurve?
    /// Of a PReLU, per output channel: finite.
    public var slope: [Float]?
    public var residual: ResidualTerm?

    public init(
        weights: QuantizedWeights, bias: [Int32], multiplier: [Float], curve: ActivationCurve? = nil, slope: [Float]? = nil,
        residual: ResidualTerm? = nil
    ) {
        self.weights = weights
        self.bias = bias
        self.multiplier = multiplier
        self.curve = curve
        self.slope = slope
        self.residual = residual
    }
}

extension QuantizedConvolution: QuantizedParameters {
    var members: [JSONValue.Member] { (curve?.members ?? []) + (residual?.members ?? []) }
    var weightType: String? { weights.type }
    var parameterCount: Int { weights.count + bias.count }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        let name = node.name + ".weight", shape = node.operation.weightShape
        switch weights {
        case .int8(let values): try writer.add(name, shape: shape, values: values)
        case .int16(let values): try writer.add(name, shape: shape, values: values)
        }
        try writer.add(node.name + ".bias", shape: [bias.count], values: bias)
        try writer.add(node.name + ".multiplier", shape: [multiplier.count], values: multiplier)
        try curve?.addTensors(to: &writer, of: node)
        if let slope { try writer.add(node.name + ".slope", shape: [slope.count], values: slope) }
    }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        let channels = [reader.node.channels]
        self.init(
            weights: try QuantizedWeights(&reader), bias: try reader.values("bias", shape: channels),
            multiplier: try reader.values("multiplier", shape: channels), curve: try ActivationCurve.read(&reader),
            slope: reader.node.operation.activation == .prelu ? try reader.values("slope", shape: channels) : nil,
            residual: try ResidualTerm.read(&reader.fields))
    }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        let node = layer.node, count = node.operation.weightShape.reduce(1, *)
        try layer.require(weights.count == count, "weight", "\(weights.count) values", "\(count)")
        try layer.require(bias.count == node.channels, "bias", "\(bias.count) values", "\(node.channels)")
        try layer.require(multiplier.count == node.channels, "multiplier", "\(multiplier.count) values", "\(node.channels)")
        for multiplier in multiplier { try layer.requirePositive(multiplier, "multiplier") }
        let (greatest, limit) = (weights.greatestMagnitude, weights.limit)
        try layer.require(greatest <= limit, "weight", "a magnitude of \(greatest)", "at most \(limit)")
        try layer.checkResidual(residual)
        let activation = node.operation.outputActivation
        try layer.checkCurve(curve, layer.isInt16 ? .none : activation)
        try checkSlope(layer)
        try checkAccumulators(layer, stepsPerUnit: try layer.stepsPerUnit(activation))
    }

    private func checkSlope(_ layer: LayerCheck) throws(NetworkError) {
        let isExpected = layer.node.operation.activation == .prelu
        try layer.require((slope != nil) == isExpected, "slope", slope == nil ? "nothing" : "one", isExpected ? "one" : "nothing")
        if let slope { try layer.requireFinite(slope, "slope", count: layer.node.channels) }
    }

    /// |bias| + |d| · Σ|w| bounds a channel's accumulator, d being a code without its zero point; times its multiplier, what is rounded.
    private func checkAccumulators(_ layer: LayerCheck, stepsPerUnit: Double) throws(NetworkError) {
        typealias Limits = QuantizedNetwork.Limits
        let added = residual.map { layer.reach(of: $0) } ?? 0, reach = layer.input(0).precision.reach
        let isGate = layer.node.operation.outputActivation.isGate, most = layer.isInt16 ? Limits.rounded : Limits.accumulator
        for (c, sum) in weights.sumsOfMagnitudes(channels: bias.count).enumerated() {
            let bound = Double(bias[c].magnitude) + reach * Double(sum)
            try layer.require(
                bound < Limits.accumulator, "channel \(c)", "weights and bias whose accumulator can reach \(bound)", "less than 2^31")
            let value = bound * Double(multiplier[c]), rounded = isGate ? stepsPerUnit : value * stepsPerUnit
            try layer.require(
                value < Limits.float && rounded < Limits.rounded && rounded + added < most, "channel \(c)",
                "a multiplier that takes the accumulator to \(rounded)", "less than 2^30")
        }
    }
}
