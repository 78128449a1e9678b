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

    /// The scale, to reckon with.
    var step: Double { Double(scale) }

    /// The value of code 255.
    var top: Double { step * Double(255 - zeroPoint) }
}

extension NodeStatistics {
    /// The range of the codes of an output that `activation` bounds.
    func range(_ method: RangeMethod, activation: Activation) -> ValueRange {
        let observed = output.range(method)
        switch activation {
        case .none: return observed
        case .relu: return ValueRange(lower: 0, upper: observed.upper)
        case .relu6: return ValueRange(lower: 0, upper: min(6, observed.upper))
        case .silu: return ValueRange(lower: max(SiLU.minimum, observed.lower), upper: observed.upper)
        }
    }
}
