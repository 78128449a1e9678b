import ESegNetwork
import ESegRuntime
import Kernels

/// Least and greatest value of each channel of every node's output over some frames.
struct ChannelRanges {
    /// Parallel to the graph's nodes.
    private(set) var lower: [[Float]]
    private(set) var upper: [[Float]]
    /// Pixels of each node that were seen.
    private let pixels: [Int]

    /// Runs the float network on the frames.
    init(_ network: FloatNetwork, _ frames: FittingFrames, isa: ISA, threads: Int) throws {
        var lower = network.graph.nodes.map { [Float](repeating: .infinity, count: $0.channels) }
        var upper = network.graph.nodes.map { [Float](repeating: -.infinity, count: $0.channels) }
        let executor = try FloatExecutor(network, height: frames.height, width: frames.width, isa: isa, threads: threads)
        for (index, image) in frames.images.enumerated() {
            _ = try executor.run(image) { node, values, shape in
                guard values.allSatisfy(\.isFinite) else {
                    throw CalibrationError.notFinite(node: network.graph.nodes[node].name, image: index)
                }
                lower[node].withUnsafeMutableBufferPointer { low in
                    upper[node].withUnsafeMutableBufferPointer { high in
                        eseg_channel_ranges(values.baseAddress, shape.pixels, shape.channels, low.baseAddress, high.baseAddress)
                    }
                }
            }
        }
        (self.lower, self.upper) = (lower, upper)
        pixels = executor.shapes.map { $0.pixels * frames.images.count }
    }

    /// The greatest magnitude of a node's channel.
    func magnitude(_ node: Int, _ channel: Int) -> Double { Double(max(-lower[node][channel], upper[node][channel], 0)) }

    /// The same, or what further pixels make plausible of a channel that could reach so far: the more was seen, the less.
    func plausibleMagnitude(_ node: Int, _ channel: Int, reach: Double) -> Double {
        max(magnitude(node, channel), reach * min(1, 2 / Double(max(1, pixels[node])).squareRoot()))
    }

    /// The greatest magnitude of a node.
    func magnitude(_ node: Int) -> Double { lower[node].indices.reduce(0) { max($0, magnitude(node, $1)) } }
}
