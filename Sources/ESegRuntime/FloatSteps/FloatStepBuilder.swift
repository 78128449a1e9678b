import ESegNetwork
import Kernels

/// Makes the steps of a float plan, node by node.
struct FloatStepBuilder {
    let packing: FloatPacking
    let graph: Graph
    let absorbed: [Bool]
    let shapes: [Shape]
    let outputs: [UnsafeMutablePointer<Float>?]

    func step(_ index: Int) throws -> any FloatStep {
        guard let output = outputs[index] else { return FloatAbsorbedStep() }
        let node = graph.nodes[index], shape = shapes[index]
        switch node.operation {
        case .image:
            return FloatImageStep(packing.network.description, shape: shape, output: output)
        case .convolution(let layer):
            let operation = try packing.convolution(node, layer, input: shapes[node.inputs[0]], output: shape)
            let residual = layer.residual ? try input(1, of: node) : nil
            return FloatConvolutionStep(operation: operation, input: try input(0, of: node), residual: residual, output: output)
        case .depthwise(let layer):
            let operation = try packing.depthwise(node, layer, input: shapes[node.inputs[0]], output: shape)
            return FloatDepthwiseStep(operation: operation, input: try input(0, of: node), output: output)
        case .maxPool(let pool):
            let from = shapes[node.inputs[0]]
            if pool.slides == MaxPool.usual {
                return FloatPoolStep(shape: from.forKernels, input: try input(0, of: node), output: output)
            }
            return FloatWindowPoolStep(pool.slides, from: from, to: shape, input: try input(0, of: node), output: output)
        case .averagePool(let pool):
            return FloatWindowMeanStep(pool, from: shapes[node.inputs[0]], to: shape, input: try input(0, of: node), output: output)
        case .adaptiveAveragePool:
            return FloatWindowMeanStep(gridFrom: shapes[node.inputs[0]], to: shape, input: try input(0, of: node), output: output)
        case .resize:
            return FloatResizeStep(
                resize: try NearestResize(index, in: graph, shapes, packing.pool), input: try input(0, of: node), output: output)
        case .bilinearResize(let resize):
            return try FloatBilinearStep(
                resize, from: shapes[node.inputs[0]], to: shape, packing.pool, input: try input(0, of: node), output: output)
        case .weightedSum(let sum):
            return try weightedSum(sum, index, output)
        case .concat(let concat):
            return FloatConcatStep(concat, shape: shape, inputs: try node.inputs.map(map), output: output)
        case .globalAveragePool:
            return FloatMeanStep(shape: shapes[node.inputs[0]].forKernels, input: try input(0, of: node), output: output)
        case .product:
            return FloatProductStep(
                shape: shape.forKernels, input: try input(0, of: node), factorShape: shapes[node.inputs[1]].forKernels,
                factors: try input(1, of: node), output: output)
        case .softmax:
            return FloatSoftmaxStep(shape: shape.forKernels, input: try input(0, of: node), output: output)
        case .channelMaximum:
            return FloatChannelMaximumStep(shape: shapes[node.inputs[0]], input: try input(0, of: node), output: output)
        case .channelSelection(let selection):
            let from = shapes[node.inputs[0]]
            return FloatRearrangementStep(
                rearrangement: try Rearrangement(selection, from: from, to: shape, elements: values(from, shape), packing.pool),
                input: try input(0, of: node), output: output)
        case .depthToSpace(let space):
            let from = shapes[node.inputs[0]]
            return FloatRearrangementStep(
                rearrangement: Rearrangement(space, from: from, to: shape, elements: values(from, shape)), input: try input(0, of: node),
                output: output)
        case .gate(let gate):
            return FloatGateStep(
                operation: try packing.gate(node, gate, shape: shape), input: try input(0, of: node), output: output)
        }
    }

    private func values(_ from: Shape, _ to: Shape) -> Elements {
        Elements(bytes: MemoryLayout<Float>.stride, inputStride: from.channels, outputStride: to.channels)
    }

    private func input(_ i: Int, of node: Node) throws -> UnsafePointer<Float> { try map(node.inputs[i]) }

    func map(_ node: Int) throws -> UnsafePointer<Float> {
        guard let map = outputs[node] else {
            throw RuntimeError.unsupported(node: graph.nodes[node].name, reason: "its map is read, but it has none")
        }
        return UnsafePointer(map)
    }
}
