/// Maximum over 3×3 pixels at stride 2; what lies outside the map does not count.
public struct MaxPool: GraphOperator {
    public static let name = "max_pool"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "max-pool \(slides.summary)" }
    public var label: String { "max-pool" }
    public var window: Window? { slides }
    public var codes: CodeSource { .input }

    private var slides: Window { Window(kernel: 3, stride: 2) }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { slides.size(over: inputs[0]) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels))] }
    package init(_ fields: inout JSONFields) throws(NetworkError) { channels = try fields.integer("channels", in: Graph.Limits.channels) }
    package var operation: Operation { .maxPool(self) }
}
