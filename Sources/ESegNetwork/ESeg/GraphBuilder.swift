/// Builds the graph of a valid config, and beside each node the source of its parameters. Names are the PyTorch modules' paths.
struct GraphBuilder {
    private(set) var nodes: [Node] = []
    private(set) var sources: [ParameterSource] = []
    private let config: ESegConfig

    /// A node's output.
    private struct Feature {
        let node: Int
        let channels: Int
    }

    /// A backbone stage as EfficientNet-B0 has it, arXiv 1905.11946 table 1.
    private struct Stage {
        let expand, kernel, stride, repeats, channels: Int
        /// Its output is one of C2..C5.
        let isPyramidLevel: Bool
    }

    private static let stages = [
        Stage(expand: 1, kernel: 3, stride: 1, repeats: 1, channels: 16, isPyramidLevel: false),
        Stage(expand: 6, kernel: 3, stride: 2, repeats: 2, channels: 24, isPyramidLevel: true),
        Stage(expand: 6, kernel: 5, stride: 2, repeats: 2, channels: 40, isPyramidLevel: true),
        Stage(expand: 6, kernel: 3, stride: 2, repeats: 3, channels: 80, isPyramidLevel: false),
        Stage(expand: 6, kernel: 5, stride: 1, repeats: 3, channels: 112, isPyramidLevel: true),
        Stage(expand: 6, kernel: 5, stride: 2, repeats: 4, channels: 192, isPyramidLevel: false),
        Stage(expand: 6, kernel: 3, stride: 1, repeats: 1, channels: 320, isPyramidLevel: true),
    ]

    init(config: ESegConfig) { self.config = config }

    mutating func build() {
        let image = add("image", .image(Image()), [], .none)
        var pyramid = extend(backbone(image))
        for cell in 0..<config.fpnRepeats { pyramid = bifpn("bifpn.\(cell)", pyramid) }
        head(pyramidSum(pyramid))
    }
}

// Backbone
extension GraphBuilder {
    private mutating func backbone(_ image: Feature) -> [Feature] {
        let stemChannels = config.liteScaling ? 32 : scaledChannels(32)
        var x = convolutionBN("backbone.stem", image, stemChannels, kernel: 3, stride: 2, config.activation)
        var pyramid: [Feature] = []
        for (index, stage) in Self.stages.enumerated() {
            let keepsRepeats = config.liteScaling && (index == 0 || index == Self.stages.count - 1)
            let repeats = keepsRepeats ? stage.repeats : Int((Double(stage.repeats) * config.depth).rounded(.up))
            for block in 0..<repeats {
                let path = "backbone.stages.\(index).\(block)"
                x =
                    config.block == .fused
                    ? fusedBlock(path, x, stage, isFirst: block == 0) : mbconvBlock(path, x, stage, isFirst: block == 0)
            }
            if stage.isPyramidLevel { pyramid.append(x) }
        }
        return pyramid
    }

    private mutating func mbconvBlock(_ path: String, _ input: Feature, _ stage: Stage, isFirst: Bool) -> Feature {
        let stride = isFirst ? stage.stride : 1
        var x = input
        if stage.expand != 1 { x = convolutionBN(path + ".expand", x, input.channels * stage.expand, config.activation) }
        x = depthwise(
            path + ".depthwise", module: path + ".depthwise.conv", batchNorm: path + ".depthwise.bn", x, kernel: kernel(stage),
            stride: stride,
            config.activation)
        if config.squeezeExcite { x = squeezeExcite(path + ".se", x, squeezed: max(1, input.channels / 4)) }
        return project(path, x, input, stage, stride: stride)
    }

