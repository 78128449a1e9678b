import Foundation
import Kernels
import Testing

@testable import ESegRuntime

/// Each instruction set's float kernels against the scalar reference, over random shapes.
@Suite(.serialized) struct FloatKernelTests {
    /// Those with kernels of their own: the scalar ones are the reference, and integer dot products add nothing to float.
    static let isas = ISA.supported.filter { !["scalar", "avxvnni", "dotprod", "i8mm"].contains($0.description) }
    static let activations = [
        ESEG_F32_NONE, ESEG_F32_RELU, ESEG_F32_RELU6, ESEG_F32_SILU, ESEG_F32_HARD_SWISH, ESEG_F32_SIGMOID, ESEG_F32_HARD_SIGMOID,
        ESEG_F32_PRELU, ESEG_F32_GELU, ESEG_F32_GELU_TANH, ESEG_F32_ELU,
    ]

    private func shape(_ random: inout SeededRandom, sides: ClosedRange<Int> = 1...29, channels: ClosedRange<Int> = 1...70)
        -> eseg_f32_shape
    {
        eseg_f32_shape(
            height: Int32.random(in: Int32(sides.lowerBound)...Int32(sides.upperBound), using: &random),
            width: Int32.random(in: Int32(sides.lowerBound)...Int32(sides.upperBound), using: &random),
            channels: Int32.random(in: Int32(channels.lowerBound)...Int32(channels.upperBound), using: &random))
    }

    private func halved(_ shape: eseg_f32_shape, stride: Int32, channels: Int32? = nil) -> eseg_f32_shape {
        eseg_f32_shape(
            height: (shape.height + stride - 1) / stride, width: (shape.width + stride - 1) / stride, channels: channels ?? shape.channels)
    }

    @Test("A convolution of any kernel, stride and width agrees with the reference", arguments: isas)
    func convolution(isa: ISA) throws {
        var random = SeededRandom(state: 1)
        for _ in 0..<300 {
            let input = shape(&random), window = eseg_window.random(kernels: [1, 1, 3, 3, 5, 7], &random)
            let output = window.slid(over: input, channels: Int32.random(in: 1...100, using: &random))
            let taps = window.rows.kernel * window.columns.kernel, depth = Int(taps * input.channels)
            let weights = random.floats(depth * Int(output.channels))
            let bias = random.floats(Int(output.channels)) + [Float](repeating: 0, count: 16)
            let slopes = random.floats(bias.count), residual = random.floats(output.count)
            let values = random.floats(input.count)
            var packed = [Float](repeating: 0, count: eseg_f32_conv_packed_size(output.channels, taps, input.channels))
            eseg_f32_conv_pack(weights, output.channels, taps, input.channels, &packed)
            var operation = eseg_f32_conv_op(
                input: input, output: output, window: window,
                activation: Self.activations.randomElement(using: &random) ?? ESEG_F32_NONE,
                weights: nil, bias: nil, slopes: nil,
                sum_activation: [ESEG_F32_NONE, ESEG_F32_RELU, ESEG_F32_RELU6].randomElement(using: &random) ?? ESEG_F32_NONE)
            let threads = Int32.random(in: 1...3, using: &random), addsResidual = Bool.random(using: &random)
            var scratch = [Float](repeating: .nan, count: eseg_f32_conv_scratch_floats(&operation) * Int(threads))
            let comparison = try packed.withUnsafeBufferPointer { packed in
                try bias.withUnsafeBufferPointer { bias in
                    try slopes.withUnsafeBufferPointer { slopes in
                        operation.weights = packed.baseAddress
                        operation.bias = bias.baseAddress
                        if operation.activation == ESEG_F32_PRELU { operation.slopes = slopes.baseAddress }
                        return try KernelComparison(isa, count: output.count) { kernels, result in
                            residual.withUnsafeBufferPointer { residual in
                                eseg_f32_conv_run(
                                    kernels, &operation, values, addsResidual ? residual.baseAddress : nil, result, &scratch, threads)
                            }
                        }
                    }
                }
            }
            #expect(comparison.canariesLive && comparison.error(scale: Float(depth).squareRoot()) < 1e-5, "\(operation)")
        }
    }

