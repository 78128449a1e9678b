import ESegRuntime
import Texts

/// What int8 costs in accuracy, counted over frames.
public struct AccuracyCost: Sendable, Equatable {
    public private(set) var frames = 0
    public private(set) var pixels = 0
    /// Those whose class int8 changes.
    public private(set) var flippedPixels = 0
    /// Against the labels, where there are any.
    public private(set) var float: ConfusionMatrix
    public private(set) var int8: ConfusionMatrix

    public private(set) var labels: LabelTally

    init(classes: Int) {
        (float, int8) = (ConfusionMatrix(classes: classes), ConfusionMatrix(classes: classes))
        labels = LabelTally(classes: classes)
    }

    /// Counts a frame and its maps, which have one size, that of its labels.
    mutating func add(_ frame: LabeledFrame, float floatMap: ClassMap, int8 int8Map: ClassMap) {
        frames += 1
        labels.add(frame)
        pixels += floatMap.classes.count
        flippedPixels += zip(floatMap.classes, int8Map.classes).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        float.add(labels: frame.labels ?? [], predictions: floatMap.classes)
        int8.add(labels: frame.labels ?? [], predictions: int8Map.classes)
    }

    /// The share of pixels for which float and int8 choose the same class, in percent.
    public var agreement: Double { 100 * Double(pixels - flippedPixels) / Double(pixels) }

    /// In percent; nil without labels.
    public var meanIoU: (float: Double, int8: Double)? {
        guard let float = float.meanIoU, let int8 = int8.meanIoU else { return nil }
        return (100 * float, 100 * int8)
    }

    /// Points of mIoU or, without labels, percent of pixels that change their class.
    public var loss: Double { meanIoU.map { $0.float - $0.int8 } ?? 100 - agreement }

    /// What `loss` counts, in words.
    public var lossUnit: String { meanIoU == nil ? "% of pixels that change their class" : "points of mIoU" }

    /// One line for a model file.
    func line(dataset: String) -> String {
        var text = "argmax agreement with float \(agreement.text(decimals: 2)) %"
        if let (before, after) = meanIoU { text += ", mIoU \(before.text(decimals: 2)) % to \(after.text(decimals: 2)) %" }
        text += " on \(frames) frames of \(dataset)"
        return labels.note.map { text + "; labels: \($0)" } ?? text
    }
}