    private mutating func fusedBlock(_ path: String, _ input: Feature, _ stage: Stage, isFirst: Bool) -> Feature {
        let stride = isFirst ? stage.stride : 1
        let width = scaledChannels(stage.channels)
        if stage.expand == 1 {
            let residual = stride == 1 && width == input.channels ? input : nil
            return convolutionBN(
                path, module: path + ".conv", input, width, kernel: kernel(stage), stride: stride, config.activation, residual: residual)
        }
        let x = convolutionBN(
            path + ".expand", input, input.channels * stage.expand, kernel: kernel(stage), stride: stride, config.activation)
        return project(path, x, input, stage, stride: stride)
    }

    /// x · sigmoid(expand(silu(reduce(mean(x))))).
    private mutating func squeezeExcite(_ path: String, _ x: Feature, squeezed: Int) -> Feature {
        let mean = add(path + ".mean", .globalAveragePool(GlobalAveragePool(channels: x.channels)), [x], .none)
        let reduced = pointwise(path + ".reduce", module: path + ".reduce", mean, squeezed, .silu)
        let gate = pointwise(path + ".expand", module: path + ".expand", reduced, x.channels, .sigmoid)
        return add(path, .product(Product(channels: x.channels)), [x, gate], .none)
    }

    private mutating func project(_ path: String, _ x: Feature, _ input: Feature, _ stage: Stage, stride: Int) -> Feature {
        let width = scaledChannels(stage.channels)
        let residual = stride == 1 && width == input.channels ? input : nil
        return convolutionBN(path + ".project", x, width, .none, residual: residual)
    }

    private func kernel(_ stage: Stage) -> Int { config.forceKernel3 ? 3 : stage.kernel }

    /// `channels` × width to the nearest multiple of 8, never below 90 % of it.
    private func scaledChannels(_ channels: Int) -> Int {
        let exact = Double(channels) * config.width
        let rounded = max(8, Int(exact + 4) / 8 * 8)
        return Double(rounded) < 0.9 * exact ? rounded + 8 : rounded
    }
}

// Pyramid and head
extension GraphBuilder {
    /// C2..C5 and, by pooling, P6 up to the top level.
    private mutating func extend(_ backbone: [Feature]) -> [Feature] {
        var pyramid = backbone
        guard let c5 = backbone.last else { return [] }
        let p6 = convolutionBN("p6", c5, config.fpnChannels, .none, bias: true)
        pyramid.append(maxPool("p6.pool", p6))
        for level in stride(from: 7, through: config.maxLevel, by: 1) { pyramid.append(maxPool("p\(level)", pyramid[pyramid.count - 1])) }
        return pyramid
    }

    private mutating func bifpn(_ path: String, _ pyramid: [Feature]) -> [Feature] {
        let top = pyramid.count - 1
        let topLateral = lateral("\(path).lateral.\(top)", pyramid[top])
        var topDown = pyramid
        topDown[top] = topLateral
        for i in stride(from: top - 1, through: 0, by: -1) {
            let x = lateral("\(path).lateral.\(i)", pyramid[i])
            topDown[i] = fusionNode("\(path).top_down.\(i)", [x, topDown[i + 1]], [.same, .up])
        }
        var out = [topDown[0]]
        for i in 1...top {
            let node = "\(path).bottom_up.\(i - 1)"
            if i < top {
                let x = lateral("\(path).lateral2.\(i)", pyramid[i])
                out.append(fusionNode(node, [x, topDown[i], out[i - 1]], [.same, .same, .down]))
            } else {
                out.append(fusionNode(node, [topLateral, out[i - 1]], [.same, .down]))
            }
        }
        return out
    }

    private mutating func lateral(_ path: String, _ x: Feature) -> Feature {
        x.channels == config.fpnChannels ? x : convolutionBN(path, x, config.fpnChannels, .none, bias: true)
    }

    private mutating func fusionNode(_ path: String, _ inputs: [Feature], _ resampling: [Resampling]) -> Feature {
        let channels = config.fpnChannels, name = path + ".fuse"
        var terms: [Feature] = []
        for (index, (input, resampling)) in zip(inputs, resampling).enumerated() {
            let node = Node.resampling(
                resampling, of: input.node, toSizeOf: inputs[0].node, channels: channels, term: index, sum: name)
            terms.append(node.map { add($0, .none) } ?? input)
        }
        let sum = WeightedSum(channels: channels, inputs: terms.count, activation: config.activation)
        let fused = add(name, .weightedSum(sum), terms, .fusionWeights(tensor: path + ".weights", perChannel: false))
        return separable(path, modules: path + ".conv", fused, .none)
    }

