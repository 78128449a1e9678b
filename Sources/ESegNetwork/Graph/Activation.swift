/// A function applied to each value of an operator's result.
public enum Activation: String, Sendable, Equatable, CaseIterable {
    case none, relu, relu6, silu, sigmoid
    case hardSwish = "hard_swish"

    /// Whether 8-bit codes pass it by a curve (`ActivationCurve`): SiLU and HardSwish are ReLU plus an even function that fades.
    public var isCurved: Bool {
        switch self {
        case .silu, .hardSwish: true
        case .none, .relu, .relu6, .sigmoid: false
        }
    }

    /// What it adds to an operator's `summary`.
    var suffix: String { self == .none ? "" : " \(rawValue)" }
}
