import ESegNetwork
import Kernels

/// One node of a planned float network: its packed parameters and where its tensors lie.
enum FloatStep {
    typealias Input = UnsafePointer<Float>
    typealias Output = UnsafeMutablePointer<Float>

    case image(scale: [Float], offset: [Float], Shape, Output)
    case convolution(eseg_f32_conv_op, Input, residual: Input?, Output)
    case depthwise(eseg_f32_depthwise_op, Input, Output)
    case maxPool(eseg_f32_shape, Input, Output)
    case resize(NearestResize, Input, Output)
    case weightedSum([eseg_f32_fusion_input], Activation, Shape, Output)
    /// A weighted sum of pyramid levels, see `Graph.pyramidLevels`.
    case pyramidSum([eseg_f32_pyramid_level], weights: Input, Shape, Output)
    case mean(eseg_f32_shape, Input, Output)
    case product(eseg_f32_shape, Input, factors: Input, Output)
    case gate(eseg_f32_gate_op, Input, Output)
    /// Done by the sums that read it.
    case absorbed

    /// Floats that it needs to work in.
    func scratch(threads: Int) -> Int {
        switch self {
        case .convolution(var operation, _, _, _): eseg_f32_conv_scratch_floats(&operation) * threads
        case .gate(var operation, _, _): eseg_f32_gate_scratch_floats(&operation)
        case .mean(let shape, _, _): eseg_f32_mean_scratch_floats(shape)
        case .image, .depthwise, .maxPool, .resize, .weightedSum, .pyramidSum, .product, .absorbed: 0
        }
    }

    /// `pixels` are the image's; only the image step reads them.
    func run(_ kernels: UnsafePointer<eseg_kernels>, pixels: UnsafePointer<UInt8>, scratch: Output, threads: Int32) {
        switch self {
        case .image(let scale, let offset, let shape, let output):
            eseg_f32_normalize_run(kernels, pixels, Int32(shape.height), Int32(shape.width), scale, offset, output, threads)
        case .convolution(var operation, let input, let residual, let output):
            eseg_f32_conv_run(kernels, &operation, input, residual, output, scratch, threads)
        case .depthwise(var operation, let input, let output):
            eseg_f32_depthwise_run(kernels, &operation, input, output, threads)
        case .maxPool(let shape, let input, let output):
            eseg_f32_pool_run(kernels, shape, input, output, threads)
        case .resize(let resize, let input, let output):
            resize.run(input, output, pixelBytes: resize.channels * MemoryLayout<Float>.stride, threads: threads)
        case .mean(let shape, let input, let output):
            eseg_f32_mean_run(kernels, shape, input, output, scratch, threads)
        case .product(let shape, let input, let factors, let output):
            eseg_f32_product_run(kernels, shape, input, factors, output, threads)
        case .gate(var operation, let input, let output):
            eseg_f32_gate_run(kernels, &operation, input, output, scratch, threads)
        case .absorbed: break
        case .weightedSum(let inputs, let activation, let shape, let output):
            inputs.withUnsafeBufferPointer { inputs in
                var operation = eseg_f32_fusion_op(
                    output: shape.forKernels, count: Int32(inputs.count), inputs: inputs.baseAddress, activation: activation.forKernels)
                eseg_f32_fusion_run(kernels, &operation, output, threads)
            }
        case .pyramidSum(let levels, let weights, let shape, let output):
            levels.withUnsafeBufferPointer { levels in
                var operation = eseg_f32_pyramid_op(
                    count: Int32(levels.count), channels: Int32(shape.channels), levels: levels.baseAddress, weights: weights)
                eseg_f32_pyramid_run(kernels, &operation, output, threads)
            }
        }
    }
}
