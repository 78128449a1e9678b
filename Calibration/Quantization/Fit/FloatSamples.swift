import ESegNetwork
import ESegRuntime

/// What a float network's nodes compute at sampled pixels, before their activations: what their int8 versions should.
///
/// Held for some nodes at a time, so that memory stays bounded.
struct FloatSamples {
    private let graph: PreactivationGraph
    private let executor: FloatExecutor
    private let plan: SamplePlan
    private let frames: FittingFrames
    private var values: [Int: [Float]] = [:]

    init(_ network: FloatNetwork, _ plan: SamplePlan, _ frames: FittingFrames, isa: ISA, threads: Int) throws {
        graph = PreactivationGraph(network, of: Set(Activation.allCases))
        executor = try FloatExecutor(graph.network, height: frames.height, width: frames.width, isa: isa, threads: threads)
        self.plan = plan
        self.frames = frames
    }

    /// [samples][channels] of a node, frame after frame, without its activation and, where that comes before the sum, without the residual.
    mutating func values(of node: Int) throws -> [Float] {
        if let found = values[node] { return found }
        try collect(from: node)
        return values[node] ?? []
    }

    /// Frees the values of nodes up to this one.
    mutating func forget(upTo node: Int) { values = values.filter { $0.key > node } }

    private mutating func collect(from first: Int) throws {
        let end = end(from: first)
        var collected: [Int: [Float]] = [:]
        for (index, image) in frames.images.enumerated() {
            let (plan, graph) = (plan, graph)
            _ = try executor.run(image) { place, output, shape in
                guard let node = graph.linearNode(at: place), node >= first, node < end else { return }
                let positions = plan.positions(node, frame: index)
                for position in positions {
                    let start = Int(position) * shape.channels
                    collected[node, default: []].append(contentsOf: output[start..<start + shape.channels])
                }
            }
        }
        values = collected
    }

    /// The end of as many nodes as fit.
    private func end(from first: Int) -> Int {
        var bytes = 0, node = first
        while node < plan.shapes.count, node == first || bytes < FloatSamples.memory {
            bytes += plan.count(node) * plan.shapes[node].channels * MemoryLayout<Float>.stride
            node += 1
        }
        return node
    }

    private static let memory = 64 << 20
}
