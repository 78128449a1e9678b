import ESegNetwork
import Kernels

/// What the bytes of a map of doubt mean: 255 where a pixel's best two logits are equal, less the further they are apart.
public enum DoubtMap {
    /// The least doubt of a doubtful pixel, one whose margin is below that of the network's `DoubtCalibration`.
    public static let doubtful: UInt8 = 128

    /// By how many steps the doubt falls up to the margin of the network's calibration.
    public static let steps = Float(UInt8.max - doubtful) + 0.5

    /// How many of the values are those of doubtful pixels.
    public static func doubtfulPixels(_ doubt: UnsafeBufferPointer<UInt8>) -> Int {
        doubt.reduce(0) { $0 + Int($1 >> 7) }
    }

    /// By what margins of interpolated logits are multiplied, `step` being that of the logits' codes.
    static func scale(margin: Float, step: Float) -> Float {
        let one = Double(ESEG_S8_ARGMAX_ONE) * Double(ESEG_S8_ARGMAX_ONE)
        return Float(min(Double(steps) * Double(step) / (Double(margin) * one), 1e30))
    }
}
