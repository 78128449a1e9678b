import ESegNetwork
import ESegRuntime
import Kernels

/// Fits layer after layer of an int8 network to what the float network computes, given what the int8 layers before it compute.
///
/// Each layer's weights become those that bring its outputs nearest to the float network's, given inputs that int8 has changed; they are
/// rounded together (`DenseFit`), and the bias makes up for what is left of the mean error: bias correction on frames.
final class WeightFitter {
    private let network: FloatNetwork
    private let frames: FittingFrames
    private let plan: SamplePlan
    private let runner: NodeRunner
    private let fitting: FittingPlan
    private let threads: Int
    private var samples: FloatSamples
    private let lives: [ClosedRange<Int>]
    /// How much each channel of each node's output weighs in what reads it.
    private let importance: [[Double]]
    /// The maps that later nodes read, of each frame.
    private var maps: [[Int: [UInt8]]]

    /// - Parameter initial: an int8 version of the network, whose layers are replaced one by one.
    init(
        _ network: FloatNetwork, initial: QuantizedNetwork, frames: FittingFrames, plan fitting: FittingPlan, isa: ISA, threads: Int
    ) throws {
        self.network = network
        self.frames = frames
        self.fitting = fitting
        self.threads = threads
        plan = try SamplePlan(
            network.graph, height: frames.height, width: frames.width, frames: frames.images.count, least: fitting.samples,
            perTap: fitting.samplesPerTap)
        runner = try NodeRunner(initial, height: frames.height, width: frames.width, isa: isa, threads: threads)
        samples = try FloatSamples(network, plan, frames, isa: isa, threads: threads)
        lives = network.graph.lives(absorbed: network.graph.absorbed)
        importance = network.channelImportance()
        maps = Array(repeating: [:], count: frames.images.count)
    }

    /// The layer with weights fitted to its inputs, and the means by which to round them.
    ///
    /// - range: of the output's codes.
    func fitted(_ layer: LinearLayer, _ node: Int, inputStep: Double, range: ValueRange) throws -> LinearLayer {
        guard fitting.fitsWeights || fitting.correctsBias else { return layer }
        let targets = try targets(of: node), bounds = bounds(network.graph.nodes[node].operation, range)
        let weights = layer.weights.map { $0 * inputStep }
        let solution: WeightFit.Solution? =
            network.graph.nodes[node].operation.isDepthwise
            ? .depthwise(depthwise(node, weights, layer.bias, targets, bounds))
            : dense(node, weights, layer.bias, targets, bounds).map { .dense($0) }
        guard let solution else { return layer }
        var fitted = layer
        let fit = WeightFit(solution: solution, plan: fitting)
        fitted.fit = fit
        if fitting.fitsWeights { fitted.weights = fit.weights.map { $0 / inputStep } }
        return fitted
    }

    /// The range of a node's codes that costs its readers least; `seen` is what calibration saw of it.
    func outputRange(_ node: Int, _ seen: Histogram) throws -> ValueRange {
        let operation = network.graph.nodes[node].operation
        let activation = operation.outputActivation
        let isActivatedBeforeSum = operation.isResidual && operation.activation != .none
        guard seen.minimum < seen.maximum, !isActivatedBeforeSum else { return seen.range(.mse) }
        let slopes = network.slopes(of: network.graph.nodes[node])
        let values = try samples.values(of: node).enumerated().map { activation.value($1, slope: slopes[$0 % slopes.count]) }
        return seen.leastSquaresRange(seen.counts(of: values, channelWeights: importance[node]))
    }

    /// Settles a node's parameters, and runs it on all frames.
    func advance(_ node: Int, _ layer: QuantizedLayer, output: Quantization) throws {
        guard node > 0 else { return }
        try runner.replace(node, by: layer, output: output)
        guard !runner.isAbsorbed(node) else { return }
        for (index, image) in frames.images.enumerated() {
            let map = try runner.run(node, image: image) { maps[index][$0] ?? [] }
            maps[index][node] = map
            maps[index] = maps[index].filter { lives[$0.key].upperBound > node }
        }
        samples.forget(upTo: node)
    }

    /// What the convolution alone should give: less the residual that int8 adds to it.
    private func targets(of node: Int) throws -> [Float] {
        var targets = try samples.values(of: node)
        let operation = network.graph.nodes[node].operation
        guard operation.isResidual, operation.activation == .none else { return targets }
        let residual = network.graph.nodes[node].inputs[1], channels = runner.shape(of: residual).channels
        var next = 0
        for index in frames.images.indices {
            let values = runner.values(of: residual, map: maps[index][residual] ?? [])
            for position in plan.positions(node, frame: index) {
                let start = Int(position) * channels
                for channel in 0..<channels { targets[next + channel] -= values[start + channel] }
                next += channels
            }
        }
        return targets
    }

