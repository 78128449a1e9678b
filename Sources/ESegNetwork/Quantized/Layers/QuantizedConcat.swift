/// Of input i, whose codes without zero point are d: v = float(d) · multipliers[i], and from v to the output's codes as in
/// `QuantizedNetwork.isInt16`, without activation.
///
/// Where an input's codes are the output's, its multiplier is 1: they pass unchanged.
public struct QuantizedConcat: Sendable, Equatable {
    /// [inputs]: input scale / output scale.
    public var multipliers: [Float]

    public init(multipliers: [Float]) { self.multipliers = multipliers }
}

extension QuantizedConcat: QuantizedParameters {
    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        try writer.add(node.name + ".multiplier", shape: [multipliers.count], values: multipliers)
    }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        multipliers = try reader.values("multiplier", shape: [reader.node.inputs.count])
    }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        try layer.requireFinite(multipliers, "multiplier", count: layer.node.inputs.count)
        for (i, multiplier) in multipliers.enumerated() {
            try layer.requirePositive(multiplier, "multiplier")
            let reach = layer.input(i).precision.reach * Double(multiplier)
            try layer.require(
                reach < QuantizedNetwork.Limits.rounded, "multiplier", "\(multiplier), which can reach \(reach)", "less than 2^30 steps")
            let passes = layer.input(i) == layer.output
            try layer.require(!passes || multiplier == 1, "multiplier", "\(multiplier)", "1, for the codes of input \(i) are the output's")
        }
    }
}
