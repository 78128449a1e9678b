import ESegNetwork
import ESegRuntime

/// Turns a float network and what calibration saw of it into an int8 network.
public enum Quantizer {
    /// The version of the arithmetic that it writes; part of each model's provenance.
    public static let version = "1.0"

    /// The int8 network whose arithmetic `QuantizedNetwork` specifies, each weight rounded by itself.
    ///
    /// Throws `CalibrationError` where parameters or statistics do not belong to the graph, or int8 arithmetic lacks an operation.
    package static func quantize(
        network: FloatNetwork, statistics: CalibrationStatistics, options: QuantizationOptions = QuantizationOptions()
    ) throws -> QuantizedNetwork {
        var quantization = try started(network, statistics, options, isFitted: false)
        try quantization.shareRanges()
        for index in network.graph.nodes.indices { try quantization.append(index) }
        return quantization.quantizedNetwork
    }

    /// The same for a network made ready for 8 bits, by every technique that the options' effort takes (`Technique`).
    ///
    /// - Parameters:
    ///   - statistics: of the prepared network.
    ///   - frames: to which layers are fitted.
    ///   - advance: called after each node.
    package static func quantize(
        _ prepared: PreparedNetwork, statistics: CalibrationStatistics, fittedTo frames: FittingFrames,
        options: QuantizationOptions = QuantizationOptions(), isa: ISA = .best, threads: Int, advance: () -> Void = {}
    ) throws -> QuantizedNetwork {
        let plan = FittingPlan(options)
        var quantization = try started(prepared.network, statistics, options, isFitted: plan != nil)
        if let plan {
            let initial = try quantize(network: prepared.network, statistics: statistics, options: options)
            quantization.fitter = try WeightFitter(
                prepared.network, initial: initial, frames: frames, plan: plan, isa: isa, threads: threads)
        }
        try quantization.shareRanges()
        for index in prepared.network.graph.nodes.indices {
            try quantization.append(index)
            try quantization.fitter?.advance(index, quantization.layers[index], output: quantization.outputs[index])
            advance()
        }
        var network = quantization.quantizedNetwork
        network.channelScalings = prepared.scalings
        return network
    }

    private static func started(
        _ network: FloatNetwork, _ statistics: CalibrationStatistics, _ options: QuantizationOptions, isFitted: Bool
    ) throws(CalibrationError) -> NetworkQuantization {
        guard statistics.images > 0 else { throw .noImages }
        guard statistics.nodes.count == network.graph.nodes.count else {
            throw .statistics(found: "\(statistics.nodes.count) nodes", expected: "\(network.graph.nodes.count), as the network has")
        }
        for (node, seen) in zip(network.graph.nodes, statistics.nodes).dropFirst() {
            guard seen.channelMeans.count == node.channels || node.operation.codes == .input else {
                throw .statistics(found: "\(seen.channelMeans.count) channels of \(node.name)", expected: "\(node.channels)")
            }
        }
        try options.int16Weights.validate(network.graph)
        let int16Activations = try network.graph.int16Activations(of: options.int16Activations)
        return NetworkQuantization(
            network: network, statistics: statistics, options: options, int16Activations: int16Activations,
            rangeMethods: options.range.resolved(for: network.graph, isFitted: isFitted))
    }
}

/// The nodes quantized so far, in the graph's order.
struct NetworkQuantization {
    let network: FloatNetwork
    let statistics: CalibrationStatistics
    let options: QuantizationOptions
    /// Fits layers to frames; nil if they are not.
    var fitter: WeightFitter?
    /// The range of the node that is being quantized.
    private var outputRange: ValueRange?
    private let int16Activations: Set<Int>
    private let livesOnOnePixel: [Bool]
    private let feedsSoftmax: [Bool]
    /// By node.
    private let rangeMethods: [RangeMethod]
    /// The ranges of nodes that have one with others: those of concats and their inputs.
    private var sharedRanges: [Int: ValueRange] = [:]
    private(set) var outputs: [Quantization] = []
    private(set) var layers: [QuantizedLayer] = []
    private var records: [NodeRecord?] = []

    init(
        network: FloatNetwork, statistics: CalibrationStatistics, options: QuantizationOptions, int16Activations: Set<Int>,
        rangeMethods: [RangeMethod]
    ) {
        self.network = network
        self.statistics = statistics
        self.options = options
        self.int16Activations = int16Activations
        livesOnOnePixel = network.graph.livesOnOnePixel
        feedsSoftmax = network.graph.feedsSoftmax
        self.rangeMethods = rangeMethods
    }

