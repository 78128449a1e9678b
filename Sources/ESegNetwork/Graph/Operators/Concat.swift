/// Maps of one size side by side: the channels of the first, then those of the second, and so on.
public struct Concat: GraphOperator {
    public static let name = "concat"

    package static let inputCounts = 2...16

    /// How many channels each input has.
    public var inputChannels: [Int]

    public init(inputChannels: [Int]) { self.inputChannels = inputChannels }

    public var summary: String { "concat of \(inputChannels.count)" }
    public var label: String { "concat" }
    public var channels: Int { inputChannels.reduce(0, +) }

    package func ties(ofChannel channel: Int, _ count: Int) -> [ChannelTie] {
        var first = 0
        for (input, channels) in inputChannels.enumerated() {
            if channel < first + channels { return [ChannelTie(input: input, channel: channel - first)] }
            first += channels
        }
        return []
    }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        let count = inputChannels.count
        try require(Concat.inputCounts.contains(count), "inputs", "\(count)", "\(Concat.inputCounts)")
        try require(inputs: count...count, found: found.count)
        for (found, expected) in zip(found, inputChannels) { try require(inputChannels: found, expected) }
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try oneSize(inputs) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .concat }

    package var attributes: [(String, JSONValue)] { [("input_channels", .array(inputChannels.map { .integer($0) }))] }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        inputChannels = try fields.integers("input_channels", count: Concat.inputCounts, in: Graph.Limits.channels)
    }

    package var operation: Operation { .concat(self) }
}
