import ESegNetwork
import Kernels

/// A weighted sum; what is absorbed is read through.
struct FloatSumStep: FloatStep {
    let inputs: [eseg_f32_fusion_input]
    let activation: Activation
    let shape: Shape
    let output: Output

    func run(_ call: FloatCall) {
        inputs.withUnsafeBufferPointer { inputs in
            var operation = eseg_f32_fusion_op(
                output: shape.forKernels, count: Int32(inputs.count), inputs: inputs.baseAddress, activation: activation.forKernels)
            eseg_f32_fusion_run(call.kernels, &operation, output, call.threads)
        }
    }
}

/// A weighted sum of pyramid levels, see `Graph.pyramidLevels`.
struct FloatPyramidStep: FloatStep {
    let levels: [eseg_f32_pyramid_level]
    let weights: Input
    let shape: Shape
    let output: Output

    func run(_ call: FloatCall) {
        levels.withUnsafeBufferPointer { levels in
            var operation = eseg_f32_pyramid_op(
                count: Int32(levels.count), channels: Int32(shape.channels), levels: levels.baseAddress, weights: weights)
            eseg_f32_pyramid_run(call.kernels, &operation, output, call.threads)
        }
    }
}

extension FloatStepBuilder {
    func weightedSum(_ sum: WeightedSum, _ index: Int, _ output: UnsafeMutablePointer<Float>) throws -> any FloatStep {
        let node = graph.nodes[index], weights = try packing.parameter("weights", of: node)
        let pointer = try packing.pool.copy(weights, padded: weights.count)
        if let levels = graph.pyramidLevels(of: index), node.inputs.dropFirst().allSatisfy({ absorbed[$0] }) {
            let maps = try levels.map {
                eseg_f32_pyramid_level(data: try map($0), height: Int32(shapes[$0].height), width: Int32(shapes[$0].width))
            }
            return FloatPyramidStep(levels: maps, weights: pointer, shape: shapes[index], output: output)
        }
        let terms = try node.inputs.enumerated().map { i, input in
            let source = absorbed[input] ? graph.nodes[input].inputs[0] : input
            return eseg_f32_fusion_input(
                data: try map(source), height: Int32(shapes[source].height), width: Int32(shapes[source].width),
                resampling: resampling(input), weights: UnsafePointer(pointer + i * sum.channels))
        }
        return FloatSumStep(inputs: terms, activation: sum.activation, shape: shapes[index], output: output)
    }

    /// How a sum does a term while it reads.
    private func resampling(_ input: Int) -> eseg_f32_resampling {
        guard absorbed[input] else { return ESEG_F32_SAME }
        if case .maxPool = graph.nodes[input].operation { return ESEG_F32_DOWN }
        return ESEG_F32_UP
    }
}
