import ESegNetwork
import Kernels

/// A float network planned for one image size: packed weights, an arena for the tensors, and the steps over both.
struct FloatPlan {
    let shapes: [Shape]
    let steps: [FloatStep]
    /// The output of each step.
    let outputs: [UnsafeMutablePointer<Float>]
    /// Owns the parameters that the steps point to.
    let pool: MemoryPool
    private let arena: Arena

    /// - Parameter keepsAll: every node's output stays until the next run.
    /// - Throws: `NetworkError` if the graph, a parameter or the size is not valid, `RuntimeError.outOfMemory`.
    init(_ network: FloatNetwork, height: Int, width: Int, keepsAll: Bool = false) throws {
        let shapes = try network.graph.shapes(height: height, width: width)
        let arena = try Arena(FloatPlan.requests(network.graph, shapes, keepsAll: keepsAll), nodes: shapes.count)
        let pool = MemoryPool()
        let outputs = try shapes.indices.map { node in
            guard let map = arena.map(of: node) else { throw RuntimeError.outOfMemory(bytes: arena.bytes) }
            return UnsafeMutableRawPointer(map).assumingMemoryBound(to: Float.self)
        }
        let builder = StepBuilder(packing: FloatPacking(network: network, pool: pool), shapes: shapes, outputs: outputs)
        self.shapes = shapes
        self.arena = arena
        self.pool = pool
        self.outputs = outputs
        steps = try network.graph.nodes.enumerated().map { try builder.step($0, $1) }
    }

    /// Of weights and tensors.
    var bytes: Int { arena.bytes + pool.bytes }

    /// A node's output lives until its last reader has run, the last node's until the argmax.
    private static func requests(_ graph: Graph, _ shapes: [Shape], keepsAll: Bool) -> [Arena.Request] {
        let last = graph.nodes.count - 1
        return zip(shapes.indices, graph.lives).map { node, life in
            let end = node == last ? last + 1 : keepsAll ? last : life.upperBound
            return Arena.Request(node: node, bytes: shapes[node].count * MemoryLayout<Float>.stride, lives: node...end)
        }
    }
}

private struct StepBuilder {
    let packing: FloatPacking
    let shapes: [Shape]
    let outputs: [UnsafeMutablePointer<Float>]

    func step(_ index: Int, _ node: Node) throws -> FloatStep {
        let shape = shapes[index], output = outputs[index]
        let inputs = node.inputs.map { UnsafePointer(outputs[$0]) }
        let inputShapes = node.inputs.map { shapes[$0] }
        switch node.operation {
        case .image:
            let (mean, std) = (packing.network.config.mean, packing.network.config.std)
            return .image(
                scale: std.map { Float(1 / (255 * Double($0))) }, offset: zip(mean, std).map { Float(-Double($0) / Double($1)) }, shape, output)
        case .convolution(let layer):
            let operation = try packing.convolution(node, layer, input: inputShapes[0], output: shape)
            return .convolution(operation, inputs[0], residual: layer.residual ? inputs[1] : nil, output)
        case .depthwise(let layer):
            return .depthwise(try packing.depthwise(node, layer, input: inputShapes[0], output: shape), inputs[0], output)
        case .squeezeExcite(_, let squeezed):
            return .squeezeExcite(try packing.squeezeExcite(node, squeezed: squeezed, shape: shape), inputs[0], output)
        case .maxPool:
            return .maxPool(inputShapes[0].forKernels, inputs[0], output)
        case .fusion(let fusion):
            let weights = try packing.parameter(node.name + ".weights", [inputs.count])
            let terms = inputs.indices.map { i in
                eseg_f32_fusion_input(
                    data: inputs[i], height: Int32(inputShapes[i].height), width: Int32(inputShapes[i].width),
                    resampling: fusion.resampling[i].forKernels, weight: weights[i])
            }
            return .fusion(terms, fusion.activation, shape, output)
        case .pyramidSum(let count, let channels):
            let weights = try packing.parameter(node.name + ".weights", [count, channels])
            let levels = inputs.indices.map { i in
                eseg_f32_level(data: inputs[i], height: Int32(inputShapes[i].height), width: Int32(inputShapes[i].width))
            }
            return .pyramidSum(levels, weights: try packing.pool.copy(weights, padded: weights.count), shape, output)
        }
    }
}
