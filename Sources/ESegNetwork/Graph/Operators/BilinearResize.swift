/// Bilinear resize to any size, then an activation that clamps.
public struct BilinearResize: GraphOperator {
    public static let name = "bilinear_resize"

    public var channels: Int
    public var target: ResizeTarget
    public var positions: SamplePositions
    /// None, ReLU or ReLU6.
    public var activation: Activation

    public init(channels: Int, target: ResizeTarget, positions: SamplePositions, activation: Activation = .none) {
        self.channels = channels
        self.target = target
        self.positions = positions
        self.activation = activation
    }

    public var summary: String { "bilinear resize" + activation.suffix }
    public var label: String { "bilinear" }

    package var linear: Operation? {
        var resize = self
        resize.activation = .none
        return .bilinearResize(resize)
    }

    package func valueInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }
    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: target.inputs...target.inputs, found: found.count)
        try require(inputChannels: found[0], channels)
        try require(activation.isClamping, "activation", activation.rawValue, "none, relu or relu6")
        try target.check(self)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try target.outputSize(inputs, self) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .rescaled }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels))] + target.attributes
            + [("positions", .string(positions.rawValue)), ("activation", .string(activation.rawValue))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        target = try ResizeTarget(&fields)
        positions = try fields.choice("positions")
        activation = try fields.choice("activation")
    }

    package var operation: Operation { .bilinearResize(self) }
}
