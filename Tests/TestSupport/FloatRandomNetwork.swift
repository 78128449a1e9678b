import ESegNetwork
import Kernels

@testable import ESegRuntime

extension FloatNetwork {
    /// A network of `config` with seeded random weights, for architectures that nobody has trained.
    ///
    /// As trained batch normalization would, each convolution brings its output to about mean 1.5 (logits: 0) and standard deviation 1 before its
    /// activation, on an image like `RGBImage.random`'s; so activations are sane in every layer. The last bits depend on `isa`.
    /// - Throws: `NetworkError` if the config is not valid, `RuntimeError.outOfMemory`.
    public static func random(config: ESegConfig, seed: UInt64, isa: ISA = .best) throws -> FloatNetwork {
        var source = RandomSource(seed: seed)
        var network = FloatNetwork(
            graph: try Architecture(config: config).graph,
            description: config.description(classNames: (0..<config.classes).map { "class\($0)" }), familyConfig: config.json,
            parameters: [:]
        ).gatheringGates()
        for index in network.graph.nodes.indices {
            network.parameters.merge(source.parameters(of: index, in: network.graph)) { first, _ in first }
        }
        try network.normalizeLayers(on: source.image(height: 256, width: 256), isa: isa)
        return network
    }

    /// Scales and shifts each convolution, in order, such that its output before the activation is normalized.
    private mutating func normalizeLayers(on image: RGBImage, isa: ISA) throws {
        let plan = try FloatPlan(self, height: image.height, width: image.width)
        let kernels: UnsafePointer<eseg_kernels> = eseg_kernels_for(isa.value)
        let scratch = try plan.pool.allocate(Float.self, count: plan.steps.map { $0.scratch(threads: 1) }.max() ?? 0)
        for (index, step) in plan.steps.enumerated() {
            if let linear = step.linear, let output = plan.outputs[index] {
                run(linear, on: image, kernels, scratch)
                let isLast = index == plan.steps.count - 1
                let scaling = ChannelScaling(normalizing: output, shape: plan.shapes[index], center: isLast ? 0 : 1.5)
                step.rescale(scaling)
                rescale(graph.nodes[index].name, scaling)
            }
            run(step, on: image, kernels, scratch)
        }
    }

    private func run(
        _ step: any FloatStep, on image: RGBImage, _ kernels: UnsafePointer<eseg_kernels>, _ scratch: UnsafeMutablePointer<Float>
    ) {
        image.pixels.withUnsafeBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            step.run(FloatCall(kernels: kernels, pixels: pixels, scratch: scratch, threads: 1))
        }
    }

    private mutating func rescale(_ node: String, _ scaling: ChannelScaling) {
        let channels = scaling.scale.count
        parameters[node + ".weight"]?.values.withUnsafeMutableBufferPointer { weights in
            let depth = weights.count / channels
            for channel in 0..<channels {
                let scale = scaling.scale[channel]
                for i in channel * depth..<(channel + 1) * depth { weights[i] *= scale }
            }
        }
        parameters[node + ".bias"]?.values.withUnsafeMutableBufferPointer { bias in
            for channel in 0..<channels { bias[channel] = bias[channel] * scaling.scale[channel] + scaling.shift[channel] }
        }
    }
}

/// y = scale · x + shift, per channel.
private struct ChannelScaling {
    var scale: [Float]
    var shift: [Float]

    /// Brings each channel to mean `center` and standard deviation about 1.
    ///
    /// A center above 1 keeps activations mostly in their linear part, as in trained networks: cut at their middle in every layer, random
    /// networks amplify any small difference with depth.
    ///
    /// One image does not tell much about a channel. So that another image's activations do not explode, a channel that hardly varies is
    /// scaled by the layer's deviation, and maps of few pixels are normalized as a whole.
    init(normalizing values: UnsafePointer<Float>, shape: Shape, center: Float) {
        let moments = ChannelMoments(values, shape: shape)
        let mean = moments.means.reduce(0, +) / Float(shape.channels)
        let within = moments.variances.reduce(0, +) / Float(shape.channels)
        let overall = max(within + moments.means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(shape.channels), 1e-12)
        if shape.pixels < 256 {
            scale = [Float](repeating: 1 / overall.squareRoot(), count: shape.channels)
            shift = scale.map { center - mean * $0 }
        } else {
            scale = moments.variances.map { 1 / max($0, overall / 4).squareRoot() }
            shift = zip(moments.means, scale).map { center - $0 * $1 }
        }
    }
}

/// Mean and variance of each channel, over a thousand pixels or two.
private struct ChannelMoments {
    let means: [Float]
    let variances: [Float]

    init(_ values: UnsafePointer<Float>, shape: Shape) {
        let channels = shape.channels
        var sums = [Float](repeating: 0, count: channels), squares = sums, count: Float = 0
        sums.withUnsafeMutableBufferPointer { sums in
            squares.withUnsafeMutableBufferPointer { squares in
                for pixel in stride(from: 0, to: shape.pixels, by: shape.pixels / 1024 | 1) {
                    for channel in 0..<channels {
                        let value = values[pixel * channels + channel]
                        sums[channel] += value
                        squares[channel] += value * value
                    }
                    count += 1
                }
            }
        }
        let means = sums.map { $0 / count }
        self.means = means
        variances = zip(squares, means).map { max(0, $0 / count - $1 * $1) }
    }
}

extension FloatStep {
    /// The convolution without activation and residual; nil for other operations.
    fileprivate var linear: (any FloatStep)? {
        if var step = self as? FloatConvolutionStep {
            step.operation.activation = ESEG_F32_NONE
            step.residual = nil
            return step
        }
        if var step = self as? FloatDepthwiseStep {
            step.operation.activation = ESEG_F32_NONE
            return step
        }
        return nil
    }

