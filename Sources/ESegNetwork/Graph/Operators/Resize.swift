/// Nearest neighbor, src = floor(dst · in / out), step by step to the sizes of the inputs after the first, or to the target's.
///
/// Only the size of these inputs counts. Several steps give what as many resizes in a row would give.
public struct Resize: GraphOperator {
    public static let name = "resize"

    public var channels: Int
    public var target: ResizeTarget

    public init(channels: Int, target: ResizeTarget = .like) {
        self.channels = channels
        self.target = target
    }

    public var summary: String { "nearest resize" }
    public var label: String { "resize" }
    public var codes: CodeSource { .input }

    package func valueInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }
    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: target == .like ? 2...Graph.Limits.inputs.upperBound : 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
        try target.check(self)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { try target.outputSize(inputs, self) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels))] + target.attributes }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        target = try ResizeTarget(&fields)
    }

    package var operation: Operation { .resize(self) }
}
