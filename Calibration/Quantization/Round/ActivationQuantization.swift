import ESegNetwork

extension Quantization {
    /// The least step: what is computed from steps and their inverses stays a normal float32.
    static let leastStep = 0x1p-96
    /// The least step of what a softmax reads: exponentials of less than that are 1.
    static let leastSoftmaxStep = 0x1p-29
    /// The step of a tensor that is zero throughout, which has no range to cover.
    static let stepOfZeros = 1e-9

    /// 256 codes over `range`, with a step of at least `step`; zero is a code.
    init(covering range: ValueRange, stepAtLeast step: Double = leastStep) {
        let lower = min(0, range.lower), upper = max(0, range.upper)
        let scale = Quantization.step((upper - lower) / 255, atLeast: step)
        let zeroPoint = min(255, max(0, (-lower / scale).rounded(.toNearestOrEven)))
        self.init(scale: Float(scale), zeroPoint: UInt8(zeroPoint))
    }

    /// int16 codes of all of `range` with a little headroom, or of what lies below `most`; with a step of at least `step`.
    init(coveringAllOf range: ValueRange, atMost most: Double = .infinity, stepAtLeast step: Double = leastStep) {
        let greatest = min(max(-range.lower, range.upper, 0) * Quantization.headroom, most)
        self.init(scale: Float(Quantization.step(greatest / 32767, atLeast: step)), zeroPoint: 0, precision: .int16)
    }

    private static func step(_ wanted: Double, atLeast step: Double) -> Double {
        max(wanted == 0 ? stepOfZeros : wanted, step, leastStep)
    }

    /// int16 codes of what lies between 0 and 1.
    static let shares = Quantization(scale: 1 / 32767, zeroPoint: 0, precision: .int16)

    /// The range of int16 codes, in parts of what calibration has seen.
    static let headroom = 1.25

    /// The multiplier from units of `inputStep` to codes: a normal float, also where it makes 0 of all that can be summed up.
    func multiplier(from inputStep: Double) -> Float { max(Float(inputStep / step), .leastNormalMagnitude) }

    /// The scale as a double, to compute with.
    var step: Double { Double(scale) }

    /// The greatest magnitude of any code's value.
    var reach: Double { precision.reach * step }

    /// The value of code 255.
    var top: Double { step * Double(255 - zeroPoint) }
}

extension NodeStatistics {
    /// All that was seen of an output that `activation` bounds.
    func wholeRange(_ activation: Activation) -> ValueRange {
        ValueRange(lower: activation == .relu || activation == .relu6 ? 0 : Double(output.minimum), upper: Double(output.maximum))
    }

    /// What of `observed` an output that `activation` bounds can take.
    func range(_ observed: ValueRange, activation: Activation) -> ValueRange {
        switch activation {
        case .none, .prelu: return observed
        case .relu: return ValueRange(lower: 0, upper: observed.upper)
        case .relu6: return ValueRange(lower: 0, upper: min(6, observed.upper))
        case .sigmoid, .hardSigmoid: return ValueRange(lower: max(0, observed.lower), upper: min(1, observed.upper))
        case .elu: return ValueRange(lower: max(-1, observed.lower), upper: observed.upper)
        case .silu, .hardSwish, .gelu, .geluTanh:
            let least = CurvedActivation(activation)?.minimum ?? 0
            return ValueRange(lower: max(least, observed.lower), upper: observed.upper)
        }
    }
}
