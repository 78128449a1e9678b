import ESegRuntime
import Quantization

/// The counts that a comparison is made of, on all of its frames or on some.
public struct ComparisonTally: Sendable, Equatable {
    let classNames: [String]
    let layerNames: [String]
    private(set) var float: SideTally
    private(set) var int8: SideTally
    private(set) var labels: LabelTally
    /// The compared frames, by rising index.
    private(set) var frames: [TalliedFrame] = []
    /// Those in which every layer was compared, by rising index.
    private(set) var inspected: [InspectedFrame] = []

    init(classNames: [String], layerNames: [String]) {
        (self.classNames, self.layerNames) = (classNames, layerNames)
        float = SideTally(classes: classNames.count)
        int8 = SideTally(classes: classNames.count)
        labels = LabelTally(classes: classNames.count)
    }

    /// All of it at once, as read from a file.
    init(
        classNames: [String], layerNames: [String], float: SideTally, int8: SideTally, labels: LabelTally, frames: [TalliedFrame],
        inspected: [InspectedFrame]
    ) {
        (self.classNames, self.layerNames, self.labels) = (classNames, layerNames, labels)
        (self.float, self.int8, self.frames, self.inspected) = (float, int8, frames, inspected)
    }

    /// Counts one frame, later than all before it.
    mutating func add(_ compared: ComparedFrame, floatTime: Duration, int8Time: Duration) {
        let labels = compared.frame.labels
        self.labels.add(compared.frame)
        let boundary = labels.map { BoundaryLabels.restrict($0, width: compared.float.width, height: compared.float.height) }
        float.add(compared.float, labels: labels, boundary: boundary)
        int8.add(compared.int8, labels: labels, boundary: boundary)
        frames.append(
            TalliedFrame(
                index: compared.index, summary: compared.summary, floatMs: floatTime / .milliseconds(1),
                int8Ms: int8Time / .milliseconds(1)))
    }

    mutating func add(_ frame: InspectedFrame) { inspected.append(frame) }

    /// Notes what memory the networks took.
    mutating func note(floatBytes: Int, int8Bytes: Int) {
        float.peakBytes = max(float.peakBytes, floatBytes)
        int8.peakBytes = max(int8.peakBytes, int8Bytes)
    }

    /// Takes in the counts of other frames of the same networks.
    mutating func merge(_ other: ComparisonTally) {
        float.merge(other.float)
        int8.merge(other.int8)
        labels.merge(other.labels)
        frames = (frames + other.frames).sorted { $0.index < $1.index }
        inspected = (inspected + other.inspected).sorted { $0.index < $1.index }
    }

    /// What the counts come to.
    public var comparison: Comparison {
        var layers = [SignalToNoise](repeating: SignalToNoise(), count: layerNames.count)
        for frame in inspected { for (layer, seen) in frame.layers.enumerated() { layers[layer].add(seen) } }
        let pixels = frames.reduce(0) { $0 + $1.summary.pixels }, flipped = frames.reduce(0) { $0 + $1.summary.flippedPixels }
        return Comparison(
            classNames: classNames, float: float.side(milliseconds: frames.map(\.floatMs)),
            int8: int8.side(milliseconds: frames.map(\.int8Ms)), argmaxAgreement: 100 * Double(pixels - flipped) / Double(pixels),
            layers: zip(layerNames, layers).filter { !$1.isEmpty }.map { .init(name: $0, sqnrDb: $1.decibels) },
            frames: frames.map(\.summary), labels: labels)
    }
}

/// What is kept of a frame.
struct TalliedFrame: Sendable, Equatable {
    /// Position in the data set.
    let index: Int
    var summary: Comparison.Frame
    let floatMs: Double
    let int8Ms: Double
}

/// How every layer's int8 output differs from float's on one frame.
struct InspectedFrame: Sendable, Equatable {
    /// Position in the data set.
    let index: Int
    /// Parallel to the graph's nodes.
    var layers: [SignalToNoise]
}

/// One network's counts.
struct SideTally: Sendable, Equatable {
    private(set) var all: ConfusionMatrix
    private(set) var boundary: ConfusionMatrix
    var peakBytes = 0

    init(classes: Int) { self.init(all: ConfusionMatrix(classes: classes), boundary: ConfusionMatrix(classes: classes), peakBytes: 0) }

    init(all: ConfusionMatrix, boundary: ConfusionMatrix, peakBytes: Int) {
        (self.all, self.boundary, self.peakBytes) = (all, boundary, peakBytes)
    }

    mutating func add(_ map: ClassMap, labels: [UInt8]?, boundary boundaryLabels: [UInt8]?) {
        all.add(labels: labels ?? [], predictions: map.classes)
        boundary.add(labels: boundaryLabels ?? [], predictions: map.classes)
    }

    mutating func merge(_ other: SideTally) {
        all.merge(other.all)
        boundary.merge(other.boundary)
        peakBytes = max(peakBytes, other.peakBytes)
    }

    func side(milliseconds: [Double]) -> Comparison.Side {
        Comparison.Side(
            mIoU: all.meanIoU.map(percent), pixelAccuracy: all.pixelAccuracy.map(percent), boundaryIoU: boundary.meanIoU.map(percent),
            perClassIoU: all.perClassIoU.map { $0.map(percent) }, medianMs: median(milliseconds), peakBytes: peakBytes)
    }

    private func percent(_ share: Double) -> Double { 100 * share }

    private func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
