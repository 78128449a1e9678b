/// A function applied to each value of an operator's result.
public enum Activation: String, Sendable, Equatable, CaseIterable {
    case none, relu, relu6, silu, sigmoid
    case hardSwish = "hard_swish"
    /// min(max(x + 3, 0), 6) / 6.
    case hardSigmoid = "hard_sigmoid"
    /// max(x, 0) + slope · min(x, 0), with a slope of each channel; only what ends a convolution has slopes.
    case prelu
    /// x · Φ(x), with the normal distribution's Φ.
    case gelu
    /// Its approximation x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2.
    case geluTanh = "gelu_tanh"
    /// max(x, 0) + e^min(x, 0) − 1.
    case elu

    /// Whether 8-bit codes pass it by a curve (`ActivationCurve`): SiLU, HardSwish and GELU are ReLU plus an even function that fades.
    public var isCurved: Bool {
        switch self {
        case .silu, .hardSwish, .gelu, .geluTanh: true
        case .none, .relu, .relu6, .sigmoid, .hardSigmoid, .prelu, .elu: false
        }
    }

    /// Whether it is a gate's, between 0 and 1.
    public var isGate: Bool {
        switch self {
        case .sigmoid, .hardSigmoid: true
        case .none, .relu, .relu6, .silu, .hardSwish, .prelu, .gelu, .geluTanh, .elu: false
        }
    }

    /// Whether its codes are int16, and so the arithmetic that gives them: a gate's, and ELU's, for which there is no curve.
    public var needsInt16: Bool { isGate || self == .elu }

    /// Whether int16 arithmetic applies it to real numbers, not to steps of the output.
    public var isInReals: Bool { isCurved || needsInt16 }

    /// Whether it only cuts off: between codes, saturation does it.
    public var isClamping: Bool {
        switch self {
        case .none, .relu, .relu6: true
        case .silu, .hardSwish, .sigmoid, .hardSigmoid, .prelu, .gelu, .geluTanh, .elu: false
        }
    }

    /// Its parameters, for a layer of that many channels.
    func parameters(channels: Int) -> [Parameter] { self == .prelu ? [Parameter("slope", [channels])] : [] }

    /// What it adds to an operator's `summary`.
    var suffix: String { self == .none ? "" : " \(rawValue)" }
}
