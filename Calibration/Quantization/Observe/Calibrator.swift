import ESegNetwork
import ESegRuntime

/// Watches a float network run over images of one size; memory does not grow with their number.
public struct Calibrator {
    private let graph: PreactivationGraph
    private let executor: FloatExecutor
    private let height: Int
    private let width: Int
    private let threads: Int
    private var nodes: [NodeStatistics]
    private var images = 0

    /// Plans the float network for images of that size; throws what `FloatExecutor` throws.
    public init(network: FloatNetwork, height: Int, width: Int, isa: ISA = .best, threads: Int) throws {
        graph = PreactivationGraph(network, of: Set(Activation.allCases.filter(\.isCurved)))
        executor = try FloatExecutor(graph.network, height: height, width: width, isa: isa, threads: threads)
        (self.height, self.width, self.threads) = (height, width, threads)
        nodes = Array(repeating: NodeStatistics(), count: network.graph.nodes.count)
    }

    /// Runs the network on one more image and counts every node's values.
    ///
    /// Throws `CalibrationError` for an image of another size and for activations that are not finite.
    public mutating func add(image: RGBImage) throws {
        guard image.height == height, image.width == width else {
            throw CalibrationError.imageSize(found: "\(image.width)x\(image.height)", expected: "\(width)x\(height)")
        }
        var nodes = self.nodes
        self.nodes = []
        defer { self.nodes = nodes }
        let (graph, threads, images) = (graph, threads, images)
        _ = try executor.run(image) { index, values, shape in
            let counted =
                switch graph.observed[index] {
                case .output(0): true
                case .output(let node): nodes[node].add(values, channels: shape.channels, threads: threads)
                case .preactivation(let node): nodes[node].preactivation.add(values, threads: threads)
                case .activated: true
                }
            guard counted else { throw CalibrationError.notFinite(node: graph.network.graph.nodes[index].name, image: images) }
        }
        self.images += 1
    }

    /// What was seen; throws if there was no image.
    public func finish() throws(CalibrationError) -> CalibrationStatistics {
        guard images > 0 else { throw .noImages }
        return CalibrationStatistics(images: images, height: height, width: width, nodes: nodes)
    }
}
