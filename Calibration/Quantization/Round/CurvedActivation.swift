import ESegNetwork

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// An activation that is ReLU plus an even function which fades, in double precision: SiLU, x · sigmoid(x), HardSwish,
/// x · min(max(x + 3, 0), 6) / 6, or one of the GELUs.
struct CurvedActivation: Equatable {
    private let kind: Activation
    private var isHard: Bool { kind == .hardSwish }

    /// Nil if the activation is none of them.
    init?(_ activation: Activation) {
        guard activation.isCurved else { return nil }
        kind = activation
    }

    /// Its least value, and where it has that.
    private var least: (x: Double, value: Double) {
        switch kind {
        case .hardSwish: (-1.5, -0.375)
        case .gelu: (-0.7517915229850254, -0.16997120747990369)
        case .geluTanh: (-0.7524614114801474, -0.17004075057125403)
        default: (-1.278464542761074, -0.27846454276107374)
        }
    }

    /// Its least value.
    var minimum: Double { least.value }

    func value(_ x: Double) -> Double {
        switch kind {
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
        case .geluTanh: x / (1 + exp(-Self.tanhArgument(x)))
        default: x / (1 + exp(-x))
        }
    }

    /// What it adds to ReLU: of x · s(x), with an s for which s(x) + s(−x) = 1, −|x| · s(−|x|).
    func deviation(_ x: Double) -> Double {
        switch kind {
        case .hardSwish: -abs(x) * max(3 - abs(x), 0) / 6
        case .gelu: -abs(x) * erfc(abs(x) / 2.0.squareRoot()) / 2
        case .geluTanh: -abs(x) / (1 + exp(Self.tanhArgument(abs(x))))
        default: -abs(x) / (1 + exp(abs(x)))
        }
    }

    /// Twice what GELU's approximation takes the hyperbolic tangent of: (1 + tanh(u)) / 2 = 1 / (1 + e^(−2u)).
    private static func tanhArgument(_ x: Double) -> Double { (8 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x) }

    /// The least spacing of a curve's points, from `spacing` on, with which one lies where HardSwish has its kink, if that can be.
    func aligned(_ spacing: Double) -> Double {
        let points = (3 / spacing).rounded(.down)
        return isHard && points >= 1 ? 3 / points : spacing
    }

    /// The x ≥ 0 whose value is `y`, for y ≥ 0.
    func inverse(_ y: Double) -> Double {
        var (low, high) = (y, y + 1)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if value(middle) < y { low = middle } else { high = middle }
        }
        return high
    }

    /// The |x| from which on the deviation from ReLU is less than `tolerance`.
    func tail(_ tolerance: Double) -> Double {
        var (low, high) = (-least.x, 800.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if -deviation(middle) > tolerance { low = middle } else { high = middle }
        }
        return high
    }
}
