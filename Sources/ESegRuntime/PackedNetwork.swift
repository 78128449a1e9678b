import ESegNetwork
import Kernels

/// A quantized network's parameters in the layout that an instruction set's kernels read; independent of the input size.
final class PackedNetwork {
    let graph: Graph
    /// How logits are brought to the image's size.
    let upsampling: SamplePositions
    /// By what margins of interpolated logits are multiplied for their doubt.
    let doubtScales: eseg_s8_doubt_scales
    private(set) var outputs: [Quantization]
    private(set) var layers: [any PackedLayer] = []
    /// One pixel of each node's output as it counts outside the map.
    private(set) var padding: [UnsafePointer<UInt8>] = []
    let kernels: UnsafePointer<eseg_kernels>
    let pool = MemoryPool()
    var bytes: Int { pool.bytes }

    init(
        _ network: QuantizedNetwork, kernels: UnsafePointer<eseg_kernels>
    ) throws(RuntimeError) {
        self.kernels = kernels
        graph = network.graph
        upsampling = network.description.upsampling
        outputs = network.outputs
        let scales = DoubtMap.scales(network.doubt, step: network.outputs.last?.scale ?? 1, classes: network.classNames.count)
        doubtScales = eseg_s8_doubt_scales(
            best: UnsafePointer(try pool.copy(scales.best, padded: 256)), second: UnsafePointer(try pool.copy(scales.second, padded: 256)))
        for (i, layer) in network.layers.enumerated() {
            layers.append(try pack(layer, i))
            padding.append(try pad(layer, node: graph.nodes[i], output: outputs[i]))
        }
    }

    /// Packs other parameters for a node. Plans that were made before keep the old ones.
    func replace(_ node: Int, by layer: QuantizedLayer, output: Quantization) throws(RuntimeError) {
        outputs[node] = output
        layers[node] = try pack(layer, node)
        padding[node] = try pad(layer, node: graph.nodes[node], output: output)
    }

    private func pack(_ layer: QuantizedLayer, _ index: Int) throws(RuntimeError) -> any PackedLayer {
        let node = graph.nodes[index], output = outputs[index]
        if let packed = try packForAnyCodes(layer, node: node, output: output) { return packed }
        return isInt16(index) ? try packInt16(layer, node: node, output: output) : try pack(layer, node: node, output: output)
    }

    private func pack(_ layer: QuantizedLayer, node: Node, output: Quantization) throws(RuntimeError) -> any PackedLayer {
        switch (layer, node.operation) {
        case (.image, .image): return PackedImage()
        case (.passing, .maxPool): return PackedPool()
        case (.convolution(let parameters), .convolution(let shape)): return try pack(parameters, shape, node: node, output: output)
        case (.depthwise(let parameters), .depthwise(let shape)):
            if shape.slides.isPointwise { return try packAffine(parameters, node: node, output: output) }
            var isSlid = shape.slides.slidesOverRings
            // Dilated windows may have int16 weights, which rings do not take.
            if case .int16 = parameters.weights, shape.slides.square == nil { isSlid = false }
            guard isSlid else { return try packTaps(parameters, shape, node: node, output: output) }
            return try pack(parameters, shape, node: node, output: output)
        case (.gate(let parameters), .gate(let shape)): return try pack(parameters, shape, node: node, output: output)
        case (.sum(let parameters), .weightedSum(let shape)): return try pack(parameters, channels: shape.channels, node: node)
        case (.image, _), (.passing, _), (.convolution, _), (.depthwise, _), (.gate, _), (.sum, _), (.int16Sum, _), (.concat, _),
            (.rescaled, _), (.softmax, _):
            throw .unsupported(node: node.name, reason: "its parameters are of another kind than its operation")
        }
    }

    private func pack(
        _ parameters: QuantizedConvolution, _ shape: Convolution, node: Node, output: Quantization
    ) throws(RuntimeError) -> eseg_s8_conv_layer {
        let stride = graph.nodes[node.inputs[0]].operation.pixelBytes
        let zeroPoint = inputZeroPoint(node)
        var layer = eseg_s8_conv_layer()
        layer.scaling = try scaling(
            parameters, sums: channelSums(parameters.weights, channels: shape.outputChannels), inputZeroPoint: zeroPoint, output: output)
        (layer.weights, layer.int16_weights) = try packWeights(parameters.weights, shape, stride: stride, scaling: layer.scaling)
        layer.kernel = Int32(shape.slides.rows.kernel)
        layer.stride = Int32(shape.slides.rows.stride)
        layer.tap_quads = Int32((shape.slides.pixelsPerTap * stride + 3) / 4)
        layer.channels = Int32(shape.outputChannels)
        if let residual = parameters.residual {
            layer.residual_multiplier = residual.multiplier
            layer.residual_zero_point = Int32(outputs[node.inputs[1]].zeroPoint)
            layer.shift = Int32(residual.shift)
            layer.relu_before_add = residual.relu ? 1 : 0
        }
        return layer
    }

