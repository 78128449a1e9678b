/// The image, three channels, normalized as the network's description says; its only appearance is node 0.
public struct Image: GraphOperator {
    public static let name = "image"

    public init() {}

    public var summary: String { "image" }
    public var channels: Int { 3 }
    public var codes: CodeSource { .pixels }

    package func check(inputChannels: [Int]) throws(OperatorFault) { try require(inputs: 0...0, found: inputChannels.count) }

    /// The size is the image's own: the graph starts from it.
    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { MapSize(height: 0, width: 0) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .image }

    package var attributes: [(String, JSONValue)] { [] }
    package init(_ fields: inout JSONFields) throws(NetworkError) {}
    package var operation: Operation { .image(self) }
}
