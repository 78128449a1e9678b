import ESegNetwork
import Kernels

/// Makes the steps of a float plan, node by node.
struct FloatStepBuilder {
    let packing: FloatPacking
    let graph: Graph
    let absorbed: [Bool]
    let shapes: [Shape]
    let outputs: [UnsafeMutablePointer<Float>?]

    func step(_ index: Int) throws -> FloatStep {
        guard let output = outputs[index] else { return .absorbed }
        let node = graph.nodes[index], shape = shapes[index]
        switch node.operation {
        case .image:
            let (mean, std) = (packing.network.description.mean, packing.network.description.std)
            return .image(
                scale: std.map { Float(1 / (255 * Double($0))) }, offset: zip(mean, std).map { Float(-Double($0) / Double($1)) }, shape,
                output)
        case .convolution(let layer):
            let operation = try packing.convolution(node, layer, input: shapes[node.inputs[0]], output: shape)
            return .convolution(operation, try input(0, of: node), residual: layer.residual ? try input(1, of: node) : nil, output)
        case .depthwise(let layer):
            let operation = try packing.depthwise(node, layer, input: shapes[node.inputs[0]], output: shape)
            return .depthwise(operation, try input(0, of: node), output)
        case .maxPool:
            return .maxPool(shapes[node.inputs[0]].forKernels, try input(0, of: node), output)
        case .resize:
            return .resize(try NearestResize(node, shapes, packing.pool), try input(0, of: node), output)
        case .weightedSum(let sum):
            return try weightedSum(sum, index, output)
        case .globalAveragePool:
            return .mean(shapes[node.inputs[0]].forKernels, try input(0, of: node), output)
        case .product:
            return .product(shape.forKernels, try input(0, of: node), factors: try input(1, of: node), output)
        case .gate(let gate):
            return .gate(try packing.gate(node, gate, shape: shape), try input(0, of: node), output)
        }
    }

    private func input(_ i: Int, of node: Node) throws -> FloatStep.Input { try map(node.inputs[i]) }

    private func map(_ node: Int) throws -> FloatStep.Input {
        guard let map = outputs[node] else {
            throw RuntimeError.unsupported(node: graph.nodes[node].name, reason: "its map is read, but it has none")
        }
        return UnsafePointer(map)
    }

    /// Absorbed terms are read through.
    private func weightedSum(_ sum: WeightedSum, _ index: Int, _ output: FloatStep.Output) throws -> FloatStep {
        let node = graph.nodes[index], weights = try packing.parameter("weights", of: node)
        let pointer = try packing.pool.copy(weights, padded: weights.count)
        if let levels = graph.pyramidLevels(of: index), node.inputs.dropFirst().allSatisfy({ absorbed[$0] }) {
            let maps = try levels.map {
                eseg_f32_pyramid_level(data: try map($0), height: Int32(shapes[$0].height), width: Int32(shapes[$0].width))
            }
            return .pyramidSum(maps, weights: pointer, shapes[index], output)
        }
        let terms = try node.inputs.enumerated().map { i, input in
            let source = absorbed[input] ? graph.nodes[input].inputs[0] : input
            return eseg_f32_fusion_input(
                data: try map(source), height: Int32(shapes[source].height), width: Int32(shapes[source].width),
                resampling: absorbed[input] ? graph.nodes[input].operation.resampling : ESEG_F32_SAME,
                weights: UnsafePointer(pointer + i * sum.channels))
        }
        return .weightedSum(terms, sum.activation, shapes[index], output)
    }
}

extension ESegNetwork.Operation {
    /// How a sum does it while it reads.
    fileprivate var resampling: eseg_f32_resampling {
        switch self {
        case .maxPool: ESEG_F32_DOWN
        case .resize: ESEG_F32_UP
        case .image, .convolution, .depthwise, .weightedSum, .globalAveragePool, .product, .gate: ESEG_F32_SAME
        }
    }
}
