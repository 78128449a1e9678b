/// The mean over all pixels: a map of one pixel.
public struct GlobalAveragePool: ChannelwiseOperator {
    public static let name = "global_average_pool"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "global average pool" }
    public var label: String { "mean" }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { MapSize(height: 1, width: 1) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .rescaled }

    package var operation: Operation { .globalAveragePool(self) }
}
