/// A map times a second one of one pixel: each channel has a factor.
public struct Product: GraphOperator {
    public static let name = "product"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "product" }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 2...2, found: found.count)
        for count in found { try require(inputChannels: count, channels) }
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        try require(inputs[1].pixels == 1, "factor", "a map of \(inputs[1].size)", "one pixel")
        return inputs[0].size
    }

    package func layerKind(isInt16: Bool) -> LayerKind? { nil }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels))] }
    package init(_ fields: inout JSONFields) throws(NetworkError) { channels = try fields.integer("channels", in: Graph.Limits.channels) }
    package var operation: Operation { .product(self) }
}
