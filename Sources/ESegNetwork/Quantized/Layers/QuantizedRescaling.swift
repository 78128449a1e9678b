/// v = float(what the operator makes of codes without zero point) · multiplier, and from v to the output's codes as in
/// `QuantizedNetwork.isInt16`.
///
/// - bilinear resize: acc = Σ weight of row · weight of column · d, an int32, both weights in 2^b-ths, b = 11 over 8-bit codes and 8 over int16
///   ones, rounded half up from exact positions; v = float(acc) · (multiplier · 2^(−2b))
/// - average pools: acc = Σ d under the window, or in a cell of the grid; v = float(acc) · (multiplier / float(count))
/// - product: v = float(d · e) · multiplier, d and e being codes of the two maps
public struct QuantizedRescaling: Sendable, Equatable {
    /// Input scale / output scale; of a product, the product of both inputs' scales / output scale.
    public var multiplier: Float

    public init(multiplier: Float) { self.multiplier = multiplier }
}

extension QuantizedRescaling: QuantizedParameters {
    var members: [JSONValue.Member] { [JSONValue.Member(key: "multiplier", value: JSONValue(multiplier))] }

    init(_ reader: inout LayerReader) throws(NetworkError) { multiplier = try reader.fields.float("multiplier") }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        try layer.requirePositive(multiplier, "multiplier")
        let inputs = layer.node.valueInputs.map { layer.network.outputs[$0].precision.reach }
        let reach = inputs.reduce(Double(multiplier), *)
        try layer.require(
            reach < QuantizedNetwork.Limits.rounded, "multiplier", "\(multiplier), which can reach \(reach)", "less than 2^30 steps")
    }
}