    @Test("A depthwise convolution agrees with the reference", arguments: isas)
    func depthwise(isa: ISA) throws {
        var random = SeededRandom(state: 2)
        for _ in 0..<300 {
            let input = shape(&random), window = eseg_window.random(kernels: [3, 3, 5, 7], &random)
            let output = window.slid(over: input, channels: input.channels)
            let weights = random.floats(Int(window.rows.kernel * window.columns.kernel * input.channels)),
                bias = random.floats(Int(input.channels)), slopes = random.floats(Int(input.channels))
            let values = random.floats(input.count)
            let activation = Self.activations.randomElement(using: &random) ?? ESEG_F32_NONE
            let threads = Int32.random(in: 1...3, using: &random)
            let comparison = try weights.withUnsafeBufferPointer { weights in
                try bias.withUnsafeBufferPointer { bias in
                    try slopes.withUnsafeBufferPointer { slopes in
                        var operation = eseg_f32_depthwise_op(
                            input: input, output: output, window: window, activation: activation, weights: weights.baseAddress,
                            bias: bias.baseAddress, slopes: activation == ESEG_F32_PRELU ? slopes.baseAddress : nil)
                        return try KernelComparison(isa, count: output.count) { kernels, result in
                            eseg_f32_depthwise_run(kernels, &operation, values, result, threads)
                        }
                    }
                }
            }
            #expect(comparison.canariesLive && comparison.error(scale: 1) < 1e-5, "\(input), \(window)")
        }
    }

    @Test("SiLU is within 1e-6 of double precision over its whole range", arguments: ISA.supported)
    func silu(isa: ISA) throws {
        let values = stride(from: Float(-120), through: 120, by: 0.0137).map { $0 } + [0, -0.0, 1e-30, -1e-30]
        let shape = eseg_f32_shape(height: 1, width: Int32(values.count), channels: 1)
        let kernels = try #require(eseg_kernels_for(isa.value))
        var result = [Float](repeating: 0, count: values.count)
        withUnsafePointer(to: Float(1)) { weight in
            values.withUnsafeBufferPointer { values in
                let input = eseg_f32_fusion_input(
                    data: values.baseAddress, height: 1, width: shape.width, resampling: ESEG_F32_SAME, weights: weight)
                withUnsafePointer(to: input) { input in
                    var operation = eseg_f32_fusion_op(output: shape, count: 1, inputs: input, activation: ESEG_F32_SILU)
                    eseg_f32_fusion_run(kernels, &operation, &result, 1)
                }
            }
        }
        let worst = zip(values, result).map { x, y in
            let exact = Double(x) / (1 + exp(-Double(x)))
            return abs(Double(y) - exact) / max(abs(exact), 1e-30)
        }.max()
        #expect(try #require(worst) < 1e-6)
    }

    @Test("A squeeze-excite agrees with the reference", arguments: isas)
    func squeezeExcite(isa: ISA) throws {
        var random = SeededRandom(state: 3)
        for _ in 0..<100 {
            let shape = shape(&random)
            let channels = Int(shape.channels), squeezed = Int.random(in: 1...20, using: &random)
            let parameters = random.floats(2 * squeezed * channels + squeezed + channels), values = random.floats(shape.count)
            let threads = Int32.random(in: 1...3, using: &random)
            let comparison = try parameters.withUnsafeBufferPointer { parameters in
                let base = try #require(parameters.baseAddress)
                var operation = eseg_f32_gate_op(
                    shape: shape, squeezed: Int32(squeezed), reduce_weights: base, reduce_bias: base + 2 * squeezed * channels,
                    expand_weights: base + squeezed * channels, expand_bias: base + 2 * squeezed * channels + squeezed)
                var scratch = [Float](repeating: .nan, count: eseg_f32_gate_scratch_floats(&operation))
                return try KernelComparison(isa, count: shape.count) { kernels, result in
                    eseg_f32_gate_run(kernels, &operation, values, result, &scratch, threads)
                }
            }
            #expect(comparison.canariesLive && comparison.error(scale: 1) < 1e-5, "\(shape)")
        }
    }

