/// The greatest channel of each pixel: a map of one channel.
public struct ChannelMaximum: GraphOperator {
    public static let name = "channel_maximum"

    public var inputChannels: Int

    public init(inputChannels: Int) { self.inputChannels = inputChannels }

    public var summary: String { "maximum of \(inputChannels) channels" }
    public var label: String { "max" }
    public var channels: Int { 1 }
    public var codes: CodeSource { .input }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], inputChannels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { inputs[0].size }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] { [("input_channels", .integer(inputChannels))] }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        inputChannels = try fields.integer("input_channels", in: Graph.Limits.channels)
    }

    package var operation: Operation { .channelMaximum(self) }
}
