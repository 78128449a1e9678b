import ESegNetwork

extension NetworkQuantization {
    func fusion(_ fusion: Fusion, _ node: Node, _ index: Int) throws(CalibrationError) -> (Quantization, QuantizedLayer) {
        let weights = try parameter(node.name + ".weights", count: node.inputs.count)
        let parts = zip(weights, node.inputs).map { weight, input in
            Array(repeating: Double(weight) * outputs[input].step, count: fusion.channels)
        }
        if isWide(index) { return wideSum(parts, fusion.activation, node, index) }
        let (output, sum) = weightedSum(parts, fusion.activation, index)
        return (output, .fusion(sum))
    }

    func pyramidSum(
        _ levels: Int, _ channels: Int, _ node: Node, _ index: Int
    ) throws(CalibrationError) -> (Quantization, QuantizedLayer) {
        let weights = try parameter(node.name + ".weights", count: levels * channels)
        let parts = node.inputs.enumerated().map { level, input in
            weights[level * channels..<(level + 1) * channels].map { Double($0) * outputs[input].step }
        }
        if isWide(index) { return wideSum(parts, .none, node, index) }
        let (output, sum) = weightedSum(parts, .none, index)
        return (output, .pyramidSum(sum))
    }

    /// - parts: per input and channel, the real value of one step of the input in the sum.
    private func weightedSum(_ parts: [[Double]], _ activation: Activation, _ index: Int) -> (Quantization, QuantizedFusion) {
        let greatest = parts.joined().reduce(0) { max($0, abs($1)) }
        let sum = 255 * parts.reduce(0) { $0 + ($1.map(abs).max() ?? 0) }
        let least = max(greatest / 8192, sum / Double(1 << 28))
        if let curved = CurvedActivation(activation) {
            let activated = QuantizedActivation(
                curved, range: range(of: index, activation), leastPreactivation: leastPreactivation(of: index), inputStepAtLeast: least)
            let step = Double(activated.curve.inputScale)
            return (activated.output, quantizedSum(parts, greatest, sum, step: step, curve: activated.curve))
        }
        let output = output(of: index, activation, stepAtLeast: least)
        return (output, quantizedSum(parts, greatest, sum, step: output.step))
    }

    private func wideSum(_ parts: [[Double]], _ activation: Activation, _ node: Node, _ index: Int) -> (Quantization, QuantizedLayer) {
        let reach = zip(parts, node.inputs).reduce(0) { $0 + ($1.0.map(abs).max() ?? 0) * outputs[$1.1].precision.reach }
        let output = output(of: index, activation, stepAtLeast: reach / Double(1 << 28))
        let step = activation.isCurved ? 1 : output.step
        return (output, .wideSum(WideSum(multipliers: parts.map { $0.map { Float($0 / step) } })))
    }

    private func quantizedSum(
        _ parts: [[Double]], _ greatest: Double, _ sum: Double, step: Double, curve: SiLUCurve? = nil
    ) -> QuantizedFusion {
        let shift = greatestShift(atMost: 24, factor: greatest / step, sum: sum / step + 255 * Double(parts.count) + 1)
        let unit = step / Double(1 << shift)
        return QuantizedFusion(multipliers: parts.map { $0.map { Int16(rounding: $0 / unit) } }, shift: shift, curve: curve)
    }

    func squeezeExcite(
        _ channels: Int, _ squeezed: Int, _ node: Node, _ index: Int
    ) throws(CalibrationError) -> (Quantization, QuantizedLayer) {
        let input = outputs[node.inputs[0]].step
        let greatestRatio = isWide(index) ? 32767 : 3.999
        let output = output(of: index, .none, stepAtLeast: input / greatestRatio)
        let layer = QuantizedSqueezeExcite(
            reduceWeights: try parameter(node.name + ".reduce.weight", count: squeezed * channels),
            reduceBias: try parameter(node.name + ".reduce.bias", count: squeezed),
            expandWeights: try parameter(node.name + ".expand.weight", count: channels * squeezed),
            expandBias: try parameter(node.name + ".expand.bias", count: channels))
        return (output, .squeezeExcite(layer))
    }
}
