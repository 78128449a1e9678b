/// The mean over all pixels: a map of one pixel.
public struct GlobalAveragePool: GraphOperator {
    public static let name = "global_average_pool"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "global average pool" }
    public var label: String { "mean" }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { MapSize(height: 1, width: 1) }

    package func layerKind(isInt16: Bool) -> LayerKind? { nil }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels))] }
    package init(_ fields: inout JSONFields) throws(NetworkError) { channels = try fields.integer("channels", in: Graph.Limits.channels) }
    package var operation: Operation { .globalAveragePool(self) }
}
