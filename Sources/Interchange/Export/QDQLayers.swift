import ESegNetwork

/// What of a convolution ONNX calls attributes. `inputs` are those of one group.
struct Geometry {
    let inputs: Int
    let window: Window
    let groups: Int

    var attributes: [ONNX.Attribute] { window.onnxAttributes + [.int("group", groups)] }
}

extension Window {
    /// Dilations only where there are any.
    var onnxAttributes: [ONNX.Attribute] {
        let isDilated = rows.dilation > 1 || columns.dilation > 1
        return [
            .ints("kernel_shape", [rows.kernel, columns.kernel]), .ints("strides", [rows.stride, columns.stride]),
            .ints("pads", [rows.before, columns.before, rows.after, columns.after]),
        ] + (isDilated ? [.ints("dilations", [rows.dilation, columns.dilation])] : [])
    }
}

extension QDQExport {
    mutating func convolution(_ layer: QuantizedConvolution, _ geometry: Geometry, _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index]
        let scales = try accumulatorScales(index)
        let parameters = parameters(of: layer, scales: scales, geometry, index)
        let isLogits = index == network.graph.nodes.count - 1 && node.operation.activation == .none && layer.residual == nil
        var values = writer.node(
            "Conv", [outputs[node.inputs[0]]] + parameters, node.name + (isLogits ? "/logits" : "/convolution"), geometry.attributes)
        if isLogits { return values }
        if let residual = layer.residual {
            if residual.relu { values = writer.node("Relu", [values], node.name + "/relu") }
            values = writer.node("Add", [values, try dequantized(residual, index)], node.name + "/sum")
        }
        return quantized(values, curve: layer.curve, index)
    }

    /// The residual input's codes at the scale that the sum's multiplier stands for: its own, rounded as the integer sum rounds it.
    private mutating func dequantized(_ term: ResidualTerm, _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index], input = node.inputs[1]
        guard let codes = codes[input], let zeroPoint = zeroPoints[input] else {
            throw error(node, "residual", "a node without codes", "a feature map")
        }
        let scale = Double(network.outputs[index].scale) * Double(term.multiplier) / Double(1 << term.shift)
        let scaleName = writer.scalar(node.name + "/residual/scale", Float(scale))
        return writer.node("DequantizeLinear", [codes, scaleName, zeroPoint], node.name + "/residual")
    }

    /// What one step of each channel's accumulator is worth, as float32 can hold it.
    private func accumulatorScales(_ index: Int) throws(NetworkError) -> [Double] {
        let scales = network.unitsOfAccumulator(index)
        let input = Double(network.outputs[network.graph.nodes[index].inputs[0]].scale)
        for (c, scale) in scales.enumerated() {
            guard Float(scale).isNormal, Float(scale / input).isNormal else {
                throw error(network.graph.nodes[index], "channel \(c)", "a scale of \(scale)", "one that float32 can hold")
            }
        }
        return scales
    }

    /// Weights and bias as codes. A bias gives back what `pixels` subtracts, which ends in float32 where the sum leaves int32.
    private mutating func parameters(
        of layer: QuantizedConvolution, scales: [Double], _ geometry: Geometry, _ index: Int
    ) -> [String] {
        let node = network.graph.nodes[index], input = node.inputs[0]
        let shape = [scales.count, geometry.inputs, geometry.window.rows.kernel, geometry.window.columns.kernel]
        let weightScales = scales.map { Float($0 / Double(network.outputs[input].scale)) }
        let name = node.name + "/weight"
        let weights: String =
            switch layer.weights {
            case .int8(let values): dequantized(name, channelsFirst(values, geometry), shape: shape, scales: weightScales)
            case .int16(let values): dequantized(name, channelsFirst(values, geometry), shape: shape, scales: weightScales)
            }
        guard case .image(let padding) = network.layers[input] else {
            return [weights, dequantized(node.name + "/bias", layer.bias, shape: [scales.count], scales: scales.map { Float($0) })]
        }
        let bias = zip(layer.bias, paddingSums(layer.weights, padding, channels: scales.count))
        let values = zip(bias, scales).map { Float(Double(Int64($0.0) + $0.1) * $1) }
        return [weights, writer.constant(node.name + "/bias", values, shape: [scales.count])]
    }

    /// Σ padding · weight of each channel; weights are [channels, kh, kw, 3].
    private func paddingSums(_ weights: QuantizedWeights, _ padding: [UInt8], channels: Int) -> [Int64] {
        let codes: [Int64] =
            switch weights {
            case .int8(let values): values.map(Int64.init)
            case .int16(let values): values.map(Int64.init)
            }
        let length = codes.count / channels
        return (0..<channels).map { c in (0..<length).reduce(0) { $0 + codes[c * length + $1] * Int64(padding[$1 % padding.count]) } }
    }

    private mutating func dequantized<Code: ONNXElement & FixedWidthInteger>(
        _ name: String, _ codes: [Code], shape: [Int], scales: [Float]
    ) -> String {
        let inputs = [
            writer.constant(name + "/codes", codes, shape: shape), writer.constant(name + "/scale", scales, shape: [scales.count]),
            writer.constant(name + "/zero_point", [Code](repeating: 0, count: scales.count), shape: [scales.count]),
        ]
        return writer.node("DequantizeLinear", inputs, name, [.int("axis", 0)])
    }

    /// [out, kh, kw, in] to [out, in, kh, kw].
    private func channelsFirst<Value>(_ values: [Value], _ geometry: Geometry) -> [Value] {
        let taps = geometry.window.taps, length = taps * geometry.inputs
        return values.indices.map { values[$0 / length * length + $0 % taps * geometry.inputs + $0 % length / taps] }
    }

    mutating func gate(_ layer: QuantizedGate, _ operation: Gate, _ index: Int) -> String {
        let (channels, squeezed) = (operation.channels, operation.squeezed)
        let node = network.graph.nodes[index], input = outputs[node.inputs[0]], name = node.name
        let mean = writer.node("GlobalAveragePool", [input], name + "/mean")
        let reduced = pointwise(mean, name + "/reduce", layer.reduceWeights, layer.reduceBias, inputs: channels)
        let sigmoid = writer.node("Sigmoid", [reduced], name + "/reduce/sigmoid")
        let silu = writer.node("Mul", [reduced, sigmoid], name + "/reduce/silu")
        let expanded = pointwise(silu, name + "/expand", layer.expandWeights, layer.expandBias, inputs: squeezed)
        let gate = writer.node("Sigmoid", [expanded], name + "/gate")
        if network.isInt16(index) { return quantized(writer.node("Mul", [input, gate], name + "/product"), index) }
        let ratio = network.outputs[node.inputs[0]].scale / network.outputs[index].scale
        let steps = writer.node("Mul", [gate, writer.scalar(name + "/gate/steps_per_one", ratio * 8192)], name + "/gate/steps")
        let rounded = writer.node("Round", [steps], name + "/gate/rounded")
        let worth = writer.scalar(name + "/gate/step", 1 / (ratio * 8192))
        let product = writer.node("Mul", [input, writer.node("Mul", [rounded, worth], name + "/gate/value")], name + "/product")
        return quantized(product, index)
    }

    private mutating func pointwise(_ values: String, _ name: String, _ weights: [Float], _ bias: [Float], inputs: Int) -> String {
        let weight = writer.constant(name + "/weight", weights, shape: [bias.count, inputs, 1, 1])
        return writer.node("Conv", [values, weight, writer.constant(name + "/bias", bias, shape: [bias.count])], name + "/values")
    }
}