    @Test("A maximum over 3x3 at stride 2 equals the reference", arguments: isas)
    func maxPool(isa: ISA) throws {
        var random = SeededRandom(state: 4)
        for _ in 0..<200 {
            let shape = shape(&random), values = random.floats(shape.count, in: -9...(-1))
            let comparison = try KernelComparison(isa, count: halved(shape, stride: 2).count) { kernels, result in
                eseg_f32_pool_run(kernels, shape, values, result, 2)
            }
            #expect(comparison.result == comparison.reference, "\(shape)")
        }
    }

    @Test("The mean of each channel, and a product with a factor for each, agree with the reference", arguments: isas)
    func meanAndProduct(isa: ISA) throws {
        var random = SeededRandom(state: 8)
        for _ in 0..<100 {
            let shape = shape(&random, sides: 1...40), values = random.floats(shape.count),
                threads = Int32.random(in: 1...3, using: &random)
            var scratch = [Float](repeating: .nan, count: eseg_f32_mean_scratch_floats(shape))
            let means = try KernelComparison(isa, count: Int(shape.channels)) { kernels, result in
                eseg_f32_mean_run(kernels, shape, values, result, &scratch, threads)
            }
            #expect(means.canariesLive && means.error(scale: 1) < 1e-6, "\(shape)")
            let products = try KernelComparison(isa, count: shape.count) { kernels, result in
                eseg_f32_product_run(kernels, shape, values, means.reference, result, threads)
            }
            #expect(products.canariesLive && products.result == products.reference, "\(shape)")
        }
    }

