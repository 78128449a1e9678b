/// Shares of a pixel's channels, which add up to 1: e to each value, through the sum of these.
public struct Softmax: ChannelwiseOperator {
    public static let name = "softmax"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "softmax" }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { inputs[0].size }

    package func layerKind(isInt16: Bool) -> LayerKind? { .softmax }

    package var operation: Operation { .softmax(self) }
}
