import ESegNetwork
import ESegRuntime
import Quantization

@testable import Evaluation

extension Comparison {
    /// Two classes, one without labels, and two layers.
    static func sample(
        float: Double? = 72, int8: Double? = 71.75,
        layers: [Layer] = [Layer(name: "stem", sqnrDb: 40), Layer(name: "head", sqnrDb: 15.25)],
        classNames: [String] = ["sky", "road"]
    ) -> Comparison {
        func side(_ value: Double?, _ milliseconds: Double, _ bytes: Int) -> Side {
            Side(
                mIoU: value, pixelAccuracy: value, boundaryIoU: value, perClassIoU: [value] + classNames.dropFirst().map { _ in nil },
                medianMs: milliseconds, peakBytes: bytes)
        }
        return Comparison(
            classNames: classNames, float: side(float, 30, 40_000_000), int8: side(int8, 10, 10_000_000), argmaxAgreement: 99.5,
            layers: layers, frames: [Frame(name: "a.png", pixels: 200, flippedPixels: 1)])
    }
}

extension ComparedFrame {
    /// A frame of 4×2 gray pixels in which the first `flips` pixels change from class 0 to class 1.
    static func sample(
        index: Int, flips: Int, name: String? = nil, labels: [UInt8]? = nil, doubt: [UInt8]? = nil
    ) throws -> ComparedFrame {
        let classes = [UInt8](repeating: 1, count: flips) + [UInt8](repeating: 0, count: 8 - flips)
        return try ComparedFrame(
            index: index,
            frame: LabeledFrame(
                name: name ?? "\(index).png", image: RGBImage(width: 4, height: 2, pixels: [UInt8](repeating: 240, count: 24)),
                labels: labels),
            float: ClassMap(width: 4, height: 2, classes: [UInt8](repeating: 0, count: 8)),
            int8: ClassMap(width: 4, height: 2, classes: classes), doubt: doubt)
    }
}
