import ESegNetwork
import Kernels

/// Parameters of a network as the float kernels read them. The pool owns them.
struct FloatPacking {
    let network: FloatNetwork
    let pool: MemoryPool

    /// A node's parameter of that suffix, in the shape that its operator gives it. Throws `NetworkError` naming it otherwise.
    func parameter(_ suffix: String, of node: Node) throws -> [Float] {
        let name = node.name + "." + suffix, file = network.description.name
        guard let shape = node.operation.parameters.first(where: { $0.suffix == suffix })?.shape else {
            throw NetworkError(file: file, field: name, found: node.operation.name, expected: "an operator with \(quoted(suffix))")
        }
        guard let tensor = network.parameters[name] else {
            throw NetworkError(file: file, field: name, found: "nothing", expected: "\(shape)")
        }
        guard tensor.shape == shape, tensor.values.count == shape.reduce(1, *) else {
            throw NetworkError(file: file, field: name, found: "\(tensor.shape), \(tensor.values.count) values", expected: "\(shape)")
        }
        return tensor.values
    }

    func convolution(_ node: Node, _ layer: Convolution, input: Shape, output: Shape) throws -> eseg_f32_conv_op {
        let (taps, channels) = (Int32(layer.slides.taps), layer.outputChannels)
        let weights = try parameter("weight", of: node)
        let bias = try parameter("bias", of: node)
        let panel = Int(ESEG_F32_PANEL)
        let packed = try pool.allocate(
            Float.self, count: eseg_f32_conv_packed_size(Int32(channels), taps, Int32(layer.inputChannels)))
        eseg_f32_conv_pack(weights, Int32(channels), taps, Int32(layer.inputChannels), packed)
        return eseg_f32_conv_op(
            input: input.forKernels, output: output.forKernels, window: layer.slides.forKernels,
            activation: layer.activation.forKernels, weights: packed,
            bias: try pool.copy(bias, padded: (channels + panel - 1) / panel * panel),
            slopes: try slopes(node, padded: (channels + panel - 1) / panel * panel),
            sum_activation: layer.sumActivation.forKernels)
    }

    /// Nil but for a PReLU.
    private func slopes(_ node: Node, padded count: Int) throws -> UnsafePointer<Float>? {
        guard node.operation.activation == .prelu else { return nil }
        return UnsafePointer(try pool.copy(try parameter("slope", of: node), padded: count))
    }

    func depthwise(_ node: Node, _ layer: Depthwise, input: Shape, output: Shape) throws -> eseg_f32_depthwise_op {
        let channels = layer.channels
        let weights = try parameter("weight", of: node)
        let bias = try parameter("bias", of: node)
        return eseg_f32_depthwise_op(
            input: input.forKernels, output: output.forKernels, window: layer.slides.forKernels,
            activation: layer.activation.forKernels,
            weights: try transposed(weights, rows: channels), bias: try pool.copy(bias, padded: channels),
            slopes: try slopes(node, padded: channels))
    }

    func gate(_ node: Node, _ gate: Gate, shape: Shape) throws -> eseg_f32_gate_op {
        let (channels, squeezed) = (shape.channels, gate.squeezed)
        let reduce = try parameter("reduce.weight", of: node)
        let expand = try parameter("expand.weight", of: node)
        return eseg_f32_gate_op(
            shape: shape.forKernels, squeezed: Int32(squeezed),
            reduce_weights: try pool.copy(reduce, padded: reduce.count),
            reduce_bias: try pool.copy(try parameter("reduce.bias", of: node), padded: squeezed),
            expand_weights: try transposed(expand, rows: channels),
            expand_bias: try pool.copy(try parameter("expand.bias", of: node), padded: channels))
    }

    /// [rows, columns] to [columns, rows].
    private func transposed(_ values: [Float], rows: Int) throws -> UnsafeMutablePointer<Float> {
        let columns = values.count / rows
        let pointer = try pool.allocate(Float.self, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns { pointer[column * rows + row] = values[row * columns + column] }
        }
        return pointer
    }
}

extension Shape {
    var forKernels: eseg_f32_shape { eseg_f32_shape(height: Int32(height), width: Int32(width), channels: Int32(channels)) }
}

extension Window {
    var forKernels: eseg_window { eseg_window(rows: rows.forKernels, columns: columns.forKernels) }
}

extension Window.Axis {
    fileprivate var forKernels: eseg_axis {
        eseg_axis(kernel: Int32(kernel), stride: Int32(stride), dilation: Int32(dilation), before: Int32(before))
    }
}

extension Activation {
    var forKernels: eseg_f32_activation {
        switch self {
        case .none: ESEG_F32_NONE
        case .relu: ESEG_F32_RELU
        case .relu6: ESEG_F32_RELU6
        case .silu: ESEG_F32_SILU
        case .hardSwish: ESEG_F32_HARD_SWISH
        case .sigmoid: ESEG_F32_SIGMOID
        case .hardSigmoid: ESEG_F32_HARD_SIGMOID
        case .prelu: ESEG_F32_PRELU
        case .gelu: ESEG_F32_GELU
        case .geluTanh: ESEG_F32_GELU_TANH
        case .elu: ESEG_F32_ELU
        }
    }
}
