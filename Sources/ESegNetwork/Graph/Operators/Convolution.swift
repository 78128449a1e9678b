/// Dense convolution with bias and activation, to whose result a second input is added where it is `residual`; that sum may pass another
/// activation.
///
/// Parameters: `weight` [out, kh, kw, in], `bias` [out], and `slope` [out] of a PReLU.
public struct Convolution: GraphOperator {
    public static let name = "convolution"

    public var inputChannels: Int
    public var outputChannels: Int
    public var slides: Window
    public var activation: Activation
    public var residual: Bool
    /// Of the sum with the residual: none, ReLU or ReLU6.
    public var sumActivation: Activation

    public init(
        inputChannels: Int, outputChannels: Int, window: Window, activation: Activation, residual: Bool = false,
        sumActivation: Activation = .none
    ) {
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        slides = window
        self.activation = activation
        self.residual = residual
        self.sumActivation = sumActivation
    }

    /// One whose window is square and padded by half.
    public init(inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int, activation: Activation, residual: Bool = false) {
        self.init(
            inputChannels: inputChannels, outputChannels: outputChannels, window: Window(kernel: kernel, stride: stride),
            activation: activation, residual: residual)
    }

    public var summary: String { "conv \(slides.summary)" + activation.suffix + (residual ? " + residual" + sumActivation.suffix : "") }
    public var label: String { "conv\(slides.rows.kernel)x\(slides.columns.kernel)" }
    public var channels: Int { outputChannels }
    public var isResidual: Bool { residual }
    public var outputActivation: Activation { residual ? sumActivation : activation }
    public var window: Window? { slides }
    public var taps: Int { slides.taps * inputChannels }
    package var readsPixels: Bool { true }
    package var parameters: [Parameter] {
        [
            Parameter("weight", [outputChannels, slides.rows.kernel, slides.columns.kernel, inputChannels], scaling: .rows),
            Parameter("bias", [outputChannels], scaling: .rows),
        ] + activation.parameters(channels: outputChannels)
    }
    package var linear: Operation? {
        var layer = self
        (layer.activation, layer.residual, layer.sumActivation) = (.none, false, .none)
        return .convolution(layer)
    }

    package func tiedInputs(_ count: Int) -> Range<Int> { residual ? 1..<2 : 0..<0 }
    package func macs(_ output: Shape) -> Int { output.count * taps }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try slides.check(self, kernels: Graph.Limits.kernels)
        try require(Graph.Limits.channels.contains(inputChannels), "input channels", "\(inputChannels)", "\(Graph.Limits.channels)")
        try require(!residual || activation != .prelu, "activation", "prelu before a residual", "a sum and a layer of its own")
        try require(
            sumActivation == .none || residual && [.relu, .relu6].contains(sumActivation), "sum activation", sumActivation.rawValue,
            residual ? "none, relu or relu6" : "none without a residual")
        let count = residual ? 2 : 1
        try require(inputs: count...count, found: found.count)
        try require(inputChannels: found[0], inputChannels)
        if residual { try require(found[1] == outputChannels, "residual", "\(found[1]) channels", "\(outputChannels)") }
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        let size = try slides.outputSize(over: inputs[0], self)
        if residual { try require(inputs[1].size == size, "residual", "a map of \(inputs[1].size)", "\(size), as is added to it") }
        return size
    }

    package func layerKind(isInt16: Bool) -> LayerKind? { .convolution }

    package var attributes: [(String, JSONValue)] {
        [
            ("input_channels", .integer(inputChannels)), ("output_channels", .integer(outputChannels)),
        ] + slides.attributes + [("activation", .string(activation.rawValue)), ("residual", .bool(residual))]
            + (sumActivation == .none ? [] : [("sum_activation", .string(sumActivation.rawValue))])
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        inputChannels = try fields.integer("input_channels", in: Graph.Limits.channels)
        outputChannels = try fields.integer("output_channels", in: Graph.Limits.channels)
        slides = try Window(&fields)
        activation = try fields.choice("activation")
        residual = try fields.bool("residual")
        sumActivation = fields.has("sum_activation") ? try fields.choice("sum_activation") : .none
    }

    package var operation: Operation { .convolution(self) }
}
