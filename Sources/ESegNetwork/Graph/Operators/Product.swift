/// A map times a second one of one pixel: each channel has a factor.
public struct Product: ChannelwiseOperator {
    public static let name = "product"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "product" }

    package static var inputs: ClosedRange<Int> { 2...2 }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        try require(inputs[1].pixels == 1, "factor", "a map of \(inputs[1].size)", "one pixel")
        return inputs[0].size
    }

    package func layerKind(isInt16: Bool) -> LayerKind? { nil }

    package var operation: Operation { .product(self) }
}
