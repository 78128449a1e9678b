import ESegRuntime
import Quantization

/// A frame with both networks' maps, which have one size, that of its labels.
public struct ComparedFrame: Sendable, Equatable {
    /// Position in the data set.
    public let index: Int
    public let frame: LabeledFrame
    public let float: ClassMap
    public let int8: ClassMap
    /// Pixels whose class int8 changes.
    public let flippedPixels: Int
    /// nil where int8 was not calibrated for it.
    public let doubt: Comparison.Doubt?

    /// - Parameter doubt: of each pixel (`DoubtMap`).
    ///
    /// Throws `CompareError` if the sizes differ.
    public init(index: Int, frame: LabeledFrame, float: ClassMap, int8: ClassMap, doubt: [UInt8]? = nil) throws {
        guard (float.width, float.height) == (int8.width, int8.height) else {
            throw CompareError.mapSizes(frame: frame.name, float: "\(float.width)x\(float.height)", int8: "\(int8.width)x\(int8.height)")
        }
        if let labels = frame.labels, labels.count != float.classes.count {
            throw CompareError.labelCount(frame: frame.name, found: labels.count, expected: float.classes.count)
        }
        self.index = index
        self.frame = frame
        self.float = float
        self.int8 = int8
        flippedPixels = zip(float.classes, int8.classes).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        self.doubt = doubt.map { doubt in
            var found = Comparison.Doubt(pixels: 0, flips: 0)
            for index in doubt.indices where doubt[index] >= DoubtMap.doubtful {
                found.pixels += 1
                if float.classes[index] != int8.classes[index] { found.flips += 1 }
            }
            return found
        }
    }

    /// The share of all pixels that flip, from 0 to 1.
    var flippedShare: Double { float.classes.isEmpty ? 0 : Double(flippedPixels) / Double(float.classes.count) }

    var summary: Comparison.Frame {
        Comparison.Frame(name: frame.name, pixels: float.classes.count, flippedPixels: flippedPixels, doubt: doubt)
    }
}
