import ESegNetwork
import Kernels

/// What the bytes of a map of doubt mean: 255 where a pixel's best two logits are equal, less the further they are apart.
public enum DoubtMap {
    /// The least doubt of a doubtful pixel, one whose margin is below that of the network's `DoubtCalibration`.
    public static let doubtful: UInt8 = 128

    /// How many of the values are those of doubtful pixels.
    public static func doubtfulPixels(_ doubt: some Sequence<UInt8>) -> Int {
        doubt.reduce(0) { $0 + Int($1 >> 7) }
    }

    /// By what the margins of interpolated logits are multiplied: those of the calibration become as many steps as doubtful values have.
    static func scale(_ margin: Float, step: Float) -> Float {
        let one = Double(ESEG_S8_ARGMAX_ONE) * Double(ESEG_S8_ARGMAX_ONE), steps = Double(UInt8.max - doubtful) + 0.5
        return Float(min(steps * Double(step) / (Double(margin) * one), 1e30))
    }
}
