/// Convolution of each channel by itself, with bias and activation.
///
/// Parameters: `weight` [channels, kh, kw], `bias` [channels], and `slope` [channels] of a PReLU.
public struct Depthwise: GraphOperator {
    public static let name = "depthwise"

    public var channels: Int
    public var slides: Window
    public var activation: Activation

    public init(channels: Int, window: Window, activation: Activation) {
        self.channels = channels
        slides = window
        self.activation = activation
    }

    /// One whose window is square and padded by half.
    public init(channels: Int, kernel: Int, stride: Int, activation: Activation) {
        self.init(channels: channels, window: Window(kernel: kernel, stride: stride), activation: activation)
    }

    public var summary: String { "depthwise \(slides.summary)" + activation.suffix }
    public var label: String { "depthwise\(slides.rows.kernel)x\(slides.columns.kernel)" }
    public var window: Window? { slides }
    public var taps: Int { slides.taps }
    package var parameters: [Parameter] {
        [
            Parameter("weight", [channels, slides.rows.kernel, slides.columns.kernel], scaling: .rows),
            Parameter("bias", [channels], scaling: .rows),
        ] + activation.parameters(channels: channels)
    }
    package var linear: Operation? {
        var layer = self
        layer.activation = .none
        return .depthwise(layer)
    }

    package func macs(_ output: Shape) -> Int { output.count * taps }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try slides.check(self, kernels: Graph.Limits.kernels)
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try slides.outputSize(over: inputs[0], self) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .depthwise }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels))] + slides.attributes + [("activation", .string(activation.rawValue))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        slides = try Window(&fields)
        activation = try fields.choice("activation")
    }

    package var operation: Operation { .depthwise(self) }
}
