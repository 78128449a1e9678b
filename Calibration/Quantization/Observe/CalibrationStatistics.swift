import Kernels

/// What calibration saw of each node's output.
public struct CalibrationStatistics: Sendable, Equatable {
    public private(set) var images: Int
    public let height: Int
    public let width: Int
    /// Parallel to the graph's nodes; the image's is empty.
    public private(set) var nodes: [NodeStatistics]

    public init(images: Int, height: Int, width: Int, nodes: [NodeStatistics]) {
        self.images = images
        self.height = height
        self.width = width
        self.nodes = nodes
    }

    /// Takes in what was seen on other images, as if they had been among these. Throws if it is of another size or network.
    public mutating func merge(_ other: CalibrationStatistics) throws(CalibrationError) {
        guard (other.height, other.width) == (height, width) else {
            throw .imageSize(found: "\(other.width)x\(other.height)", expected: "\(width)x\(height)")
        }
        guard other.nodes.map(\.channels) == nodes.map(\.channels) else {
            throw .statistics(found: "\(other.nodes.count) nodes with other channels", expected: "those of \(nodes.count) nodes")
        }
        images += other.images
        for (node, seen) in other.nodes.enumerated() { nodes[node].merge(seen) }
    }
}

/// Distribution of one node's output over all pixels and images. Neither order nor count of the calls matters.
public struct NodeStatistics: Sendable, Equatable {
    public var output = Histogram()
    /// Histogram of the values before a SiLU; empty where the node has none.
    public var preactivation = Histogram()

    private(set) var pixels = 0
    /// Sum of each output channel over all pixels; of none before the first image.
    private(set) var sums = ExactSums(channels: 0)
    /// Sum of squares of each output channel.
    private(set) var squares = ExactSums(channels: 0)

    public init() {}

    init(output: Histogram, preactivation: Histogram, pixels: Int, sums: ExactSums, squares: ExactSums) {
        (self.output, self.preactivation, self.pixels) = (output, preactivation, pixels)
        (self.sums, self.squares) = (sums, squares)
    }

    /// Zero before the first image.
    var channels: Int { sums.channels }
    /// Mean of each output channel; empty before the first image.
    public var channelMeans: [Double] { sums.doubles.map { $0 / Double(pixels) } }
    /// Mean square of each output channel; empty before the first image.
    public var channelPowers: [Double] { squares.doubles.map { $0 / Double(pixels) } }

    /// Counts an output, [pixels, channels]. Returns false, and counts nothing, if a value is not finite.
    public mutating func add(_ values: UnsafeBufferPointer<Float>, channels: Int, threads: Int = 1) -> Bool {
        guard output.add(values, threads: threads) else { return false }
        if sums.channels == 0 { (sums, squares) = (ExactSums(channels: channels), ExactSums(channels: channels)) }
        guard let start = values.baseAddress, channels > 0, channels == sums.channels else { return true }
        pixels += values.count / channels
        var added = [Double](repeating: 0, count: channels), addedSquares = added
        eseg_channel_moments(
            start, values.count / channels, Int32(clamping: channels), Int32(clamping: threads), &added, &addedSquares)
        sums.add(added)
        squares.add(addedSquares)
        return true
    }

    /// Takes in what was seen of the same node elsewhere.
    mutating func merge(_ other: NodeStatistics) {
        output.merge(other.output)
        preactivation.merge(other.preactivation)
        pixels += other.pixels
        sums.add(other.sums)
        squares.add(other.squares)
    }
}
