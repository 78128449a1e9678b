import ESegNetwork
import Kernels

extension PackedNetwork {
    /// An int16 node's parameters; see `QuantizedNetwork.isInt16`.
    func packInt16(_ layer: QuantizedLayer, node: Node, output: Quantization) throws(RuntimeError) -> any PackedLayer {
        switch (layer, node.operation) {
        case (.passing, .maxPool): return Int16Pool()
        case (.convolution(let parameters), .convolution(let shape)):
            var layer = try pack(parameters, node: node)
            layer.weights = try packWeights(parameters.weights, shape, inputStride: codeStride(node.inputs[0]))
            layer.window = shape.slides.forKernels
            return Int16Convolution(layer: layer, output: int16Output(node.operation.outputActivation, output))
        case (.depthwise(let parameters), .depthwise(let shape)):
            return try packTaps(parameters, shape, node: node, output: output)
        case (.gate(let parameters), .gate(let shape)):
            var gate = try pack(parameters, shape, node: node, output: output)
            (gate.in_zero_point, gate.out_zero_point) = (0, 0)
            return Int16Gate(gate: gate, output: int16Output(.none, output))
        case (.int16Sum(let sum), .weightedSum(let shape)):
            return Int16Fusion(multipliers: try pack(sum), output: int16Output(shape.activation, output))
        case (.image, _), (.passing, _), (.convolution, _), (.depthwise, _), (.gate, _), (.sum, _), (.int16Sum, _), (.concat, _),
            (.rescaled, _), (.softmax, _):
            throw .unsupported(node: node.name, reason: "its parameters are of another kind than its operation")
        }
    }

    /// A depthwise convolution in int16 arithmetic, which slides any window; over 8-bit codes it gives what 8-bit arithmetic gives.
    func packTaps(_ parameters: QuantizedConvolution, _ shape: Depthwise, node: Node, output: Quantization) throws(RuntimeError)
        -> Int16Convolution
    {
        var layer = try pack(parameters, node: node)
        layer.depthwise = 1
        layer.weights = try packWeights(parameters.weights, shape)
        layer.window = shape.slides.forKernels
        var codes = int16Output(parameters.curve == nil ? shape.activation : .none, output)
        codes.table = try pack(parameters.curve)
        return Int16Convolution(layer: layer, output: codes)
    }

    /// Codes that a pixel of a node's map takes: pixels of an image and of computed logits are packed, all else is a multiple of 4. What
    /// passes codes on takes as many as its input.
    func codeStride(_ node: Int) -> Int {
        let operation = graph.nodes[node].operation, isLogits = node == graph.nodes.count - 1 && operation.codes == .own
        return node == 0 || isLogits ? operation.channels : Int(eseg_channel_stride(Int32(operation.channels)))
    }

    /// Bytes of each of a node's codes.
    func codeBytes(_ node: Int) -> Int { outputs[node].precision == .int16 ? MemoryLayout<Int16>.stride : 1 }

    func isInt16(_ node: Int) -> Bool { graph.isInt16(node, outputs: outputs) }

    private func pack(_ parameters: QuantizedConvolution, node: Node) throws(RuntimeError) -> eseg_s16_conv_layer {
        var layer = eseg_s16_conv_layer()
        let lanes = lanes(parameters.bias.count)
        layer.channels = Int32(parameters.bias.count)
        layer.scaling = eseg_s16_scaling(
            bias: try pool.copy(parameters.bias, padded: lanes), multiplier: try pool.copy(parameters.multiplier, padded: lanes),
            slope: try pack(slope: parameters.slope, padded: lanes))
        layer.padding = UnsafePointer(try pool.copy(padding(of: node.inputs[0]), padded: 0))
        if let residual = parameters.residual {
            let multiplier = Float(residual.multiplier) / Float(1 << residual.shift)
            layer.residual_multiplier = UnsafePointer(
                try pool.copy(repeatElement(multiplier, count: parameters.bias.count), padded: lanes))
            layer.relu_before_add = residual.relu ? 1 : 0
        }
        return layer
    }

