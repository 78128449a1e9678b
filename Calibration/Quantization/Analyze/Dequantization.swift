import ESegNetwork

extension QuantizedNetwork {
    /// The real weights and biases that the integers of convolutions and depthwise convolutions stand for, as parameters of `float`, of which
    /// this is the int8 version; its other parameters are as they were.
    func dequantized(_ float: FloatNetwork) -> FloatNetwork {
        var network = float
        for (index, node) in graph.nodes.enumerated() {
            guard let layer = layers[index].convolution, let weight = float.parameters[node.name + ".weight"],
                let oldBias = float.parameters[node.name + ".bias"]
            else { continue }
            let units = unitsOfAccumulator(index), input = node.inputs[0] == 0 ? 1 : Double(outputs[node.inputs[0]].scale)
            let taps = weight.values.count / max(1, units.count)
            var values = layer.weights.reals
            for at in values.indices { values[at] *= units[at / taps] / input }
            var bias = zip(layer.bias, units).map { Double($0) * $1 }
            if node.inputs[0] == 0 { undoPixels(&values, &bias, taps: taps, float.description) }
            network.parameters[node.name + ".weight"] = FloatTensor(shape: weight.shape, values: values.map { Float($0) })
            network.parameters[node.name + ".bias"] = FloatTensor(shape: oldBias.shape, values: bias.map { Float($0) })
        }
        return network
    }

    /// Turns weights of pixel codes back into those of normalized pixels.
    private func undoPixels(_ weights: inout [Double], _ bias: inout [Double], taps: Int, _ description: NetworkDescription) {
        for at in weights.indices {
            let color = at % 3
            bias[at / taps] += weights[at] * 255 * Double(description.mean[color])
            weights[at] *= 255 * Double(description.std[color])
        }
    }
}

extension QuantizedWeights {
    fileprivate var reals: [Double] {
        switch self {
        case .int8(let values): values.map { Double($0) }
        case .int16(let values): values.map { Double($0) }
        }
    }
}

extension Quantization {
    /// Rounds values to what codes can say.
    func round(_ values: UnsafeMutableBufferPointer<Float>) {
        let (lower, upper): (Float, Float) =
            precision == .int16 ? (-32768, 32767) : (-Float(zeroPoint), 255 - Float(zeroPoint))
        let inverse = 1 / scale
        for index in values.indices {
            values[index] = min(upper, max(lower, (values[index] * inverse).rounded(.toNearestOrEven))) * scale
        }
    }
}