    @Test("A sum of levels of any odd size, a weight for each channel, agrees with the reference", arguments: isas)
    func weightedSum(isa: ISA) throws {
        var random = SeededRandom(state: 5)
        for _ in 0..<200 {
            let output = shape(&random, sides: 1...13)
            let finer = eseg_f32_shape(
                height: 2 * output.height - Int32.random(in: 0...1, using: &random),
                width: 2 * output.width - Int32.random(in: 0...1, using: &random),
                channels: output.channels)
            let maps = [(output, ESEG_F32_SAME), (halved(output, stride: 2), ESEG_F32_UP), (finer, ESEG_F32_DOWN)]
            let activation = Self.activations.randomElement(using: &random) ?? ESEG_F32_NONE
            let weights = random.floats(3 * Int(output.channels)), values = random.floats(maps.map(\.0.count).reduce(0, +))
            let comparison = try values.withUnsafeBufferPointer { values in
                try weights.withUnsafeBufferPointer { weights in
                    var (next, weight) = (try #require(values.baseAddress), try #require(weights.baseAddress))
                    let inputs = maps.map { shape, resampling in
                        defer { (next, weight) = (next + shape.count, weight + Int(shape.channels)) }
                        return eseg_f32_fusion_input(
                            data: next, height: shape.height, width: shape.width, resampling: resampling, weights: weight)
                    }
                    return try inputs.withUnsafeBufferPointer { inputs in
                        var operation = eseg_f32_fusion_op(output: output, count: 3, inputs: inputs.baseAddress, activation: activation)
                        return try KernelComparison(isa, count: output.count) { eseg_f32_fusion_run($0, &operation, $1, 2) }
                    }
                }
            }
            #expect(comparison.canariesLive && comparison.error(scale: 1) < 1e-6, "\(output)")
        }
    }

    @Test("A pyramid's sum agrees with the reference", arguments: isas)
    func pyramidSum(isa: ISA) throws {
        var random = SeededRandom(state: 6)
        for _ in 0..<100 {
            var shapes = [shape(&random, sides: 1...30)]
            for _ in 0..<Int.random(in: 0...7, using: &random) { shapes.append(halved(shapes[shapes.count - 1], stride: 2)) }
            let channels = Int(shapes[0].channels)
            let weights = random.floats(shapes.count * channels), values = random.floats(shapes.map(\.count).reduce(0, +))
            let comparison = try values.withUnsafeBufferPointer { values in
                var next = try #require(values.baseAddress)
                let levels = shapes.map { shape in
                    defer { next += shape.count }
                    return eseg_f32_pyramid_level(data: next, height: shape.height, width: shape.width)
                }
                return try weights.withUnsafeBufferPointer { weights in
                    try levels.withUnsafeBufferPointer { levels in
                        var operation = eseg_f32_pyramid_op(
                            count: Int32(levels.count), channels: Int32(channels), levels: levels.baseAddress, weights: weights.baseAddress)
                        return try KernelComparison(isa, count: shapes[0].count) { eseg_f32_pyramid_run($0, &operation, $1, 2) }
                    }
                }
            }
            #expect(comparison.canariesLive && comparison.error(scale: 8) < 1e-6, "\(shapes)")
        }
    }

    @Test("Pixels are normalized per channel", arguments: isas)
    func normalize(isa: ISA) throws {
        var random = SeededRandom(state: 7)
        for width in [1, 5, 16, 17, 101] {
            let image = random.image(height: 3, width: width)
            let comparison = try KernelComparison(isa, count: image.pixels.count) { kernels, result in
                eseg_f32_normalize_run(kernels, image.pixels, 3, Int32(width), [0.1, 0.2, 0.3], [-1, 0, 1], result, 2)
            }
            #expect(comparison.canariesLive && comparison.error(scale: 1) < 1e-5)
            #expect(abs(comparison.result[4] - (Float(image.pixels[4]) * 0.2)) < 1e-5)
        }
    }

    @Test("Upsampled classes equal the reference, and the lowest class wins a tie", arguments: isas)
    func argmax(isa: ISA) throws {
        var random = SeededRandom(state: 8)
        let kernels = try #require(eseg_kernels_for(isa.value)), scalar = try #require(eseg_kernels_for(ESEG_ISA_SCALAR))
        for round in 0..<60 {
            let logits = shape(&random, sides: 2...30, channels: 1...40)
            var operation = eseg_f32_argmax_op(
                logits: logits, height: Int32.random(in: 1...4 * logits.height, using: &random),
                width: Int32.random(in: 1...4 * logits.width, using: &random), align_corners: Int32.random(in: 0...1, using: &random))
            // Whole numbers at multiples of an eighth interpolate exactly: ties are ties on every instruction set.
            if round % 2 == 0 { (operation.height, operation.width, operation.align_corners) = (4 * logits.height, 4 * logits.width, 0) }
            let values =
                round % 2 == 0 ? (0..<logits.count).map { _ in Float(Int.random(in: -2...2, using: &random)) } : random.floats(logits.count)
            let count = Int(operation.height * operation.width)
            var expected = [UInt8](repeating: 99, count: count), classes = expected + [77]
            let threads = Int32.random(in: 1...3, using: &random)
            var scratch = [Float](repeating: .nan, count: eseg_f32_argmax_scratch_floats(&operation) * Int(threads))
            eseg_f32_argmax_run(scalar, &operation, values, &expected, &scratch, 1)
            eseg_f32_argmax_run(kernels, &operation, values, &classes, &scratch, threads)
            let differing = zip(expected, classes).filter { $0 != $1 }.count
            #expect(classes.last == 77 && differing <= (round % 2 == 0 ? 0 : count / 500), "\(operation)")
        }
    }
}

extension eseg_f32_shape {
    var count: Int { Int(height) * Int(width) * Int(channels) }
}

extension eseg_window {
    /// Square, without gaps and padded by half of it, or any.
    fileprivate static func random(kernels: [Int32], _ random: inout SeededRandom) -> eseg_window {
        if Bool.random(using: &random) {
            return eseg_square_window(kernels.randomElement(using: &random) ?? 3, Int32.random(in: 1...2, using: &random))
        }
        func axis() -> eseg_axis {
            let kernel = Int32.random(in: 1...5, using: &random), dilation = Int32.random(in: 1...4, using: &random)
            return eseg_axis(
                kernel: kernel, stride: Int32.random(in: 1...3, using: &random), dilation: dilation,
                before: Int32.random(in: 0...(kernel - 1) * dilation, using: &random))
        }
        return eseg_window(rows: axis(), columns: axis())
    }

    /// The output over a map, padded as much behind as before; at least one pixel.
    fileprivate func slid(over input: eseg_f32_shape, channels: Int32) -> eseg_f32_shape {
        func steps(_ axis: eseg_axis, _ extent: Int32) -> Int32 {
            max(extent + 2 * axis.before - (axis.kernel - 1) * axis.dilation - 1, 0) / axis.stride + 1
        }
        return eseg_f32_shape(height: steps(rows, input.height), width: steps(columns, input.width), channels: channels)
    }
}
