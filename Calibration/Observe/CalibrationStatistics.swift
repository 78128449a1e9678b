import Kernels

/// What calibration saw of each node's output.
public struct CalibrationStatistics: Sendable {
    public let images: Int
    public let height: Int
    public let width: Int
    /// Parallel to the graph's nodes; the image's is empty.
    public let nodes: [NodeStatistics]

    public init(images: Int, height: Int, width: Int, nodes: [NodeStatistics]) {
        self.images = images
        self.height = height
        self.width = width
        self.nodes = nodes
    }
}

/// Distribution of one node's output over all pixels and images.
public struct NodeStatistics: Sendable, Equatable {
    public var output = Histogram()
    /// Of the values before a SiLU; empty where the node has none.
    public var preactivation = Histogram()

    /// Sum of squares of each output channel.
    public private(set) var channelSquares: [Double] = []

    public init() {}

    /// Counts an output, [pixels, channels]. Returns false, and counts nothing, if a value is not finite.
    public mutating func add(_ values: UnsafeBufferPointer<Float>, channels: Int, threads: Int = 1) -> Bool {
        guard output.add(values, threads: threads) else { return false }
        if channelSquares.isEmpty { channelSquares = Array(repeating: 0, count: channels) }
        guard let start = values.baseAddress, channels > 0, channels == channelSquares.count else { return true }
        eseg_channel_squares(start, values.count / channels, Int32(clamping: channels), Int32(clamping: threads), &channelSquares)
        return true
    }
}
