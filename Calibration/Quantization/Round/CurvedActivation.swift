import ESegNetwork

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// An activation that is ReLU plus an even function which fades, in double precision: SiLU, x · sigmoid(x), or HardSwish,
/// x · min(max(x + 3, 0), 6) / 6.
struct CurvedActivation: Equatable {
    private let isHard: Bool

    /// Nil if the activation is none of them.
    init?(_ activation: Activation) {
        guard activation.isCurved else { return nil }
        isHard = activation == .hardSwish
    }

    /// Its least value, at x = −1.27846… or −1.5.
    var minimum: Double { isHard ? -0.375 : -0.27846454276107374 }

    func value(_ x: Double) -> Double { isHard ? x * min(max(x + 3, 0), 6) / 6 : x / (1 + exp(-x)) }

    /// What it adds to ReLU: −|x| · sigmoid(−|x|), or −|x| · max(3 − |x|, 0) / 6.
    func deviation(_ x: Double) -> Double { isHard ? -abs(x) * max(3 - abs(x), 0) / 6 : -abs(x) / (1 + exp(abs(x))) }

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
        var (low, high) = (isHard ? 1.5 : 1.278464542761074, 800.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if -deviation(middle) > tolerance { low = middle } else { high = middle }
        }
        return high
    }
}
