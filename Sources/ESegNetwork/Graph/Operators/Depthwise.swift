/// Convolution of each channel by itself, with bias and activation.
///
/// Parameters: `weight` [channels, kh, kw], `bias` [channels].
public struct Depthwise: GraphOperator {
    public static let name = "depthwise"

    public var channels: Int
    /// 3 or 5; the padding is half of it.
    public var kernel: Int
    /// 1 or 2.
    public var stride: Int
    public var activation: Activation

    public init(channels: Int, kernel: Int, stride: Int, activation: Activation) {
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.activation = activation
    }

    public var summary: String { "depthwise \(slides.summary)" + activation.suffix }
    public var label: String { "depthwise\(kernel)x\(kernel)" }
    public var window: Window? { slides }
    public var taps: Int { kernel * kernel }
    package var parameters: [Parameter] {
        [Parameter("weight", [channels, kernel, kernel], scaling: .rows), Parameter("bias", [channels], scaling: .rows)]
    }
    package var linear: Operation? {
        var layer = self
        layer.activation = .none
        return .depthwise(layer)
    }

    private var slides: Window { Window(kernel: kernel, stride: stride) }

    package func macs(_ output: Shape) -> Int { output.count * taps }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(Graph.Limits.depthwiseKernels.contains(kernel), "kernel", "\(kernel)", "3 or 5")
        try require(Graph.Limits.strides.contains(stride), "stride", "\(stride)", "1 or 2")
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { slides.size(over: inputs[0]) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .depthwise }

    package var attributes: [(String, JSONValue)] {
        [
            ("channels", .integer(channels)), ("kernel", .integer(kernel)), ("stride", .integer(stride)),
            ("activation", .string(activation.rawValue)),
        ]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        kernel = try fields.integer("kernel", in: Graph.Limits.kernels)
        stride = try fields.integer("stride", in: Graph.Limits.strides)
        activation = try fields.choice("activation")
    }

    package var operation: Operation { .depthwise(self) }
}
