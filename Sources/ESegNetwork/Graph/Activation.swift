/// A function applied to each value of an operator's result.
public enum Activation: String, Sendable, Equatable, CaseIterable {
    case none, relu, relu6, silu, sigmoid
    case hardSwish = "hard_swish"
    /// min(max(x + 3, 0), 6) / 6.
    case hardSigmoid = "hard_sigmoid"
    /// max(x, 0) + slope · min(x, 0), with a slope of each channel; only what ends a convolution has slopes.
    case prelu

    /// Whether 8-bit codes pass it by a curve (`ActivationCurve`): SiLU and HardSwish are ReLU plus an even function that fades.
    public var isCurved: Bool {
        switch self {
        case .silu, .hardSwish: true
        case .none, .relu, .relu6, .sigmoid, .hardSigmoid, .prelu: false
        }
    }

    /// Whether it is a gate's, between 0 and 1: its codes are int16, and so is the arithmetic that gives them.
    public var isGate: Bool {
        switch self {
        case .sigmoid, .hardSigmoid: true
        case .none, .relu, .relu6, .silu, .hardSwish, .prelu: false
        }
    }

    /// Whether int16 arithmetic applies it to real numbers, not to steps of the output.
    public var isInReals: Bool { isCurved || isGate }

    /// Whether it only cuts off: between codes, saturation does it.
    public var isClamping: Bool {
        switch self {
        case .none, .relu, .relu6: true
        case .silu, .hardSwish, .sigmoid, .hardSigmoid, .prelu: false
        }
    }

    /// Its parameters, for a layer of that many channels.
    func parameters(channels: Int) -> [Parameter] { self == .prelu ? [Parameter("slope", [channels])] : [] }

    /// What it adds to an operator's `summary`.
    var suffix: String { self == .none ? "" : " \(rawValue)" }
}
