import ESegNetwork
import ESegRuntime

/// Finds out which layers of a network 8 bits hurt, by quantizing one and leaving the rest float.
public struct Analyzer {
    private let graph: Graph
    /// Nodes with an output of their own, except the image.
    private let tried: [Int]
    private let levels: [Int]
    private let int8: QuantizedNetwork
    private let float: FloatExecutor
    /// The float network with weights as int8 has them.
    private let rounded: FloatExecutor
    private var layers: [LayerTally]
    private var original: ConfusionMatrix?
    private var ranges: [[Float]]

    /// - Parameters:
    ///   - network: the float network.
    ///   - int8: a quantized version of it, whose weights and codes are tried.
    /// - Throws: as `FloatExecutor`.
    public init(_ network: FloatNetwork, int8: QuantizedNetwork, height: Int, width: Int, isa: ISA = .best, threads: Int) throws {
        graph = network.graph
        levels = try graph.levels(height: height, width: width)
        tried = zip(graph.nodes.indices, graph.absorbed).dropFirst().filter { !$1 }.map { $0.0 }
        self.int8 = int8
        float = try FloatExecutor(network, height: height, width: width, isa: isa, threads: threads, keepsAll: true)
        rounded = try FloatExecutor(int8.dequantized(network), height: height, width: width, isa: isa, threads: threads, keepsAll: true)
        layers = Array(repeating: LayerTally(), count: network.graph.nodes.count)
        ranges = network.graph.nodes.map { Array(repeating: 0, count: $0.channels) }
    }

    /// Tries every layer on one more frame. `labels` are of the image's pixels, or nil.
    ///
    /// - Throws: `RuntimeError.imageSize`.
    public mutating func add(_ image: RGBImage, labels: [UInt8]?, advance: () -> Void = {}) throws {
        let truth = Truth(result: try float.run(image, from: 0), labels: labels, classes: graph.nodes.last?.channels ?? 0)
        truth.tally(truth.result, in: &original)
        for node in tried {
            try float.compute(node..<node + 1, image)
            extendRanges(of: node)
            if graph.nodes[node].operation.taps > 0 {
                for input in graph.nodes[node].valueInputs { copy(input, from: float, to: rounded) }
                try rounded.compute(node..<node + 1, image)
                copy(node, from: rounded, to: float)
                layers[node].weights.add(try float.run(image, from: node + 1), truth)
                try float.compute(node..<node + 1, image)
            }
            if graph.isRounded(node) {
                int8.outputs[node].round(float.mutableOutput(of: node))
                layers[node].output.add(try float.run(image, from: node + 1), truth)
                try float.compute(node..<node + 1, image)
            }
            advance()
        }
        try accumulate(image, truth, advance)
    }

    /// All layers up to each one.
    private mutating func accumulate(_ image: RGBImage, _ truth: Truth, _ advance: () -> Void) throws {
        try rounded.compute(0..<1, image)
        for node in tried {
            try rounded.compute(node..<node + 1, image)
            if graph.isRounded(node) { int8.outputs[node].round(rounded.mutableOutput(of: node)) }
            copy(node, from: rounded, to: float)
            layers[node].cumulative.add(try float.run(image, from: node + 1), truth)
            advance()
        }
    }

    /// Nodes that `add` passes through, twice each.
    public var advances: Int { 2 * tried.count }

    private mutating func extendRanges(of node: Int) {
        let channels = ranges[node].count
        for (index, value) in float.mutableOutput(of: node).enumerated() {
            let channel = index % channels
            ranges[node][channel] = max(ranges[node][channel], abs(value))
        }
    }

    private func copy(_ node: Int, from: FloatExecutor, to: FloatExecutor) {
        _ = to.mutableOutput(of: node).update(fromContentsOf: from.mutableOutput(of: node))
    }

    /// What was found; throws `CalibrationError.noImages` if there was no frame.
    public func finish() throws -> Analysis {
        guard let first = tried.first.map({ layers[$0] }), first.cumulative.pixels > 0 else { throw CalibrationError.noImages }
        return Analysis(
            layers: tried.map { node in
                LayerDamage(
                    node: node, name: graph.nodes[node].name, kind: graph.nodes[node].operation.label, level: levels[node],
                    weights: layers[node].weights.ifTried, output: layers[node].output.ifTried, cumulative: layers[node].cumulative,
                    channelRanges: ranges[node])
            }, floatMeanIoU: original?.meanIoU.map { 100 * $0 })
    }
}

/// A layer's damages so far.
private struct LayerTally {
    var weights = Damage()
    var output = Damage()
    var cumulative = Damage()
}

/// What the float network says of a frame.
private struct Truth {
    let result: FloatResult
    let labels: [UInt8]?
    let classes: Int

    func tally(_ result: FloatResult, in confusion: inout ConfusionMatrix?) {
        guard let labels else { return }
        var matrix = confusion ?? ConfusionMatrix(classes: classes)
        matrix.add(labels: labels, predictions: result.classes.classes)
        confusion = matrix
    }
}

extension Damage {
    fileprivate var ifTried: Damage? { pixels > 0 ? self : nil }

    fileprivate mutating func add(_ found: FloatResult, _ truth: Truth) {
        truth.result.logits.withUnsafeBufferPointer { expected in
            found.logits.withUnsafeBufferPointer { logits.add(expected, approximations: $0) }
        }
        flipped += zip(found.classes.classes, truth.result.classes.classes).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        pixels += truth.result.classes.classes.count
        truth.tally(found, in: &confusion)
    }
}

extension Graph {
    /// Whether a node's output is rounded to codes of its own: some pass on their input's, and logits are fine.
    fileprivate func isRounded(_ node: Int) -> Bool {
        nodes[node].operation.codes == .own && node != nodes.count - 1
    }
}
