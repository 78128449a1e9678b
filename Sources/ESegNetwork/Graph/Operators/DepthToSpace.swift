/// Blocks of channels as blocks of pixels: channel (i · block + j) · channels + c of pixel (y, x) is channel c of pixel (y · block + i, x · block + j).
public struct DepthToSpace: GraphOperator {
    public static let name = "depth_to_space"

    /// Of the output.
    public var channels: Int
    /// Pixels along each side of a block.
    public var block: Int

    package static let blocks = 2...16

    public init(channels: Int, block: Int) {
        self.channels = channels
        self.block = block
    }

    public var summary: String { "depth to space \(block)x\(block)" }
    public var label: String { "to space" }
    public var codes: CodeSource { .input }

    package func ties(ofChannel channel: Int, _ count: Int) -> [ChannelTie] {
        (0..<block * block).map { ChannelTie(input: 0, channel: $0 * channels + channel) }
    }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(DepthToSpace.blocks.contains(block), "block", "\(block)", "\(DepthToSpace.blocks)")
        try require(inputChannels: found[0], channels * block * block)
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        let size = MapSize(height: inputs[0].height * block, width: inputs[0].width * block), extents = ResizeTarget.extents
        try require(extents.contains(size.height) && extents.contains(size.width), "block", "a map of \(size)", "\(extents) a side")
        return size
    }

    package func layerKind(isInt16: Bool) -> LayerKind? { .passing }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels)), ("block", .integer(block))] }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        block = try fields.integer("block", in: DepthToSpace.blocks)
    }

    package var operation: Operation { .depthToSpace(self) }
}
