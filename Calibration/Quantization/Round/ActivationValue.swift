import ESegNetwork

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

extension Activation {
    /// What it makes of a value; slope: of a PReLU.
    func value(_ x: Float, slope: Float) -> Float {
        switch self {
        case .none: x
        case .relu: max(0, x)
        case .prelu: x < 0 ? x * slope : x
        case .relu6: min(6, max(0, x))
        case .hardSigmoid: min(6, max(0, x + 3)) / 6
        case .sigmoid: 1 / (1 + exp(-x))
        case .elu: x > 0 ? x : expm1(x)
        case .silu, .hardSwish, .gelu, .geluTanh: CurvedActivation(self).map { Float($0.value(Double(x))) } ?? x
        }
    }
}
