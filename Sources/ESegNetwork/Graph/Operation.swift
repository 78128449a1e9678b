/// What a node computes: one of the operators of `Operators/`.
public enum Operation: Sendable, Equatable {
    case image(Image)
    case convolution(Convolution)
    case depthwise(Depthwise)
    case maxPool(MaxPool)
    case averagePool(AveragePool)
    case adaptiveAveragePool(AdaptiveAveragePool)
    case resize(Resize)
    case bilinearResize(BilinearResize)
    case weightedSum(WeightedSum)
    case globalAveragePool(GlobalAveragePool)
    case product(Product)
    case concat(Concat)
    case softmax(Softmax)
    case channelMaximum(ChannelMaximum)
    case channelSelection(ChannelSelection)
    case depthToSpace(DepthToSpace)
    case gate(Gate)

    /// The operator's description.
    package var described: any GraphOperator {
        switch self {
        case .image(let operation): operation
        case .convolution(let operation): operation
        case .depthwise(let operation): operation
        case .maxPool(let operation): operation
        case .averagePool(let operation): operation
        case .adaptiveAveragePool(let operation): operation
        case .resize(let operation): operation
        case .bilinearResize(let operation): operation
        case .weightedSum(let operation): operation
        case .globalAveragePool(let operation): operation
        case .product(let operation): operation
        case .concat(let operation): operation
        case .softmax(let operation): operation
        case .channelMaximum(let operation): operation
        case .channelSelection(let operation): operation
        case .depthToSpace(let operation): operation
        case .gate(let operation): operation
        }
    }

    /// Every operator that there is.
    package static let operators: [any GraphOperator.Type] = [
        Image.self, Convolution.self, Depthwise.self, MaxPool.self, AveragePool.self, AdaptiveAveragePool.self, Resize.self,
        BilinearResize.self, WeightedSum.self, GlobalAveragePool.self, Product.self, Concat.self, Softmax.self, ChannelMaximum.self,
        ChannelSelection.self, DepthToSpace.self,
        Gate.self,
    ]
}

// What consumers ask most; `GraphOperator` documents each.
extension Operation {
    package var name: String { type(of: described).name }
    package var summary: String { described.summary }
    package var label: String { described.label }
    /// Channels of the output.
    public var channels: Int { described.channels }
    /// What ends the operator itself; a residual is added after it.
    public var activation: Activation { described.activation }
    /// What its output has passed last: where a residual is added, what the sum passes.
    public var outputActivation: Activation { described.outputActivation }
    /// Whether its output is kept in int16 codes: shares of channels, and what activations need them for.
    public var needsInt16: Bool { if case .softmax = self { true } else { outputActivation.needsInt16 } }
    /// Whether its last input is added to what it computes.
    public var isResidual: Bool { described.isResidual }
    /// The pixels of the input that one pixel of the output depends on; nil where it slides over none.
    public var window: Window? { described.window }
    /// What its output's codes are.
    public var codes: CodeSource { described.codes }
    /// Learned weights of one output channel of a convolution; 0 for other operators.
    package var taps: Int { described.taps }
    package var parameters: [Parameter] { described.parameters }
    /// Whether each of its output channels reads one of its input's.
    package var isDepthwise: Bool { if case .depthwise = self { true } else { false } }
    /// What its parameters are in a quantized network; nil where integers have no arithmetic for it.
    package func layerKind(isInt16: Bool) -> LayerKind? { described.layerKind(isInt16: isInt16) }
}
