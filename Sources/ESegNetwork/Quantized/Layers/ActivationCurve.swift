/// SiLU, HardSwish or GELU of an int16 code t by integer interpolation of what they add to relu(x), in 1/64 of the output's step. For SiLU that is
/// −|x|·sigmoid(−|x|), for HardSwish −|x|·max(3 − |x|, 0)/6:
///
///     a = min(|t|, 32767), i = a >> 9, f = (a & 511) << 6, mulhrs(x, y) = (x·y + 2^14) >> 15
///     y = mulhrs(max(t, 0), gain) + base[i] + mulhrs(f, slope[i])    (additions saturate to int16, left to right)
///     q = sat8(zp + ((y + 32) >> 6))                                  (y + 32 saturates to int16)
public struct ActivationCurve: Sendable, Equatable {
    /// Scale of t.
    public var inputScale: Float
    /// rne(inputScale / output scale · 64 · 2^15), in 0...32767.
    public var gain: Int16
    /// 64 values of that at |x| = i · 512 · inputScale, in 1/64 of the output's step.
    public var base: [Int16]
    /// 64 differences to the next base.
    public var slope: [Int16]

    public init(inputScale: Float, gain: Int16, base: [Int16], slope: [Int16]) {
        self.inputScale = inputScale
        self.gain = gain
        self.base = base
        self.slope = slope
    }
}

extension ActivationCurve {
    /// Values of `base` and of `slope`.
    static let pieces = 64

    var members: [JSONValue.Member] {
        [JSONValue.Member(key: "curve", value: ["input_scale": JSONValue(inputScale), "gain": .integer(Int(gain))])]
    }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        try writer.add(node.name + ".curve.base", shape: [base.count], values: base)
        try writer.add(node.name + ".curve.slope", shape: [slope.count], values: slope)
    }

    /// Nil where the node has none.
    static func read(_ reader: inout LayerReader) throws(NetworkError) -> ActivationCurve? {
        guard reader.fields.has("curve") else { return nil }
        let path = "\(reader.fields.path).curve"
        var fields = try JSONFields(try reader.fields.value("curve"), file: reader.file.path, path: path)
        let inputScale = try fields.float("input_scale")
        let gain = Int16(try fields.integer("gain", in: 0...Int(Int16.max)))
        try fields.end()
        return ActivationCurve(
            inputScale: inputScale, gain: gain, base: try reader.values("curve.base", shape: [pieces]),
            slope: try reader.values("curve.slope", shape: [pieces]))
    }
}

extension LayerCheck {
    /// Throws unless there is a curve exactly where the activation asks for one, with all its values.
    func checkCurve(_ curve: ActivationCurve?, _ activation: Activation) throws(NetworkError) {
        let isExpected = activation.isCurved
        try require((curve != nil) == isExpected, "curve", curve == nil ? "nothing" : "one", isExpected ? "one" : "nothing")
        guard let curve else { return }
        try requirePositive(curve.inputScale, "curve.input_scale")
        try require(curve.gain >= 0, "curve.gain", "\(curve.gain)", "0...32767")
        try require(curve.base.count == ActivationCurve.pieces, "curve.base", "\(curve.base.count) values", "\(ActivationCurve.pieces)")
        try require(curve.slope.count == ActivationCurve.pieces, "curve.slope", "\(curve.slope.count) values", "\(ActivationCurve.pieces)")
    }
}
