/// An ESeg network before it has weights: its graph, and the tensors that a weight file must hold for each node.
public struct Architecture: Sendable, Equatable {
    public let config: ESegConfig
    public let graph: Graph
    /// Where each node's parameters come from, parallel to `graph.nodes`.
    let sources: [ParameterSource]

    /// Builds the network that `config` describes. Throws naming `file` if a field is out of range or the sizes it asks for are absurd.
    public init(config: ESegConfig, file: String = "config") throws(NetworkError) {
        try config.validate(file: file)
        var builder = GraphBuilder(config: config)
        builder.build()
        self.config = config
        graph = Graph(nodes: builder.nodes)
        sources = builder.sources
        try graph.validate(file: file)
        guard parameterCount <= Self.maximumParameters else {
            throw NetworkError(
                file: file, field: "config", found: "a network of \(parameterCount) parameters",
                expected: "at most \(Self.maximumParameters)")
        }
    }

    private static let maximumParameters = 1 << 28

    /// Every tensor of a weight file, in the graph's order: names, and shapes as PyTorch has them.
    public var tensors: [WeightTensor] {
        zip(graph.nodes, sources).flatMap { node, source in source.tensors(of: node.operation) }
    }

    /// Learnable parameters of the network as trained: of convolutions, batch normalization and fusions.
    public var parameterCount: Int {
        tensors.reduce(0) { $0 + ($1.isLearnable ? $1.shape.reduce(1, *) : 0) }
    }
}

/// A tensor that a weight file must hold.
public struct WeightTensor: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    /// False for batch normalization's running statistics.
    public let isLearnable: Bool

    init(_ name: String, _ shape: [Int], isLearnable: Bool = true) {
        self.name = name
        self.shape = shape
        self.isLearnable = isLearnable
    }
}

/// The tensors or modules of a weight file that a node's parameters are folded from.
enum ParameterSource: Sendable, Equatable {
    case none
    /// A convolution, dense or depthwise. Modules by path; `bias` says whether the convolution has its own.
    case convolution(module: String, bias: Bool, batchNorm: String?)
    /// Weights of a sum's terms, before they are normalized; one for each term, or one for each channel of each term.
    case fusionWeights(tensor: String, perChannel: Bool)

    func tensors(of operation: Operation) -> [WeightTensor] {
        switch self {
        case .none: []
        case .convolution(let module, let bias, let batchNorm):
            Self.convolution(module, pyTorchShape(operation), bias: bias, batchNorm: batchNorm)
        case .fusionWeights(let tensor, let perChannel):
            operation.parameters.map { WeightTensor(tensor, perChannel ? $0.shape : [$0.shape[0]]) }
        }
    }

    /// The shape of a convolution's weights in PyTorch: [out, in, kh, kw].
    private func pyTorchShape(_ operation: Operation) -> [Int] {
        guard let shape = operation.parameters.first?.shape else { return [] }
        return shape.count == 4 ? [shape[0], shape[3], shape[1], shape[2]] : [shape[0], 1, shape[1], shape[2]]
    }

    private static func convolution(_ module: String, _ shape: [Int], bias: Bool, batchNorm: String?) -> [WeightTensor] {
        let channels = [shape[0]]
        var tensors = [WeightTensor(module + ".weight", shape)]
        if bias { tensors.append(WeightTensor(module + ".bias", channels)) }
        if let batchNorm {
            tensors += [
                WeightTensor(batchNorm + ".weight", channels), WeightTensor(batchNorm + ".bias", channels),
                WeightTensor(batchNorm + ".running_mean", channels, isLearnable: false),
                WeightTensor(batchNorm + ".running_var", channels, isLearnable: false),
            ]
        }
        return tensors
    }
}
