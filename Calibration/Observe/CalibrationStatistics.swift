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

    private var pixels = 0.0
    /// Sum of each output channel over all pixels.
    private var sums: [Double] = []
    /// Sum of squares of each output channel.
    private var squares: [Double] = []

    public init() {}

    /// Mean of each output channel; empty before the first image.
    public var channelMeans: [Double] { sums.map { $0 / pixels } }
    /// Mean square of each output channel; empty before the first image.
    public var channelPowers: [Double] { squares.map { $0 / pixels } }

    /// Counts an output, [pixels, channels]. Returns false, and counts nothing, if a value is not finite.
    public mutating func add(_ values: UnsafeBufferPointer<Float>, channels: Int, threads: Int = 1) -> Bool {
        guard output.add(values, threads: threads) else { return false }
        if sums.isEmpty {
            sums = Array(repeating: 0, count: channels)
            squares = sums
        }
        guard let start = values.baseAddress, channels > 0, channels == sums.count else { return true }
        pixels += Double(values.count / channels)
        eseg_channel_moments(start, values.count / channels, Int32(clamping: channels), Int32(clamping: threads), &sums, &squares)
        return true
    }
}
