import ESegNetwork

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

extension Activation {
    /// What it makes of a value.
    func value(_ x: Float) -> Float {
        switch self {
        case .none: x
        case .relu: max(0, x)
        case .relu6: min(6, max(0, x))
        case .hardSigmoid: min(6, max(0, x + 3)) / 6
        case .sigmoid: 1 / (1 + exp(-x))
        case .silu, .hardSwish: CurvedActivation(self).map { Float($0.value(Double(x))) } ?? x
        }
    }
}