    /// Packed weights, and whether they are int16.
    private func packWeights(
        _ weights: QuantizedWeights, _ shape: Convolution, stride: Int, scaling: eseg_s8_scaling
    ) throws(RuntimeError) -> (UnsafePointer<Int8>, Int32) {
        let pixels = shape.slides.pixelsPerTap, taps = Int32(shape.slides.taps / pixels), quads = Int32((pixels * stride + 3) / 4)
        let out = Int32(shape.outputChannels)
        var int16Weights: Int32 = 0
        if case .int16 = weights { int16Weights = 1 }
        let packed = try pool.allocate(Int8.self, count: eseg_s8_conv_packed_size(kernels, out, taps, quads, int16Weights))
        func pack(_ values: UnsafeRawBufferPointer) {
            withUnsafePointer(to: scaling) {
                eseg_s8_conv_pack(
                    kernels, values.baseAddress, int16Weights, out, taps, Int32(pixels), Int32(shape.inputChannels), Int32(stride), $0,
                    packed)
            }
        }
        switch weights {
        case .int8(let values): values.withUnsafeBytes(pack)
        case .int16(let values): values.withUnsafeBytes(pack)
        }
        return (UnsafePointer(packed), int16Weights)
    }

    private func pack(
        _ parameters: QuantizedConvolution, _ shape: Depthwise, node: Node, output: Quantization
    ) throws(RuntimeError) -> eseg_s8_depthwise_layer {
        let values = try int8Weights(parameters, node)
        let channels = Int32(shape.channels), kernel = Int32(shape.slides.rows.kernel)
        let packed = try pool.allocate(Int8.self, count: eseg_s8_depthwise_packed_size(kernels, channels, kernel))
        var layer = eseg_s8_depthwise_layer()
        layer.scaling = try scaling(
            parameters, sums: channelSums(values, channels: shape.channels), inputZeroPoint: inputZeroPoint(node), output: output)
        withUnsafePointer(to: layer.scaling) { eseg_s8_depthwise_pack(kernels, values, channels, kernel, $0, packed) }
        layer.weights = UnsafePointer(packed)
        layer.kernel = kernel
        layer.stride = Int32(shape.slides.rows.stride)
        layer.channels = channels
        layer.padding = Int32(inputZeroPoint(node))
        return layer
    }

    private func int8Weights(_ parameters: QuantizedConvolution, _ node: Node) throws(RuntimeError) -> [Int8] {
        guard case .int8(let values) = parameters.weights else {
            throw .unsupported(node: node.name, reason: "depthwise weights are int16, expected int8")
        }
        return values
    }

    private func packAffine(_ parameters: QuantizedConvolution, node: Node, output: Quantization) throws(RuntimeError) -> PackedAffine {
        let values = try int8Weights(parameters, node)
        let scaling = try scaling(parameters, sums: values.map { Int($0) }, inputZeroPoint: inputZeroPoint(node), output: output)
        return PackedAffine(weights: UnsafePointer(try pool.copy(values, padded: lanes(values.count))), scaling: scaling)
    }

    func pack(
        _ parameters: QuantizedGate, _ shape: Gate, node: Node, output: Quantization
    ) throws(RuntimeError) -> eseg_gate_layer {
        let (channels, squeezed) = (shape.channels, shape.squeezed)
        let input = outputs[node.inputs[0]]
        var gate = eseg_gate_layer()
        gate.channels = Int32(channels)
        gate.squeezed = Int32(squeezed)
        gate.reduce_weights = UnsafePointer(try pool.copy(transpose(parameters.reduceWeights, rows: squeezed), padded: 0))
        gate.reduce_bias = UnsafePointer(try pool.copy(parameters.reduceBias, padded: 0))
        gate.expand_weights = UnsafePointer(try pool.copy(transpose(parameters.expandWeights, rows: channels), padded: 0))
        gate.expand_bias = UnsafePointer(try pool.copy(parameters.expandBias, padded: 0))
        gate.in_scale = input.scale
        gate.out_scale = output.scale
        gate.in_zero_point = Int32(input.zeroPoint)
        gate.out_zero_point = Int32(output.zeroPoint)
        return gate
    }

