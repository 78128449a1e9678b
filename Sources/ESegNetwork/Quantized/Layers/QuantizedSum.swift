import Kernels

/// sum = Σ_i (q_i − zp_i) · multipliers[i][c] an int32 until one rounding: v = (sum + 2^(shift−1)) >> shift.
/// - plain: q = sat8(zp + v)
/// - with a curve: q = curve(sat16(v)), the multipliers are then in steps of the curve's input scale.
public struct QuantizedSum: Sendable, Equatable {
    /// [inputs][channels], each in −32767...32767: rne(weight · input scale / scale of v · 2^shift).
    public var multipliers: [[Int16]]
    /// In 1...24.
    public var shift: Int
    public var curve: ActivationCurve?

    public init(multipliers: [[Int16]], shift: Int, curve: ActivationCurve? = nil) {
        self.multipliers = multipliers
        self.shift = shift
        self.curve = curve
    }
}

extension QuantizedSum: QuantizedParameters {
    var members: [JSONValue.Member] { [JSONValue.Member(key: "shift", value: .integer(shift))] + (curve?.members ?? []) }
    var termFactors: [[Double]] { multipliers.map { $0.map { Double($0) / Double(1 << shift) } } }
    var parameterCount: Int { multipliers.reduce(0) { $0 + $1.count } }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        try writer.add(node.name + ".multiplier", shape: [multipliers.count, node.channels], values: Array(multipliers.joined()))
        try curve?.addTensors(to: &writer, of: node)
    }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        self.init(
            multipliers: try reader.rows("multiplier", reader.node.inputs.count, reader.node.channels),
            shift: try reader.fields.integer("shift", in: QuantizedNetwork.Limits.sumShift), curve: try ActivationCurve.read(&reader))
    }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        typealias Limits = QuantizedNetwork.Limits
        let node = layer.node
        try layer.require(multipliers.count == node.inputs.count, "multiplier", "\(multipliers.count) inputs", "\(node.inputs.count)")
        try layer.require(Limits.sumShift.contains(shift), "shift", "\(shift)", "\(Limits.sumShift)")
        var sums = [Double](repeating: Double(1 << (shift - 1)), count: node.channels)
        for multipliers in multipliers {
            try layer.require(multipliers.count == node.channels, "multiplier", "\(multipliers.count) channels", "\(node.channels)")
            let greatest = eseg_greatest_magnitude_i16(multipliers, multipliers.count)
            try layer.require(
                greatest <= Limits.sumMultiplier, "multiplier", "a magnitude of \(greatest)", "at most \(Limits.sumMultiplier)")
            for c in sums.indices { sums[c] += Precision.uint8.reach * Double(multipliers[c].magnitude) }
        }
        for (c, sum) in sums.enumerated() {
            try layer.require(sum < Limits.accumulator, "channel \(c)", "multipliers whose sum can reach \(sum)", "less than 2^31")
        }
        try layer.checkCurve(curve, node.operation.activation)
    }
}
