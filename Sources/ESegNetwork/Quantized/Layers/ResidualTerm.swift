/// The residual input's part in a sum: (r − zp_r) · multiplier at 2^−shift of the output's step.
public struct ResidualTerm: Sendable, Equatable {
    /// rne(r's scale / output scale · 2^shift), in 1...32767.
    public var multiplier: Int16
    /// In 1...14.
    public var shift: Int
    /// The convolution's own part passes a ReLU before the sum.
    public var relu: Bool

    public init(multiplier: Int16, shift: Int, relu: Bool = false) {
        self.multiplier = multiplier
        self.shift = shift
        self.relu = relu
    }
}

extension ResidualTerm {
    var members: [JSONValue.Member] {
        let term: JSONValue = ["multiplier": .integer(Int(multiplier)), "shift": .integer(shift), "relu": .bool(relu)]
        return [JSONValue.Member(key: "residual_term", value: term)]
    }

    /// Nil where the node has none.
    static func read(_ fields: inout JSONFields) throws(NetworkError) -> ResidualTerm? {
        guard fields.has("residual_term") else { return nil }
        var term = try JSONFields(try fields.value("residual_term"), file: fields.file, path: "\(fields.path).residual_term")
        let multiplier = Int16(try term.integer("multiplier", in: QuantizedNetwork.Limits.residualMultiplier))
        let shift = try term.integer("shift", in: QuantizedNetwork.Limits.residualShift)
        let relu = try term.bool("relu")
        try term.end()
        return ResidualTerm(multiplier: multiplier, shift: shift, relu: relu)
    }
}

extension LayerCheck {
    /// Throws unless there is a residual exactly where the operation adds one, in range.
    func checkResidual(_ term: ResidualTerm?) throws(NetworkError) {
        let isExpected = node.operation.isResidual, activation = node.operation.activation
        try require((term != nil) == isExpected, "residual_term", term == nil ? "nothing" : "one", isExpected ? "one" : "nothing")
        guard let term else { return }
        try require(activation == .none || activation == .relu, "activation", "\(activation.rawValue) before a residual", "none or relu")
        try require(term.relu == (activation == .relu), "residual_term.relu", "\(term.relu)", "\(activation == .relu)")
        let multipliers = Limits.residualMultiplier
        let shifts = Limits.residualShift
        try require(multipliers.contains(Int(term.multiplier)), "residual_term.multiplier", "\(term.multiplier)", "\(multipliers)")
        try require(shifts.contains(term.shift), "residual_term.shift", "\(term.shift)", "\(shifts)")
    }

    /// The greatest magnitude of a residual's part in what is rounded, or rounded itself.
    func reach(of term: ResidualTerm) -> Double {
        let greatest = input(1).precision.reach * Double(term.multiplier), part = Double(1 << term.shift)
        return isInt16 ? greatest / part : greatest + part / 2
    }
}