    /// Changes the packed weights and the bias in place.
    fileprivate func rescale(_ scaling: ChannelScaling) {
        let channels = scaling.scale.count
        func rescale(_ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, rows: Int, columns: Int, firstChannel: Int) {
            let weights = UnsafeMutablePointer(mutating: weights), bias = UnsafeMutablePointer(mutating: bias)
            for column in 0..<min(columns, channels - firstChannel) {
                let channel = firstChannel + column, scale = scaling.scale[channel]
                for row in 0..<rows { weights[row * columns + column] *= scale }
                bias[channel] = bias[channel] * scale + scaling.shift[channel]
            }
        }
        if let operation = (self as? FloatConvolutionStep)?.operation {
            let panel = Int(ESEG_F32_PANEL),
                rows = Int(operation.window.rows.kernel * operation.window.columns.kernel * operation.input.channels)
            for first in stride(from: 0, to: channels, by: panel) {
                rescale(operation.weights + first * rows, operation.bias, rows: rows, columns: panel, firstChannel: first)
            }
        } else if let operation = (self as? FloatDepthwiseStep)?.operation {
            rescale(
                operation.weights, operation.bias, rows: Int(operation.window.rows.kernel * operation.window.columns.kernel),
                columns: channels, firstChannel: 0)
        }
    }
}

/// Seeded random parameters and images (SplitMix64).
private struct RandomSource {
    private var state: UInt64
    /// Standard normal values that weights are cut from: networks of 70 million weights come fast.
    private var normal: [Float] = []

    init(seed: UInt64) {
        state = seed
        normal = (0..<1 << 15).map { _ in (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in [0, 1).
    private mutating func uniform() -> Float { Float(next() >> 40) / Float(1 << 24) }

    private mutating func integer(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

    private mutating func normals(_ shape: [Int], deviation: Float = 1) -> FloatTensor {
        let count = shape.reduce(1, *), run = 1 << 10
        let scaled = deviation == 1 ? normal : normal.map { $0 * deviation }
        var values: [Float] = []
        values.reserveCapacity(count + run)
        while values.count < count {
            let start = integer(below: scaled.count - run)
            values += scaled[start..<start + run]
        }
        values.removeLast(values.count - count)
        return FloatTensor(shape: shape, values: values)
    }

    /// Positive, with sum 1 over the first dimension.
    private mutating func shares(_ shape: [Int]) -> FloatTensor {
        let columns = shape.dropFirst().reduce(1, *)
        var values = (0..<shape.reduce(1, *)).map { _ in 0.5 + uniform() }
        for column in 0..<columns {
            let sum = stride(from: column, to: values.count, by: columns).reduce(Float(0)) { $0 + values[$1] }
            for i in stride(from: column, to: values.count, by: columns) { values[i] /= sum }
        }
        return FloatTensor(shape: shape, values: values)
    }

    /// A node's parameters, by their names in `FloatNetwork`.
    mutating func parameters(of index: Int, in graph: Graph) -> [String: FloatTensor] {
        let node = graph.nodes[index], name = node.name
        switch node.operation {
        case .image, .maxPool, .averagePool, .adaptiveAveragePool, .resize, .bilinearResize, .globalAveragePool, .product, .concat,
            .softmax, .channelMaximum, .channelSelection, .depthToSpace:
            return [:]
        case .convolution(let layer):
            let shape = [layer.outputChannels, layer.slides.rows.kernel, layer.slides.columns.kernel, layer.inputChannels]
            return [name + ".weight": normals(shape), name + ".bias": normals([layer.outputChannels])]
        case .depthwise(let layer):
            return [
                name + ".weight": normals([layer.channels, layer.slides.rows.kernel, layer.slides.columns.kernel]),
                name + ".bias": normals([layer.channels]),
            ]
        case .gate(let gate):
            let (channels, squeezed) = (gate.channels, gate.squeezed)
            return [
                name + ".reduce.weight": normals([squeezed, channels], deviation: 1 / Float(channels).squareRoot()),
                name + ".reduce.bias": normals([squeezed]),
                name + ".expand.weight": normals([channels, squeezed], deviation: 0.5 / Float(squeezed).squareRoot()),
                name + ".expand.bias": normals([channels], deviation: 0.5),
            ]
        case .weightedSum(let sum):
            let shape = [sum.inputs, sum.channels]
            guard graph.pyramidLevels(of: index) == nil else { return [name + ".weights": shares(shape)] }
            let values = shares([sum.inputs]).values.flatMap { repeatElement($0, count: sum.channels) }
            return [name + ".weights": FloatTensor(shape: shape, values: values)]
        }
    }

    /// Overlapping rectangles of random colors and textures.
    mutating func image(height: Int, width: Int) -> RGBImage {
        var pixels = [UInt8](repeating: 128, count: height * width * 3)
        for _ in 0..<60 {
            let (top, left) = (integer(below: height), integer(below: width))
            let (bottom, right) = (min(height, top + 4 + integer(below: height / 2)), min(width, left + 4 + integer(below: width / 2)))
            let color = (0..<3).map { _ in integer(below: 256) }, roughness = 1 + integer(below: 128)
            for y in top..<bottom {
                for i in (y * width + left) * 3..<(y * width + right) * 3 {
                    pixels[i] = UInt8(max(0, min(255, color[i % 3] + integer(below: roughness) - roughness / 2)))
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}

extension RGBImage {
    /// A seeded image of overlapping rectangles of random colors and textures, of the kind that random networks are normalized on.
    public static func random(height: Int, width: Int, seed: UInt64) -> RGBImage {
        var source = RandomSource(seed: seed)
        return source.image(height: height, width: width)
    }
}
