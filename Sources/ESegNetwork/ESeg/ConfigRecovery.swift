extension FloatNetwork {
    /// The network as the ESeg that it is: with its config, and its nodes under the names that weight files have; nil where no config gives
    /// its graph.
    public var recoveredESeg: FloatNetwork? {
        let recovery = ConfigRecovery(graph: graph, name: description.name, mean: description.mean, std: description.std)
        guard description.channelOrder == .rgb, description.upsampling == .halfPixel, let (config, architecture, origins) = recovery.match()
        else { return nil }
        return FloatNetwork(
            graph: architecture, description: config.description(classNames: classNames), familyConfig: config.json,
            parameters: parameters.renamed(from: graph, to: architecture, origins: origins))
    }
}

/// Finds the config whose network a graph is, node by node; names and order do not matter.
struct ConfigRecovery {
    let graph: Graph
    let name: String
    let mean: [Float]
    let std: [Float]

    /// The config, its graph, and for each of that graph's nodes the one that it is here; nil where no config gives this graph.
    func match() -> (config: ESegConfig, graph: Graph, origins: [Int])? {
        // What every config has: fused levels, and pools of C5. Most networks lack them, and hundreds of configs need not be tried.
        let fusesLevels = graph.nodes.contains { if case .weightedSum = $0.operation { true } else { false } }
        let ends = ends(of: graph)
        guard fusesLevels, ends.count == 2 else { return nil }
        for preset in ESegConfig.presets(classes: described.classes) {
            if let match = match(preset) { return match }
        }
        var config = described
        for (lite, kernel3) in [(false, false), (true, false), (false, true), (true, true)] {
            (config.liteScaling, config.forceKernel3) = (lite, kernel3)
            for width in Self.steps {
                (config.width, config.depth) = (width, 1)
                guard let narrow = try? Architecture(config: config).graph, self.ends(of: narrow) == ends else { continue }
                for depth in Self.steps {
                    config.depth = depth
                    if let match = match(config) { return match }
                }
            }
        }
        return nil
    }

    /// Width and depth multipliers that are tried, those of the paper first.
    private static let steps: [Double] = [1, 1.1, 1.2, 1.4, 1.8, 2, 3.1] + (1...80).map { Double($0) / 20 }

    /// What the graph shows of its config; width and depth are 1.
    private var described: ESegConfig {
        var (levels, channels, fusions) = (8, 64, 0)
        var (activation, squeezeExcite, block) = (Activation.relu, false, ESegConfig.Block.fused)
        for (index, node) in graph.nodes.enumerated().reversed() {
            let operation = node.operation
            if case .weightedSum(let sum) = operation {
                if graph.pyramidLevels(of: index) == nil { fusions += 1 } else { (levels, channels) = (sum.inputs, sum.channels) }
            } else if case .product = operation {
                squeezeExcite = true
            } else if operation.activation != .none {
                if operation.isDepthwise { block = .mbconv } else { activation = operation.activation }
            }
        }
        return ESegConfig(
            name: name, width: 1, depth: 1, block: squeezeExcite ? .mbconv : block, activation: activation, squeezeExcite: squeezeExcite,
            liteScaling: false, forceKernel3: false, fpnChannels: min(channels, 1024),
            fpnRepeats: min(max(1, fusions / max(1, 2 * (levels - 1))), 16), maxLevel: min(max(levels + 1, 6), 9),
            classes: graph.nodes.last?.channels ?? 1, mean: mean, std: std)
    }

    /// Channels of the stem and of C5, which width alone decides.
    private func ends(of graph: Graph) -> [Int] {
        let stem = graph.nodes.count > 1 ? graph.nodes[1].channels : 0
        guard let pool = graph.nodes.first(where: { if case .maxPool = $0.operation { true } else { false } }),
            case .convolution(let layer) = graph.nodes[pool.inputs[0]].operation
        else { return [stem] }
        return [stem, layer.inputChannels]
    }

    private func match(_ candidate: ESegConfig) -> (ESegConfig, Graph, [Int])? {
        var config = candidate
        (config.mean, config.std) = (mean, std)
        guard let target = try? Architecture(config: config).graph, target.nodes.count == graph.nodes.count else { return nil }
        var origins = [Int?](repeating: nil, count: target.nodes.count)
        var pairs = [(target.nodes.count - 1, graph.nodes.count - 1)]
        while let (node, own) = pairs.popLast() {
            if let known = origins[node] {
                guard known == own else { return nil }
                continue
            }
            let (theirs, ours) = (target.nodes[node], graph.nodes[own])
            guard theirs.operation == ours.operation, theirs.inputs.count == ours.inputs.count else { return nil }
            origins[node] = own
            pairs += zip(theirs.inputs, ours.inputs)
        }
        let known = origins.compactMap { $0 }
        return Set(known).count == target.nodes.count ? (config, target, known) : nil
    }
}

extension [String: FloatTensor] {
    /// The parameters under the names of `target`, whose node i is node `origins[i]` of `graph`.
    fileprivate func renamed(from graph: Graph, to target: Graph, origins: [Int]) -> Self {
        var renamed: Self = [:]
        for (node, origin) in zip(target.nodes, origins) {
            for suffix in ["weight", "bias", "weights", "reduce.weight", "reduce.bias", "expand.weight", "expand.bias"] {
                if let tensor = self["\(graph.nodes[origin].name).\(suffix)"] { renamed["\(node.name).\(suffix)"] = tensor }
            }
        }
        return renamed
    }
}
