import ESegNetwork

/// What weighted sums of both arithmetics have in common.
protocol ExportedSum {
    var curve: SiLUCurve? { get }

    /// Of each channel of an input: steps of what is rounded for each of its codes.
    func weights(of input: Int) -> [Double]
}

extension QuantizedFusion: ExportedSum {
    func weights(of input: Int) -> [Double] { multipliers[input].map { Double($0) / Double(1 << shift) } }
}

extension WideSum: ExportedSum {
    var curve: SiLUCurve? { nil }

    func weights(of input: Int) -> [Double] { multipliers[input].map { Double($0) } }
}

extension QDQExport {
    mutating func fusion(_ operation: Fusion, _ layer: some ExportedSum, _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index]
        var sum: String?
        for (i, resampling) in operation.resampling.enumerated() {
            var values = outputs[node.inputs[i]]
            switch resampling {
            case .same: break
            case .up: values = upsampled(values, toSizeOf: node.inputs[0], "\(node.name)/up.\(i)")
            case .down: values = maxPool(values, "\(node.name)/down.\(i)")
            }
            let product = writer.node("Mul", [values, try weights(layer, i, index)], "\(node.name)/product.\(i)")
            sum = sum.map { writer.node("Add", [$0, product], "\(node.name)/sum.\(i)") } ?? product
        }
        guard let sum else { throw error(node, "inputs", "none", "two or three") }
        return quantized(sum, curve: layer.curve, index)
    }

    mutating func pyramidSum(_ layer: some ExportedSum, _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index]
        var sum: String?
        for (i, input) in node.inputs.enumerated().reversed() {
            let product = writer.node("Mul", [outputs[input], try weights(layer, i, index)], "\(node.name)/product.\(i)")
            guard let coarser = sum else {
                sum = product
                continue
            }
            sum = writer.node("Add", [product, upsampled(coarser, toSizeOf: input, "\(node.name)/up.\(i)")], "\(node.name)/sum.\(i)")
        }
        guard let sum else { throw error(node, "inputs", "none", "two or more") }
        return quantized(sum, index)
    }

    /// What one input's multipliers are worth: [1, channels, 1, 1], or a scalar where all channels have the same.
    private mutating func weights(_ layer: some ExportedSum, _ input: Int, _ index: Int) throws(NetworkError) -> String {
        let node = network.graph.nodes[index]
        let step = roundedScale(layer.curve, index) / Double(network.outputs[node.inputs[input]].scale)
        let values = layer.weights(of: input).map { Float($0 * step) }
        guard values.allSatisfy(\.isFinite) else { throw error(node, "input \(input)", "a weight of \(step)", "one that float32 can hold") }
        let name = "\(node.name)/weight.\(input)"
        if let first = values.first, values.allSatisfy({ $0 == first }) { return writer.scalar(name, first) }
        return writer.constant(name, values, shape: [1, values.count, 1, 1])
    }

    /// Nearest neighbour, src = floor(dst · in / out). Both maps have as many channels, so that one's shape is the other's new size.
    private mutating func upsampled(_ values: String, toSizeOf node: Int, _ name: String) -> String {
        let sizes: String
        if let size, let shapes = try? network.graph.shapes(height: size.height, width: size.width) {
            sizes = writer.constant(
                name + "/size", [1, shapes[node].channels, shapes[node].height, shapes[node].width].map(Int64.init), shape: [4])
        } else {
            sizes = writer.node("Shape", [outputs[node]], name + "/size")
        }
        return writer.node(
            "Resize", [values, "", "", sizes], name,
            [
                .string("mode", "nearest"), .string("coordinate_transformation_mode", "asymmetric"), .string("nearest_mode", "floor"),
            ])
    }
}

extension ESegNetwork.Operation {
    /// What acts on the values that are rounded: not what comes before a residual.
    var activation: Activation {
        switch self {
        case .convolution(let layer): layer.residual ? .none : layer.activation
        case .depthwise(let layer): layer.activation
        case .fusion(let fusion): fusion.activation
        case .image, .squeezeExcite, .maxPool, .pyramidSum: .none
        }
    }
}
