/// Nearest neighbor, src = floor(dst · in / out), step by step to the sizes of the inputs after the first.
///
/// Only the size of these counts. Several steps give what as many resizes in a row would give.
public struct Resize: ChannelwiseOperator {
    public static let name = "resize"

    public var channels: Int

    public init(channels: Int) { self.channels = channels }

    public var summary: String { "nearest resize" }
    public var label: String { "resize" }
    public var codes: CodeSource { .input }

    package static var inputs: ClosedRange<Int> { 2...Graph.Limits.inputs.upperBound }

    package func valueInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }
    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<min(1, count) }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { inputs[inputs.count - 1].size }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var operation: Operation { .resize(self) }
}
