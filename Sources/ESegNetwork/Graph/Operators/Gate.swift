/// Squeeze-excite as one operator, x · sigmoid(expand(silu(reduce(mean(x))))): what `FloatNetwork.gatheringGates` makes of the nodes.
///
/// Parameters: `reduce.weight` [squeezed, channels], `reduce.bias`, `expand.weight` [channels, squeezed], `expand.bias`.
public struct Gate: GraphOperator {
    public static let name = "gate"

    public var channels: Int
    /// Channels between the two layers.
    public var squeezed: Int

    public init(channels: Int, squeezed: Int) {
        self.channels = channels
        self.squeezed = squeezed
    }

    public var summary: String { "squeeze-excite" }
    public var label: String { "gate" }
    package var parameters: [Parameter] {
        [
            Parameter("reduce.weight", [squeezed, channels], scaling: .inverseColumns), Parameter("reduce.bias", [squeezed]),
            Parameter("expand.weight", [channels, squeezed]), Parameter("expand.bias", [channels]),
        ]
    }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }
    package func macs(_ output: Shape) -> Int { 2 * channels * squeezed }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(Graph.Limits.channels.contains(squeezed), "squeezed", "\(squeezed)", "\(Graph.Limits.channels)")
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { inputs[0].size }

    package func layerKind(isInt16: Bool) -> LayerKind? { .gate }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels)), ("squeezed", .integer(squeezed))] }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        squeezed = try fields.integer("squeezed", in: Graph.Limits.channels)
    }

    package var operation: Operation { .gate(self) }
}
