/// e[c] = exp(float(d[c] − greatest d) · step), d being a pixel's codes; v = e[c] / Σ e · (1 / output scale), all float32, the sum in rising
/// order of channels, exp by the operations of `Kernels/support/exact_exp.h`. From v to the output's codes as in `QuantizedNetwork.isInt16`.
public struct QuantizedSoftmax: Sendable, Equatable {
    /// The real value of one step of the input.
    public var step: Float

    public init(step: Float) { self.step = step }
}

extension QuantizedSoftmax: QuantizedParameters {
    var members: [JSONValue.Member] { [JSONValue.Member(key: "step", value: JSONValue(step))] }

    init(_ reader: inout LayerReader) throws(NetworkError) { step = try reader.fields.float("step") }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        try layer.requirePositive(step, "step")
        let scale = layer.output.scale
        try layer.require(1 / Double(scale) < QuantizedNetwork.Limits.rounded, "scale", "\(scale)", "more than 2^-30")
    }
}
