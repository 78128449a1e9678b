/// The maximum under a window, 3×3 at stride 2 unless told; what lies outside the map does not count.
public struct MaxPool: GraphOperator {
    public static let name = "max_pool"

    public var channels: Int
    public var slides: Window

    /// The window of a pool that files do not tell.
    public static let usual = Window(kernel: 3, stride: 2)

    public init(channels: Int, window: Window = MaxPool.usual) {
        self.channels = channels
        slides = window
    }

    public var summary: String { "max-pool \(slides.summary)" }
    public var label: String { "max-pool" }
    public var window: Window? { slides }
    public var codes: CodeSource { .input }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
        try slides.check(self, kernels: Graph.Limits.poolKernels)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try slides.outputSize(over: inputs[0], self) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels))] + (slides == Self.usual ? [] : slides.attributes)
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        slides = fields.has("kernel") || fields.has("rows") ? try Window(&fields) : Self.usual
    }

    package var operation: Operation { .maxPool(self) }
}