    /// All nodes done.
    var quantizedNetwork: QuantizedNetwork {
        QuantizedNetwork(
            graph: network.graph, description: network.description, familyConfig: network.familyConfig, outputs: outputs, layers: layers,
            records: records, provenance: provenance)
    }

    var provenance: [String: String] {
        let int16Weights = zip(network.graph.nodes, layers).compactMap { node, layer in
            if case .convolution(let convolution) = layer, case .int16 = convolution.weights { node.name } else { nil }
        }
        return [
            "calibration.images": "\(statistics.images)",
            "calibration.size": "\(statistics.width)x\(statistics.height)",
            "quantization.effort": options.effort.rawValue,
            "quantization.techniques": options.techniques.map(\.rawValue).joined(separator: " "),
            "quantization.range": rangeMethodNames,
            "quantization.int16Weights": int16Weights.joined(separator: " "),
            "tool": "eseg \(Quantizer.version)",
        ].merging(int16Provenance) { $1 }
    }

    /// Of all nodes but the image, each once.
    private var rangeMethodNames: String {
        var names: [String] = []
        for method in rangeMethods.dropFirst().map(\.description) where !names.contains(method) { names.append(method) }
        return names.joined(separator: " ")
    }

    private var int16Provenance: [String: String] {
        int16Activations.isEmpty ? [:] : ["quantization.int16Activations": options.int16Activations.joined(separator: " ")]
    }

    /// Quantizes node `index`, whose inputs are done.
    mutating func append(_ index: Int) throws {
        outputRange = try codesRange(index)
        let (output, layer) = try quantized(index, network.graph.nodes[index])
        outputs.append(output)
        layers.append(layer)
        records.append(record(index))
    }

    /// How the codes of node `index`, which is done, were chosen.
    private func record(_ index: Int) -> NodeRecord? {
        let operation = network.graph.nodes[index].operation, activation = operation.outputActivation
        switch operation.codes {
        case .pixels: return nil
        case .input: return records[network.graph.nodes[index].inputs[0]]
        case .own: break
        }
        let isWhole = outputs[index].precision == .int16
        let chosen = isWhole ? statistics.nodes[index].wholeRange(activation) : range(of: index, activation)
        return NodeRecord(lower: Float(chosen.lower), upper: Float(chosen.upper), method: isWhole ? "all" : rangeMethods[index].description)
    }

    /// The range of node `index`'s 8-bit codes, as far as the activation does not bound it; nil where they have none of their own.
    private func codesRange(_ index: Int) throws -> ValueRange? {
        guard network.graph.nodes[index].operation.codes == .own, !hasInt16Codes(index) else { return nil }
        return try sharedRanges[index] ?? ownRange(index)
    }

    private func ownRange(_ index: Int) throws -> ValueRange {
        let seen = statistics.nodes[index].output, method = rangeMethods[index]
        if method == .output, let fitter { return try fitter.outputRange(index, seen) }
        return seen.range(method)
    }

    /// Finds the range that each concat has with its inputs: what all of them need.
    mutating func shareRanges() throws {
        for members in network.graph.concatSets(hasInt16Codes: hasInt16Codes, fits: fits(_:in:)).values {
            let ranges = try members.map { index in
                statistics.nodes[index].range(try ownRange(index), activation: network.graph.nodes[index].operation.outputActivation)
            }
            let lower = ranges.map(\.lower).min() ?? 0, upper = ranges.map(\.upper).max() ?? 0
            for member in members { sharedRanges[member] = ValueRange(lower: lower, upper: upper) }
        }
    }

    /// Whether what calibration saw of node `index` takes at least half of the range of some nodes.
    private func fits(_ index: Int, in others: [Int]) -> Bool {
        func seen(_ node: Int) -> ValueRange { statistics.nodes[node].wholeRange(network.graph.nodes[node].operation.outputActivation) }
        let own = seen(index), all = others.map(seen)
        let lower = all.map(\.lower).min() ?? 0, upper = all.map(\.upper).max() ?? 0
        return 2 * (max(0, own.upper) - min(0, own.lower)) >= max(0, upper) - min(0, lower)
    }

