/// The mean under a window; what lies outside the map counts as 0, or not at all.
public struct AveragePool: GraphOperator {
    public static let name = "average_pool"

    public var channels: Int
    public var slides: Window
    /// Whether pixels outside the map are among those that the sum is divided by.
    public var countsPadding: Bool

    public init(channels: Int, window: Window, countsPadding: Bool) {
        self.channels = channels
        slides = window
        self.countsPadding = countsPadding
    }

    public var summary: String { "average pool \(slides.summary)" }
    public var label: String { "avg-pool" }
    public var window: Window? { slides }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
        try slides.check(self, kernels: Graph.Limits.poolKernels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try slides.outputSize(over: inputs[0], self) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .rescaled }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels))] + slides.attributes + [("counts_padding", .bool(countsPadding))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        slides = try Window(&fields)
        countsPadding = try fields.bool("counts_padding")
    }

    package var operation: Operation { .averagePool(self) }
}
