import ESegNetwork

extension NetworkQuantization {
    func weightedSum(_ sum: WeightedSum, _ node: Node, _ index: Int) throws(CalibrationError) -> (Quantization, QuantizedLayer) {
        let channels = sum.channels, weights = try parameter(node.name + ".weights", count: sum.inputs * channels)
        let parts = node.inputs.enumerated().map { term, input in
            weights[term * channels..<(term + 1) * channels].map { Double($0) * outputs[input].step }
        }
        if isInt16(index) { return int16Sum(parts, sum.activation, node, index) }
        let (output, layer) = weightedSum(parts, sum.activation, index)
        return (output, .sum(layer))
    }

    /// - parts: per input and channel, the real value of one step of the input in the sum.
    private func weightedSum(_ parts: [[Double]], _ activation: Activation, _ index: Int) -> (Quantization, QuantizedSum) {
        let greatest = parts.joined().reduce(0) { max($0, abs($1)) }
        let sum = 255 * parts.reduce(0) { $0 + ($1.map(abs).max() ?? 0) }
        let least = max(greatest / 8192, sum / Double(1 << 28), leastStep(of: index))
        if let curved = CurvedActivation(activation) {
            let activated = QuantizedActivation(
                curved, range: range(of: index, activation), leastPreactivation: leastPreactivation(of: index), inputStepAtLeast: least)
            let step = Double(activated.curve.inputScale)
            return (activated.output, quantizedSum(parts, greatest, sum, step: step, curve: activated.curve))
        }
        let output = output(of: index, activation, stepAtLeast: least)
        return (output, quantizedSum(parts, greatest, sum, step: output.step))
    }

    private func int16Sum(_ parts: [[Double]], _ activation: Activation, _ node: Node, _ index: Int) -> (Quantization, QuantizedLayer) {
        let reach = zip(parts, node.inputs).reduce(0) { $0 + ($1.0.map(abs).max() ?? 0) * outputs[$1.1].precision.reach }
        let output = output(of: index, activation, stepAtLeast: reach / Double(1 << 28))
        let step = activation.isInReals ? 1 : output.step
        return (output, .int16Sum(Int16Sum(multipliers: parts.map { $0.map { Float($0 / step) } })))
    }

    private func quantizedSum(
        _ parts: [[Double]], _ greatest: Double, _ sum: Double, step: Double, curve: ActivationCurve? = nil
    ) -> QuantizedSum {
        let shift = greatestShift(atMost: 24, factor: greatest / step, sum: sum / step + 255 * Double(parts.count) + 1)
        let unit = step / Double(1 << shift)
        return QuantizedSum(multipliers: parts.map { $0.map { Int16(rounding: $0 / unit) } }, shift: shift, curve: curve)
    }

    func gate(_ gate: Gate, _ node: Node, _ index: Int) throws(CalibrationError) -> (Quantization, QuantizedLayer) {
        let (channels, squeezed) = (gate.channels, gate.squeezed)
        let input = outputs[node.inputs[0]].step
        let greatestRatio = isInt16(index) ? 32767 : 3.999
        let output = output(of: index, .none, stepAtLeast: input / greatestRatio)
        let layer = QuantizedGate(
            reduceWeights: try parameter(node.name + ".reduce.weight", count: squeezed * channels),
            reduceBias: try parameter(node.name + ".reduce.bias", count: squeezed),
            expandWeights: try parameter(node.name + ".expand.weight", count: channels * squeezed),
            expandBias: try parameter(node.name + ".expand.bias", count: channels))
        return (output, .gate(layer))
    }
}
