/// Counts of pixels by label and predicted class, streaming over frames. Labels outside `0..<classes` (255 among them) are ignored.
public struct ConfusionMatrix: Sendable, Equatable {
    public let classes: Int
    /// [label][prediction], with one more column for predictions that are not a class.
    package private(set) var counts: [Int]
    private var columns: Int { classes + 1 }

    public init(classes: Int) {
        self.classes = max(0, min(classes, 256))
        counts = [Int](repeating: 0, count: self.classes * (self.classes + 1))
    }

    /// nil unless these are the counts of that many classes.
    package init?(classes: Int, counts: [Int]) {
        self.init(classes: classes)
        guard counts.count == self.counts.count, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        self.counts = counts
    }

    /// Takes in what another matrix of as many classes counted.
    package mutating func merge(_ other: ConfusionMatrix) {
        for (index, count) in zip(counts.indices, other.counts) { counts[index] += count }
    }

    /// Counts one frame; `labels` and `predictions` are parallel, what one has more than the other is left out.
    public mutating func add(labels: [UInt8], predictions: [UInt8]) {
        for (label, prediction) in zip(labels, predictions) where Int(label) < classes {
            counts[Int(label) * columns + min(Int(prediction), classes)] += 1
        }
    }

    /// Pixels with this label and this predicted class; zero outside the matrix.
    public func count(label: Int, prediction: Int) -> Int {
        (0..<classes).contains(label) && (0..<classes).contains(prediction) ? counts[label * columns + prediction] : 0
    }

    /// Intersection over union per class, in 0...1; nil for a class that no label has.
    public var perClassIoU: [Double?] {
        (0..<classes).map { c in
            let labeled = labeled(c)
            guard labeled > 0 else { return nil }
            let predicted = (0..<classes).reduce(0) { $0 + count(label: $1, prediction: c) }
            let hit = count(label: c, prediction: c)
            return Double(hit) / Double(labeled + predicted - hit)
        }
    }

    /// Mean of `perClassIoU` over the classes that labels have, the same ones for every prediction; nil without labeled pixels.
    public var meanIoU: Double? {
        let known = perClassIoU.compactMap(\.self)
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// The share of labeled pixels predicted right, in 0...1; nil without labeled pixels.
    public var pixelAccuracy: Double? {
        let total = counts.reduce(0, +)
        let hits = (0..<classes).reduce(0) { $0 + count(label: $1, prediction: $1) }
        return total == 0 ? nil : Double(hits) / Double(total)
    }

    private func labeled(_ label: Int) -> Int {
        counts[label * columns..<(label + 1) * columns].reduce(0, +)
    }
}
