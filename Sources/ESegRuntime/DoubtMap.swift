import ESegNetwork
import Kernels

/// What the bytes of a map of doubt mean: 255 where a pixel's best two logits are equal, less the further they are apart.
public enum DoubtMap {
    /// The least doubt of a doubtful pixel, one whose margin is below that of the network's `DoubtCalibration`.
    public static let doubtful: UInt8 = 128

    /// How many of the values are those of doubtful pixels.
    public static func doubtfulPixels(_ doubt: UnsafeBufferPointer<UInt8>) -> Int {
        doubt.reduce(0) { $0 + Int($1 >> 7) }
    }

    /// By how many steps the doubt falls up to the margin of the calibration.
    private static let steps = Double(UInt8.max - doubtful) + 0.5
    /// What the logit 1 is where margins are taken.
    static let one = Double(ESEG_S8_ARGMAX_ONE) * Double(ESEG_S8_ARGMAX_ONE)

    /// By what margins are multiplied for each best class and each second best one, `step` being that of the logits' codes.
    static func scales(_ calibration: DoubtCalibration, step: Float, classes: Int) -> (best: [Float], second: [Float]) {
        func factor(_ factors: [Float], _ index: Int) -> Double { factors.indices.contains(index) ? Double(factors[index]) : 1 }
        let all = steps * Double(step) / (Double(calibration.margin) * one)
        return (
            (0..<classes).map { Float(min(all / factor(calibration.best, $0), 1e30)) },
            (0..<classes).map { Float(1 / factor(calibration.second, $0)) }
        )
    }
}
