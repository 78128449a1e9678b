/// activation(Σ weights[i] · input i), for maps of one size.
///
/// Parameters: `weights` [inputs, channels].
public struct WeightedSum: GraphOperator {
    public static let name = "weighted_sum"

    public var channels: Int
    /// How many maps are added.
    public var inputs: Int
    public var activation: Activation

    public init(channels: Int, inputs: Int, activation: Activation) {
        self.channels = channels
        self.inputs = inputs
        self.activation = activation
    }

    public var summary: String { "sum of \(inputs)" + activation.suffix }
    public var label: String { "sum" }
    package var parameters: [Parameter] { [Parameter("weights", [inputs, channels])] }

    package var linear: Operation? {
        var sum = self
        sum.activation = .none
        return .weightedSum(sum)
    }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(Graph.Limits.sumInputs.contains(inputs), "inputs", "\(inputs)", "\(Graph.Limits.sumInputs)")
        try require(activation != .prelu, "activation", "prelu", "one without slopes")
        try require(inputs: inputs...inputs, found: found.count)
        for count in found { try require(inputChannels: count, channels) }
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try oneSize(inputs) }

    package func layerKind(isInt16: Bool) -> LayerKind? { isInt16 ? .int16Sum : .sum }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels)), ("terms", .integer(inputs)), ("activation", .string(activation.rawValue))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        inputs = try fields.integer("terms", in: Graph.Limits.sumInputs)
        activation = try fields.choice("activation")
    }

    package var operation: Operation { .weightedSum(self) }
}