    private func pack(_ parameters: QuantizedSum, channels: Int, node: Node) throws(RuntimeError) -> PackedSum {
        let zeroPoints = node.inputs.map { Int32(outputs[$0].zeroPoint) }
        let half = Int32(1) << Int32(parameters.shift - 1)
        let bias = (0..<channels).map { c in
            zip(zeroPoints, parameters.multipliers).reduce(half) { $0 - $1.0 * Int32($1.1[c]) }
        }
        var multipliers: [UnsafePointer<Int32>] = []
        for row in parameters.multipliers { multipliers.append(UnsafePointer(try pool.copy(row.map(Int32.init), padded: lanes(channels)))) }
        return PackedSum(
            multipliers: multipliers, bias: UnsafePointer(try pool.copy(bias, padded: lanes(channels))), shift: parameters.shift,
            curve: try pack(parameters.curve))
    }

    private func scaling(
        _ parameters: QuantizedConvolution, sums: [Int], inputZeroPoint: Int, output: Quantization
    ) throws(RuntimeError) -> eseg_s8_scaling {
        let count = lanes(parameters.bias.count)
        let bias = zip(parameters.bias, sums).map { Int32(truncatingIfNeeded: Int($0) - inputZeroPoint * $1) }
        return eseg_s8_scaling(
            bias: try pool.copy(bias, padded: count), multiplier: try pool.copy(parameters.multiplier, padded: count),
            curve: try pack(parameters.curve), slope: try pack(slope: parameters.slope, padded: count), zero_point: Int32(output.zeroPoint))
    }

    func pack(slope: [Float]?, padded count: Int) throws(RuntimeError) -> UnsafePointer<Float>? {
        guard let slope else { return nil }
        return UnsafePointer(try pool.copy(slope, padded: count))
    }

    func pack(_ curve: ActivationCurve?) throws(RuntimeError) -> UnsafePointer<eseg_s8_curve>? {
        guard let curve else { return nil }
        let pointer = try pool.allocate(eseg_s8_curve.self, count: 1)
        pointer.pointee.gain = curve.gain
        withUnsafeMutableBytes(of: &pointer.pointee.base) { $0.copyBytes(from: curve.base.withUnsafeBytes { Array($0) }) }
        withUnsafeMutableBytes(of: &pointer.pointee.slope) { $0.copyBytes(from: curve.slope.withUnsafeBytes { Array($0) }) }
        return UnsafePointer(pointer)
    }

    private func pad(_ layer: QuantizedLayer, node: Node, output: Quantization) throws(RuntimeError) -> UnsafePointer<UInt8> {
        if case .image(let padding) = layer { return UnsafePointer(try pool.copy(padding, padded: 4)) }
        return UnsafePointer(try pool.copy(repeatElement(output.zeroPoint, count: node.operation.pixelBytes), padded: 0))
    }

    /// Pixels enter as they are: their normalization is part of the convolution that reads them.
    private func inputZeroPoint(_ node: Node) -> Int { node.inputs[0] == 0 ? 0 : Int(outputs[node.inputs[0]].zeroPoint) }

    private func channelSums(_ weights: QuantizedWeights, channels: Int) -> [Int] {
        switch weights {
        case .int8(let values): channelSums(values, channels: channels)
        case .int16(let values): channelSums(values, channels: channels)
        }
    }

    private func channelSums<T: BinaryInteger>(_ values: [T], channels: Int) -> [Int] {
        let each = values.count / channels
        return values.withUnsafeBufferPointer { values in
            (0..<channels).map { channel in
                var sum = 0
                for i in channel * each..<(channel + 1) * each { sum += Int(truncatingIfNeeded: values[i]) }
                return sum
            }
        }
    }

    private func transpose(_ values: [Float], rows: Int) -> [Float] {
        let columns = values.count / rows
        return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }

    func lanes(_ channels: Int) -> Int { Int(eseg_blocks(Int32(channels)) * Int32(ESEG_LANES)) }
}

extension ESegNetwork.Operation {
    /// Bytes of one pixel of the output's u8 map: pixels of an image are packed, all else is a multiple of 4.
    var pixelBytes: Int {
        if case .image = self { return 3 }
        return Int(eseg_channel_stride(Int32(channels)))
    }
}
