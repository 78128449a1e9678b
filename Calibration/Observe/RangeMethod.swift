import ESegNetwork

/// How the range of a tensor's codes is chosen from the values that calibration saw.
public enum RangeMethod: Sendable, Equatable, CustomStringConvertible {
    /// MSE where ReLU6 bounds the network's activations, else KL: unbounded channels differ in scale, and the largest dominate a squared error.
    ///
    /// Agreement with float on 101 street frames by MSE, percentile 99.99 and KL: with ReLU6 99.64, 99.63 and 99.63 %, with ReLU 97.3, 97.8 and
    /// 98.7 %, with SiLU 97.8, 98.4 and 98.4 %.
    case automatic
    /// Every value that was seen.
    case minMax
    /// That percentage of the values below the upper end, and as much above the lower end if it is not zero. More than 50, at most 100.
    case percentile(Double)
    /// The least mean squared error of rounding and clipping.
    case mse
    /// The least Kullback–Leibler divergence of the quantized from the observed distribution (entropy calibration).
    case kl

    /// "auto", "min-max", "percentile" (99.99), "percentile:P", "mse" or "kl"; else nil.
    public init?(_ text: String) {
        switch text {
        case "auto": self = .automatic
        case "min-max": self = .minMax
        case "mse": self = .mse
        case "kl": self = .kl
        case "percentile": self = .percentile(99.99)
        default:
            let prefix = "percentile:"
            guard text.hasPrefix(prefix), let value = Double(text.dropFirst(prefix.count)), value > 50, value <= 100 else { return nil }
            self = .percentile(value)
        }
    }

    func resolved(for activation: Activation) -> RangeMethod {
        self == .automatic ? (activation == .relu6 ? .mse : .kl) : self
    }

    public var description: String {
        switch self {
        case .automatic: "auto"
        case .minMax: "min-max"
        case .percentile(let value): "percentile:\(value)"
        case .mse: "mse"
        case .kl: "kl"
        }
    }
}
