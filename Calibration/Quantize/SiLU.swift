#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// x · sigmoid(x), in double precision.
enum SiLU {
    /// Its least value, at x = −1.27846….
    static let minimum = -0.27846454276107374

    static func value(_ x: Double) -> Double { x / (1 + exp(-x)) }

    /// −|x| · sigmoid(−|x|): what SiLU adds to ReLU.
    static func deviation(_ x: Double) -> Double { -abs(x) / (1 + exp(abs(x))) }

    /// The x ≥ 0 whose SiLU is `y`, for y ≥ 0.
    static func inverse(_ y: Double) -> Double {
        var (low, high) = (y, y + 1)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if value(middle) < y { low = middle } else { high = middle }
        }
        return high
    }

    /// The |x| from which on the deviation from ReLU is less than `tolerance`.
    static func tail(_ tolerance: Double) -> Double {
        var (low, high) = (1.278464542761074, 800.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if -deviation(middle) > tolerance { low = middle } else { high = middle }
        }
        return high
    }
}
