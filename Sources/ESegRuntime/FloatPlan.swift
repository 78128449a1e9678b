import ESegNetwork
import Kernels

/// A float network planned for one image size: packed weights, an arena for the tensors, and the steps over both.
struct FloatPlan {
    let shapes: [Shape]
    let steps: [any FloatStep]
    /// The output of each step; nil where it is absorbed (`Graph.absorbed`).
    let outputs: [UnsafeMutablePointer<Float>?]
    /// Owns the parameters that the steps point to.
    let pool: MemoryPool
    private let arena: Arena

    /// - Parameter keepsAll: every node's output stays until the next run.
    /// - Throws: `NetworkError` if the graph, a parameter or the size is not valid, `RuntimeError.outOfMemory`.
    init(_ network: FloatNetwork, height: Int, width: Int, keepsAll: Bool = false) throws {
        try network.description.requireRGB()
        let shapes = try network.graph.shapes(height: height, width: width, file: network.description.name)
        let absorbed = network.graph.absorbed
        let arena = try Arena(FloatPlan.requests(network.graph, shapes, absorbed, keepsAll: keepsAll), nodes: shapes.count)
        let pool = MemoryPool()
        let outputs = shapes.indices.map { node in
            arena.map(of: node).map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Float.self) }
        }
        let builder = FloatStepBuilder(
            packing: FloatPacking(network: network, pool: pool), graph: network.graph, absorbed: absorbed, shapes: shapes, outputs: outputs)
        self.shapes = shapes
        self.arena = arena
        self.pool = pool
        self.outputs = outputs
        steps = try network.graph.nodes.indices.map { try builder.step($0) }
    }

    /// Bytes of weights and tensors.
    var bytes: Int { arena.bytes + pool.bytes }

    /// A node's output lives until its last reader has run, the last node's until the argmax.
    private static func requests(_ graph: Graph, _ shapes: [Shape], _ absorbed: [Bool], keepsAll: Bool) -> [Arena.Request] {
        let last = graph.nodes.count - 1
        return zip(shapes.indices, graph.lives(absorbed: absorbed)).compactMap { node, life in
            guard !absorbed[node] else { return nil }
            let end = node == last ? last + 1 : keepsAll ? last : life.upperBound
            return Arena.Request(node: node, bytes: shapes[node].count * MemoryLayout<Float>.stride, lives: node...end)
        }
    }
}
