import ESegNetwork
import ESegRuntime
import Quantization

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

    /// Compares on all frames, in order; `visit` sees each one after both networks have segmented it, `observe` float's values at each node
    /// of those whose layers are compared.
    ///
    /// Throws what the frames and the networks throw, and `CompareError`.
    public mutating func run(
        _ frames: LabeledFrames, visit: (ComparedFrame) throws -> Void = { _ in },
        observe: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void = { _, _ in }
    ) throws -> Comparison {
        try tally(frames, visit: visit, observe: observe).comparison
    }

    /// The same counts on a part of the frames.
    public mutating func tally(
        _ frames: LabeledFrames, shard: Shard = .whole, visit: (ComparedFrame) throws -> Void = { _ in },
        observe: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void = { _, _ in }
    ) throws -> ComparisonTally {
        let indices = shard.frames(of: frames.count)
        guard !indices.isEmpty else { throw CompareError.noFrames }
        var tally = ComparisonTally(classNames: classNames, layerNames: layerNames)
        let inspected = Set(evenlySpacedIndices(inspectedFrames, of: frames.count))
        for index in indices {
            let frame = try frames.frame(index)
            let results = (float: try float.segment(frame.image), int8: try int8.segment(frame.image))
            let compared = try ComparedFrame(
                index: index, frame: frame, float: results.float.map, int8: results.int8.map, doubt: results.int8.doubt)
            tally.add(compared, floatTime: results.float.time, int8Time: results.int8.time)
            if inspected.contains(index) { tally.add(InspectedFrame(index: index, layers: try inspect(frame.image, observe: observe))) }
            try visit(compared)
        }
        try tally.labels.check()
        tally.note(floatBytes: float.peakBytes, int8Bytes: int8.peakBytes)
        return tally
    }

    /// How every layer's output differs on an image.
    private mutating func inspect(
        _ image: RGBImage, observe: (Int, UnsafeBufferPointer<Float>) -> Void
    ) throws -> [SignalToNoise] {
        var layers = [SignalToNoise](repeating: SignalToNoise(), count: layerNames.count)
        let output = try int8.inspect(image)
        try float.inspect(image) { node, values in
            guard layers.indices.contains(node) else { return }
            observe(node, values)
            output(node).withUnsafeBufferPointer { layers[node].add(values, approximations: $0) }
        }
        return layers
    }
}