    private func bounds(_ operation: ESegNetwork.Operation, _ range: ValueRange) -> Bounds {
        switch operation.activation {
        case .none, .prelu: (-.infinity, .infinity)
        case .relu, .relu6: (0, operation.isResidual ? .infinity : Float(range.upper))
        case .silu, .elu: (-8, Float(range.upper))
        case .gelu, .geluTanh: (-4, Float(range.upper))
        case .hardSwish: (-3, Float(range.upper))
        case .sigmoid: (-8, 8)
        case .hardSigmoid: (-3, 3)
        }
    }

    private typealias Bounds = (lower: Float, upper: Float)

    private func dense(_ node: Int, _ weights: [Double], _ bias: [Double], _ targets: [Float], _ bounds: Bounds) -> DenseFit? {
        let taps = weights.count / max(1, bias.count)
        guard taps <= DenseFit.mostTaps else { return nil }
        var inputs: [Float] = []
        inputs.reserveCapacity(plan.count(node) * taps)
        for index in frames.images.indices { inputs += windows(node, frame: index) { _ in } }
        let samples = LayerSamples(inputs: inputs, targets: targets, bounds: bounds)
        return DenseFit(samples, weights: weights, bias: bias, damping: fitting.damping, threads: threads)
    }

    private func depthwise(_ node: Int, _ weights: [Double], _ bias: [Double], _ targets: [Float], _ bounds: Bounds) -> DepthwiseFit {
        let channels = bias.count
        var fit = DepthwiseFit(weights: weights, taps: weights.count / max(1, channels), threads: threads)
        for first in stride(from: 0, to: channels, by: DepthwiseFit.group) {
            let width = min(DepthwiseFit.group, channels - first)
            var inputs: [Float] = []
            for index in frames.images.indices {
                inputs += windows(node, frame: index) { window in
                    window.first_channel = Int32(first)
                    window.channels = Int32(width)
                }
            }
            let samples = LayerSamples(inputs: inputs, targets: targets, bounds: bounds)
            fit.fit(from: first, samples, bias: bias, damping: fitting.damping)
        }
        return fit
    }

    /// [samples][taps] of a frame's codes, less their zero point.
    private func windows(_ node: Int, frame: Int, _ adjust: (inout eseg_fit_window) -> Void) -> [Float] {
        let positions = plan.positions(node, frame: frame)
        var rows: [Float] = []
        runner.withWindow(of: node, image: frames.images[frame], map: { maps[frame][$0] ?? [] }) { window in
            adjust(&window)
            let row = Int(window.window.rows.kernel * window.window.columns.kernel * window.channels)
            rows = [Float](unsafeUninitializedCapacity: positions.count * row) { rows, count in
                eseg_fit_gather_windows(&window, positions, positions.count, rows.baseAddress)
                count = positions.count * row
            }
        }
        return rows
    }
}

extension FloatNetwork {
    /// A PReLU's slopes; one value where a node has none.
    fileprivate func slopes(of node: Node) -> [Float] {
        guard node.operation.activation == .prelu, let slope = parameters[node.name + ".slope"]?.values, !slope.isEmpty else { return [0] }
        return slope
    }
}

/// What is fitted, and to how many samples.
struct FittingPlan: Sendable, Equatable {
    /// Whether weights are; else each is rounded by itself.
    let fitsWeights: Bool
    /// Whether biases are.
    let correctsBias: Bool
    /// How many samples of each node there are over all frames, if it has that many pixels.
    let samples: Int
    /// At least, for each weight of an output channel.
    let samplesPerTap: Int
    /// How strongly weights hold to the float network's, in parts of the mean power of what they multiply.
    let damping: Double
    /// Passes over rounded weights.
    let sweeps: Int

    /// Nil if nothing is to be fitted.
    init?(_ options: QuantizationOptions) {
        fitsWeights = options.techniques.contains(.fitting)
        correctsBias = options.techniques.contains(.biasCorrection)
        guard options.effort != .fast, fitsWeights || correctsBias || options.range == .output else { return nil }
        let best = options.effort == .best
        (samples, samplesPerTap, damping, sweeps) = best ? (32768, 32, 1, 2) : (4096, 4, 1, 1)
    }
}
