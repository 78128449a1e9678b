/// Maximum over 3×3 pixels at stride 2; what lies outside the map does not count.
public struct MaxPool: ChannelwiseOperator {
    public static let name = "max_pool"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "max-pool \(slides.summary)" }
    public var label: String { "max-pool" }
    public var window: Window? { slides }
    public var codes: CodeSource { .input }

    private var slides: Window { Window(kernel: 3, stride: 2) }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { slides.size(over: inputs[0]) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var operation: Operation { .maxPool(self) }
}