    /// One pixel outside a node's map, without zero point.
    private func padding(of node: Int) -> [Int16] {
        node == 0 ? (0..<codeStride(0)).map { Int16(padding[0][$0]) } : Array(repeating: 0, count: codeStride(node))
    }

    private func packWeights(_ weights: QuantizedWeights, _ shape: Convolution, inputStride: Int) throws(RuntimeError)
        -> UnsafePointer<Int16>
    {
        let out = Int32(shape.outputChannels), pixels = shape.slides.pixelsPerTap, stride = Int32(inputStride)
        let taps = Int32(shape.slides.taps / pixels), count = eseg_s16_conv_packed_size(kernels, out, taps, Int32(pixels), stride)
        let packed = try pool.allocate(Int16.self, count: count)
        eseg_s16_conv_pack(kernels, weights.int16Values, out, taps, Int32(pixels), Int32(shape.inputChannels), stride, packed)
        return UnsafePointer(packed)
    }

    private func packWeights(_ weights: QuantizedWeights, _ shape: Depthwise) throws(RuntimeError) -> UnsafePointer<Int16> {
        let packed = try pool.allocate(Int16.self, count: shape.slides.taps * lanes(shape.channels))
        eseg_s16_depthwise_pack(weights.int16Values, Int32(shape.channels), Int32(shape.slides.taps), packed)
        return UnsafePointer(packed)
    }

    private func pack(_ sum: Int16Sum) throws(RuntimeError) -> [UnsafePointer<Float>] {
        var multipliers: [UnsafePointer<Float>] = []
        for row in sum.multipliers { multipliers.append(UnsafePointer(try pool.copy(row, padded: lanes(row.count)))) }
        return multipliers
    }

    func int16Output(_ activation: Activation, _ output: Quantization) -> eseg_s16_output {
        eseg_s16_output(
            bytes: output.precision == .int16 ? 2 : 1, zero_point: Int32(output.zeroPoint),
            relu: activation == .relu || activation == .relu6 ? 1 : 0, curve: activation.int16Curve, inverse: 1 / output.scale, table: nil)
    }
}

extension Window {
    /// Pixels whose codes lie together in the input: a row of the window, unless its columns are dilated.
    var pixelsPerTap: Int { columns.dilation == 1 ? columns.kernel : 1 }

    /// Whether 8-bit depthwise kernels slide it over rings of rows: a square that is padded by half, and if it is dilated, at stride 1 and so
    /// little that what it reads at once, every n-th pixel, are more than a few pixels of most maps.
    var slidesOverRings: Bool {
        let kernel = rows.kernel, dilation = max(rows.dilation, columns.dilation)
        return kernel == columns.kernel && kernel > 1 && kernel % 2 == 1 && kernel <= Int(ESEG_S8_DEPTHWISE_KERNEL)
            && rows.stride == columns.stride && rows.stride <= (dilation > 1 ? 1 : 2) && dilation <= 8
            && rows.isPaddedByHalf && columns.isPaddedByHalf
    }
}

extension Window.Axis {
    fileprivate var isPaddedByHalf: Bool { before == kernel / 2 * dilation && after == before }
}

extension Activation {
    fileprivate var int16Curve: eseg_s16_curve {
        switch self {
        case .none, .relu, .relu6, .prelu: ESEG_S16_LINEAR
        case .sigmoid: ESEG_S16_SIGMOID
        case .hardSigmoid: ESEG_S16_HARD_SIGMOID
        case .silu: ESEG_S16_SILU
        case .hardSwish: ESEG_S16_HARD_SWISH
        case .gelu: ESEG_S16_GELU
        case .geluTanh: ESEG_S16_GELU_TANH
        case .elu: ESEG_S16_ELU
        }
    }
}

extension QuantizedWeights {
    fileprivate var int16Values: [Int16] {
        switch self {
        case .int8(let values): values.map(Int16.init)
        case .int16(let values): values
        }
    }
}
