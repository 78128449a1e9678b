/// Some channels of a map, in any order: a split's part, a shuffle.
public struct ChannelSelection: GraphOperator {
    public static let name = "channel_selection"

    public var inputChannels: Int
    /// Of each output channel, the input's.
    public var selected: [Int]

    public init(inputChannels: Int, selected: [Int]) {
        self.inputChannels = inputChannels
        self.selected = selected
    }

    public var summary: String { "\(selected.count) of \(inputChannels) channels" }
    public var label: String { "select" }
    public var channels: Int { selected.count }
    public var codes: CodeSource { .input }

    package func ties(ofChannel channel: Int, _ count: Int) -> [ChannelTie] { [ChannelTie(input: 0, channel: selected[channel])] }

    /// The first of the chosen channels where they lie one after the other; else nil.
    package var run: Int? {
        guard let first = selected.first, selected.indices.allSatisfy({ selected[$0] == first + $0 }) else { return nil }
        return first
    }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], inputChannels)
        for channel in selected {
            try require((0..<inputChannels).contains(channel), "selected", "\(channel)", "channels below \(inputChannels)")
        }
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { inputs[0].size }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] {
        [("input_channels", .integer(inputChannels)), ("selected", .array(selected.map(JSONValue.integer)))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        inputChannels = try fields.integer("input_channels", in: Graph.Limits.channels)
        selected = try fields.integers("selected", count: Graph.Limits.channels, in: 0...Graph.Limits.channels.upperBound)
    }

    package var operation: Operation { .channelSelection(self) }
}
