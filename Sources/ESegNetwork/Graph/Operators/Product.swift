/// A map times a second one, element by element; the second may have one pixel, one channel, or both: these are repeated.
public struct Product: GraphOperator {
    public static let name = "product"

    public var channels: Int
    /// Of the second input: as many, or 1.
    public var factorChannels: Int

    public init(channels: Int, factorChannels: Int? = nil) {
        self.channels = channels
        self.factorChannels = factorChannels ?? channels
    }

    public var summary: String { "product" }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 2...2, found: found.count)
        try require(inputChannels: found[0], channels)
        try require(inputChannels: found[1], factorChannels)
        try require([1, channels].contains(factorChannels), "factor channels", "\(factorChannels)", "\(channels), or 1")
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        let fits = inputs[1].pixels == 1 || inputs[1].size == inputs[0].size
        try require(fits, "factor", "a map of \(inputs[1].size)", "one pixel, or \(inputs[0].size)")
        return inputs[0].size
    }

    package func layerKind(isInt16: Bool) -> LayerKind? { .rescaled }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels))] + (factorChannels == channels ? [] : [("factor_channels", .integer(factorChannels))])
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        factorChannels = fields.has("factor_channels") ? try fields.integer("factor_channels", in: Graph.Limits.channels) : channels
    }

    package var operation: Operation { .product(self) }
}
