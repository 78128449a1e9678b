import ESegNetwork
import ESegRuntime

/// Runs a float network and its int8 version over the same frames and measures the difference.
public struct Comparer<Reference: FloatSegmenter, Quantized: QuantizedSegmenter> {
    private var float: Reference
    private var int8: Quantized
    private let classNames: [String]
    private let layerNames: [String]
    /// Frames, evenly spaced, on which every layer is compared.
    private let inspectedFrames: Int

    /// - Parameter graph: the graph of both networks.
    public init(float: Reference, int8: Quantized, graph: Graph, classNames: [String], inspectedFrames: Int = 8) {
        self.float = float
        self.int8 = int8
        self.classNames = classNames
        self.layerNames = graph.nodes.map(\.name)
        self.inspectedFrames = inspectedFrames
    }

    /// Compares on all frames, in order; `visit` sees each one after both networks have segmented it.
    ///
    /// Throws what the frames and the networks throw, and `CompareError`.
    public mutating func run(_ frames: LabelledFrames, visit: (ComparedFrame) throws -> Void = { _ in }) throws -> Comparison {
        guard frames.count > 0 else { throw CompareError.noFrames }
        var sides = (float: SideTally(classes: classNames.count), int8: SideTally(classes: classNames.count))
        var layers = [SignalToNoise](repeating: SignalToNoise(), count: layerNames.count)
        var agreement: [Comparison.Frame] = []
        let inspected = Set(evenlySpacedIndices(inspectedFrames, of: frames.count))

        for index in 0..<frames.count {
            let frame = try frames.frame(index)
            let results = (float: try float.segment(frame.image), int8: try int8.segment(frame.image))
            let compared = try ComparedFrame(index: index, frame: frame, float: results.float.map, int8: results.int8.map)
            let boundary = frame.labels.map { BoundaryLabels.restrict($0, width: compared.float.width, height: compared.float.height) }
            sides.float.add(results.float, labels: frame.labels, boundary: boundary)
            sides.int8.add(results.int8, labels: frame.labels, boundary: boundary)
            if inspected.contains(index) { try inspect(frame.image, into: &layers) }
            agreement.append(compared.summary)
            try visit(compared)
        }
        return Comparison(
            classNames: classNames,
            float: sides.float.side(peakBytes: float.peakBytes),
            int8: sides.int8.side(peakBytes: int8.peakBytes),
            argmaxAgreement: agreementPercent(agreement),
            layers: zip(layerNames, layers).filter { !$1.isEmpty }.map { .init(name: $0, sqnrDb: $1.decibels) },
            frames: agreement)
    }

    private mutating func inspect(_ image: RGBImage, into layers: inout [SignalToNoise]) throws {
        let output = try int8.inspect(image)
        try float.inspect(image) { node, values in
            guard layers.indices.contains(node) else { return }
            output(node).withUnsafeBufferPointer { layers[node].add(values, approximations: $0) }
        }
    }

    private func agreementPercent(_ frames: [Comparison.Frame]) -> Double {
        let pixels = frames.reduce(0) { $0 + $1.pixels }
        let flipped = frames.reduce(0) { $0 + $1.flippedPixels }
        return 100 * Double(pixels - flipped) / Double(pixels)
    }
}

/// One network's counts, streaming over frames.
private struct SideTally {
    private var all: ConfusionMatrix
    private var boundary: ConfusionMatrix
    private var times: [Duration] = []

    init(classes: Int) {
        all = ConfusionMatrix(classes: classes)
        boundary = ConfusionMatrix(classes: classes)
    }

    mutating func add(_ result: TimedClassMap, labels: [UInt8]?, boundary boundaryLabels: [UInt8]?) {
        times.append(result.time)
        all.add(labels: labels ?? [], predictions: result.map.classes)
        boundary.add(labels: boundaryLabels ?? [], predictions: result.map.classes)
    }

    func side(peakBytes: Int) -> Comparison.Side {
        Comparison.Side(
            mIoU: all.meanIoU.map(percent), pixelAccuracy: all.pixelAccuracy.map(percent), boundaryIoU: boundary.meanIoU.map(percent),
            perClassIoU: all.perClassIoU.map { $0.map(percent) }, medianMs: median(times.map { $0 / .milliseconds(1) }),
            peakBytes: peakBytes)
    }

    private func percent(_ share: Double) -> Double { 100 * share }

    private func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
