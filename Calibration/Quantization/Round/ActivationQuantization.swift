import ESegNetwork

extension Quantization {
    /// Steps below this stand for a tensor that is zero throughout.
    static let leastStep = 1e-9

    /// 256 codes over `range`, with a step of at least `step`; zero is a code.
    init(covering range: ValueRange, stepAtLeast step: Double = leastStep) {
        let lower = min(0, range.lower), upper = max(0, range.upper)
        let scale = max((upper - lower) / 255, step, Quantization.leastStep)
        let zeroPoint = min(255, max(0, (-lower / scale).rounded(.toNearestOrEven)))
        self.init(scale: Float(scale), zeroPoint: UInt8(zeroPoint))
    }

    /// int16 codes of all of `range` with a little headroom, or of what lies below `most`; with a step of at least `step`.
    init(coveringAllOf range: ValueRange, atMost most: Double = .infinity, stepAtLeast step: Double = leastStep) {
        let greatest = min(max(-range.lower, range.upper, 0) * Quantization.headroom, most)
        self.init(scale: Float(max(greatest / 32767, step, Quantization.leastStep)), zeroPoint: 0, precision: .int16)
    }

    /// int16 codes of what lies between 0 and 1.
    static let shares = Quantization(scale: 1 / 32767, zeroPoint: 0, precision: .int16)

    /// The range of int16 codes, in parts of what calibration has seen.
    static let headroom = 1.25

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
