import ESegNetwork

extension NetworkQuantization {
    func convolution(_ layer: Convolution, _ node: Node, _ index: Int) throws -> (Quantization, QuantizedLayer) {
        var linear = try linearLayer(node, channels: layer.outputChannels, taps: layer.slides.taps * layer.inputChannels)
        let readsImage = network.graph.nodes[node.inputs[0]].operation.codes == .pixels
        if readsImage {
            linear = linear.readingPixels(mean: network.description.mean, std: network.description.std)
        } else {
            let input = statistics.nodes[node.inputs[0]], pixels = layer.slides.taps
            linear.inputMeans = repeatElement(input.channelMeans, count: pixels).flatMap { $0 }
            linear.inputPowers = repeatElement(input.channelPowers, count: pixels).flatMap { $0 }
        }
        let int16Weights = readsImage || isInt16(index) || options.int16Weights.includes(node, linear)
        linear = try fitted(linear, index, layer.activation)
        let (output, convolution) = try convolution(linear, layer, Place(node: node, index: index, int16Weights: int16Weights))
        return (output, .convolution(convolution))
    }

    private func convolution(
        _ linear: LinearLayer, _ layer: Convolution, _ place: Place
    ) throws(CalibrationError) -> (Quantization, QuantizedConvolution) {
        if place.index == network.graph.nodes.count - 1, layer.activation == .none, !layer.residual { return logits(linear, place) }
        if layer.residual { return try residualConvolution(linear, layer, place) }
        return try activatedConvolution(linear, layer.activation, place)
    }

    func depthwise(_ layer: Depthwise, _ node: Node, _ index: Int) throws -> (Quantization, QuantizedLayer) {
        let taps = layer.slides.taps
        var linear = try linearLayer(node, channels: layer.channels, taps: taps)
        linear.inputMeans = statistics.nodes[node.inputs[0]].channelMeans.flatMap { Array(repeating: $0, count: taps) }
        linear = try fitted(linear, index, layer.activation)
        let (output, convolution) = try activatedConvolution(
            linear, layer.activation, Place(node: node, index: index, int16Weights: isInt16(index)))
        return (output, .depthwise(convolution))
    }

    /// The layer with weights fitted to frames, if there are any.
    private func fitted(_ layer: LinearLayer, _ index: Int, _ activation: Activation) throws -> LinearLayer {
        let input = outputs[network.graph.nodes[index].inputs[0]].step
        return try fitter?.fitted(layer, index, inputStep: input, range: range(of: index, activation)) ?? layer
    }

    /// A convolution's place in the graph, and the width of its weights.
    private struct Place {
        let node: Node
        let index: Int
        let int16Weights: Bool
    }

    private func linearLayer(_ node: Node, channels: Int, taps: Int) throws(CalibrationError) -> LinearLayer {
        let linear = LinearLayer(
            weights: try parameter(node.name + ".weight", count: channels * taps).map { Double($0) },
            bias: try parameter(node.name + ".bias", count: channels).map { Double($0) })
        guard linear.isSummable(outputs[node.inputs[0]].precision) else {
            throw .unsupported(node: node.name, operation: "a sum over \(taps) int16 activations")
        }
        return linear
    }

    private func inputStep(_ place: Place) -> Double { outputs[place.node.inputs[0]].step }
    private func precision(_ place: Place) -> Precision { outputs[place.node.inputs[0]].precision }

    private func activatedConvolution(
        _ linear: LinearLayer, _ activation: Activation, _ place: Place
    ) throws(CalibrationError) -> (Quantization, QuantizedConvolution) {
        let least = max(linear.leastStep(inputStep: inputStep(place), precision(place)), leastStep(of: place.index))
        if let curved = CurvedActivation(activation), !isInt16(place.index) {
            let activated = QuantizedActivation(
                curved, range: range(of: place.index, activation), leastPreactivation: leastPreactivation(of: place.index),
                inputStepAtLeast: least)
            let convolution = quantized(linear, place, step: Double(activated.curve.inputScale), curve: activated.curve)
            return (activated.output, convolution)
        }
        let output = output(of: place.index, activation, stepAtLeast: least)
        var convolution = quantized(linear, place, step: activation.isInReals ? 1 : output.step)
        if activation == .prelu { convolution.slope = try parameter(place.node.name + ".slope", count: linear.bias.count) }
        return (output, convolution)
    }

    private func logits(_ linear: LinearLayer, _ place: Place) -> (Quantization, QuantizedConvolution) {
        let range = statistics.nodes[place.index].wholeRange(.none)
        let output = Quantization(coveringAllOf: range, stepAtLeast: linear.leastStep(inputStep: inputStep(place), precision(place)))
        return (output, quantized(linear, place, step: output.step))
    }

    private func residualConvolution(
        _ linear: LinearLayer, _ layer: Convolution, _ place: Place
    ) throws(CalibrationError) -> (Quantization, QuantizedConvolution) {
        let activation = layer.activation
        guard activation == .none || activation == .relu else {
            throw .unsupported(node: place.node.name, operation: "\(activation.rawValue) before a residual sum")
        }
        let residual = outputs[place.node.inputs[1]], added = residual.step
        let reach = linear.reach(inputStep: inputStep(place), precision(place))
        let least = linear.leastStep(inputStep: inputStep(place), precision(place))
        let output = output(of: place.index, layer.sumActivation, stepAtLeast: max(least, added / 8192))
        if isInt16(place.index) {
            let shift = greatestShift(atMost: 14, factor: added / output.step, sum: 0)
            let term = ResidualTerm(added / output.step, shift: shift, relu: activation == .relu)
            return (output, quantized(linear, place, step: output.step, residual: term))
        }
        let greatestSum = reach / output.step + residual.reach / output.step + 1
        let shift = greatestShift(atMost: 13, factor: added / output.step, sum: greatestSum)
        let part = Double(1 << shift)
        let term = ResidualTerm(added / output.step, shift: shift, relu: activation == .relu)
        return (output, quantized(linear, place, step: output.step / part, residual: term))
    }

    private func quantized(
        _ linear: LinearLayer, _ place: Place, step: Double, curve: ActivationCurve? = nil, residual: ResidualTerm? = nil
    ) -> QuantizedConvolution {
        let integer = QuantizedLinearLayer(
            linear, inputStep: inputStep(place), precision(place), int16Weights: place.int16Weights,
            stepAtLeast: step * LinearLayer.leastMultiplier,
            correctsBias: options.techniques.contains(.biasCorrection))
        return QuantizedConvolution(
            weights: integer.weights, bias: integer.bias, multiplier: integer.multipliers(step: step), curve: curve, residual: residual)
    }
}

extension ResidualTerm {
    fileprivate init(_ factor: Double, shift: Int, relu: Bool) {
        self.init(multiplier: max(1, Int16(rounding: factor * Double(1 << shift))), shift: shift, relu: relu)
    }
}

/// The greatest shift for which `factor` · 2^shift fits int16 and `sum` · 2^shift stays within 2^30; at least 1.
func greatestShift(atMost limit: Int, factor: Double, sum: Double) -> Int {
    var shift = limit
    while shift > 1, factor * Double(1 << shift) > 32767 || sum * Double(1 << shift) > 0x1p30 { shift -= 1 }
    return shift
}