    /// y = w[top]·P[top]; then downwards y = w[i]·P[i] + upsample(y): one sum of all levels, each brought down step by step.
    private mutating func pyramidSum(_ pyramid: [Feature]) -> Feature {
        let channels = config.fpnChannels, name = "fusion", levels = pyramid.map(\.node)
        var terms = [pyramid[0]]
        for level in 1..<pyramid.count {
            terms.append(add(Node.descent(ofLevel: level, in: levels, channels: channels, sum: name), .none))
        }
        let sum = WeightedSum(channels: channels, inputs: terms.count, activation: .none)
        return add(name, .weightedSum(sum), terms, .fusionWeights(tensor: "fusion", perChannel: true))
    }

    private mutating func head(_ x: Feature) {
        let x = separable("head", modules: "head", x, config.activation)
        _ = pointwise("classifier", module: "classifier", x, config.classes, .none)
    }
}

// Layers
extension GraphBuilder {
    private mutating func separable(_ path: String, modules: String, _ x: Feature, _ activation: Activation) -> Feature {
        let spatial = depthwise(path + ".depthwise", module: modules + ".depthwise", batchNorm: nil, x, kernel: 3, stride: 1, .none)
        return pointwise(
            path + ".pointwise", module: modules + ".pointwise", batchNorm: modules + ".bn", spatial, x.channels, activation)
    }

    /// A 1×1 convolution with a bias of its own.
    private mutating func pointwise(
        _ name: String, module: String, batchNorm: String? = nil, _ x: Feature, _ channels: Int, _ activation: Activation
    ) -> Feature {
        let layer = Convolution(inputChannels: x.channels, outputChannels: channels, kernel: 1, stride: 1, activation: activation)
        return add(name, .convolution(layer), [x], .convolution(module: module, bias: true, batchNorm: batchNorm))
    }

    /// A convolution `module.conv` and its `module.bn`; `module` is `name` where not given.
    private mutating func convolutionBN(
        _ name: String, module: String? = nil, _ x: Feature, _ channels: Int, kernel: Int = 1, stride: Int = 1, _ activation: Activation,
        bias: Bool = false, residual: Feature? = nil
    ) -> Feature {
        let module = module ?? name
        let layer = Convolution(
            inputChannels: x.channels, outputChannels: channels, kernel: kernel, stride: stride, activation: activation,
            residual: residual != nil)
        let source = ParameterSource.convolution(module: module + ".conv", bias: bias, batchNorm: module + ".bn")
        return add(name, .convolution(layer), [x] + (residual.map { [$0] } ?? []), source)
    }

    private mutating func depthwise(
        _ name: String, module: String, batchNorm: String?, _ x: Feature, kernel: Int, stride: Int, _ activation: Activation
    ) -> Feature {
        let layer = Depthwise(channels: x.channels, kernel: kernel, stride: stride, activation: activation)
        return add(name, .depthwise(layer), [x], .convolution(module: module, bias: false, batchNorm: batchNorm))
    }

    private mutating func maxPool(_ name: String, _ x: Feature) -> Feature {
        add(name, .maxPool(MaxPool(channels: x.channels)), [x], .none)
    }

    private mutating func add(_ name: String, _ operation: Operation, _ inputs: [Feature], _ source: ParameterSource) -> Feature {
        add(Node(name: name, operation: operation, inputs: inputs.map(\.node)), source)
    }

    private mutating func add(_ node: Node, _ source: ParameterSource) -> Feature {
        nodes.append(node)
        sources.append(source)
        return Feature(node: nodes.count - 1, channels: node.channels)
    }
}