    private func quantized(_ index: Int, _ node: Node) throws -> (Quantization, QuantizedLayer) {
        switch node.operation {
        case .image:
            let padding = network.description.mean.map { UInt8(rounding: 255 * Double($0)) }
            return (Quantization(scale: 1, zeroPoint: 0), .image(padding: padding))
        case .convolution(let layer):
            return try convolution(layer, node, index)
        case .depthwise(let layer):
            return try depthwise(layer, node, index)
        case .maxPool, .resize, .channelMaximum, .channelSelection, .depthToSpace:
            return (outputs[node.inputs[0]], .passing)
        case .weightedSum(let sum):
            return try weightedSum(sum, node, index)
        case .gate(let gate):
            return try self.gate(gate, node, index)
        case .concat:
            return concat(node, index)
        case .bilinearResize(let resize):
            return rescaled(resize.activation, inputStep: outputs[node.inputs[0]].step, reach: outputs[node.inputs[0]].reach, index)
        case .globalAveragePool, .averagePool, .adaptiveAveragePool:
            return rescaled(.none, inputStep: outputs[node.inputs[0]].step, reach: outputs[node.inputs[0]].reach, index)
        case .softmax:
            return (.shares, .softmax(QuantizedSoftmax(step: outputs[node.inputs[0]].scale)))
        case .product:
            let inputs = node.inputs.map { outputs[$0] }
            return rescaled(.none, inputStep: inputs[0].step * inputs[1].step, reach: inputs[0].reach * inputs[1].reach, index)
        }
    }

    /// Whether node `index` has int16 codes: the logits, gates and other shares, ELUs, what lives on a map of one pixel, and what was asked for.
    private func hasInt16Codes(_ index: Int) -> Bool {
        int16Activations.contains(index) || network.graph.logitsSource == index || livesOnOnePixel[index]
            || network.graph.nodes[index].operation.needsInt16
    }

    /// Whether node `index`, whose inputs are done, computes in int16 arithmetic.
    func isInt16(_ index: Int) -> Bool {
        let own = Quantization(scale: 1, zeroPoint: 0, precision: hasInt16Codes(index) ? .int16 : .uint8)
        return network.graph.isInt16(index, outputs: outputs + [own])
    }

    /// The codes of a node's output that `activation` bounds.
    func output(of index: Int, _ activation: Activation, stepAtLeast: Double) -> Quantization {
        let step = max(stepAtLeast, leastStep(of: index))
        guard hasInt16Codes(index) else { return Quantization(covering: range(of: index, activation), stepAtLeast: step) }
        let seen = statistics.nodes[index].wholeRange(activation)
        return Quantization(coveringAllOf: seen, atMost: activation == .relu6 ? 6 : .infinity, stepAtLeast: step)
    }

    /// What a node's readers need of its step.
    func leastStep(of index: Int) -> Double { feedsSoftmax[index] ? Quantization.leastSoftmaxStep : 0 }

    func range(of index: Int, _ activation: Activation) -> ValueRange {
        let seen = statistics.nodes[index]
        return seen.range(outputRange ?? seen.output.range(rangeMethods[index]), activation: activation)
    }

    func leastPreactivation(of index: Int) -> Double { Double(statistics.nodes[index].preactivation.minimum) }

    /// A parameter's values; throws unless there are `count` of them, all finite.
    func parameter(_ name: String, count: Int) throws(CalibrationError) -> [Float] {
        guard let tensor = network.parameters[name] else { throw .parameter(name: name, found: "none", expected: "\(count) values") }
        guard tensor.values.count == count else {
            throw .parameter(name: name, found: "\(tensor.values.count) values", expected: "\(count)")
        }
        guard tensor.values.allSatisfy({ $0.isFinite }) else {
            throw .parameter(name: name, found: "a value that is NaN or infinite", expected: "finite values")
        }
        return tensor.values
    }
}

extension Graph {
    /// The node whose codes the logits are: the last one, or the one whose codes it passes on.
    fileprivate var logitsSource: Int {
        var node = nodes.count - 1
        while nodes[node].operation.codes == .input { node = nodes[node].inputs[0] }
        return node
    }

    /// Nodes whose codes a softmax reads, itself or passed on.
    fileprivate var feedsSoftmax: [Bool] {
        var feeds = [Bool](repeating: false, count: nodes.count)
        for (index, node) in nodes.enumerated().reversed() {
            let isSoftmax = if case .softmax = node.operation { true } else { false }
            guard isSoftmax || (feeds[index] && node.operation.codes == .input) else { continue }
            for input in node.valueInputs { feeds[input] = true }
        }
        return feeds
    }

    /// Nodes whose maps have one pixel whatever the image: means over all pixels, and what is computed from such maps alone.
    fileprivate var livesOnOnePixel: [Bool] {
        var lives: [Bool] = []
        for node in nodes {
            let isMean = if case .globalAveragePool = node.operation { true } else { false }
            let isResize = if case .bilinearResize = node.operation { true } else if case .resize = node.operation { true } else { false }
            lives.append(isMean || !isResize && !node.inputs.isEmpty && node.valueInputs.allSatisfy { lives[$0] })
        }
        return lives
    }
}
