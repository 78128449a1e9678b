/// What the integers of a network stand for in real numbers: the one place that says so.
extension QuantizedNetwork {
    /// The real value of one unit of what a node rounds to its output's codes, or passes through a curve before that.
    ///
    /// That is a step of the output, of the curve's input where there is a curve, or 1 where int16 arithmetic applies a curve in real numbers.
    package func unitOfRounded(_ node: Int) -> Double {
        if isInt16(node) { return graph.nodes[node].operation.outputActivation.isInReals ? 1 : Double(outputs[node].scale) }
        return Double(layers[node].curve?.inputScale ?? outputs[node].scale)
    }

    /// The real value of one unit of each channel's accumulator; empty for a node that is not a convolution, dense or depthwise.
    ///
    /// An 8-bit sum with a residual is rounded at 2^−shift of the output's step.
    package func unitsOfAccumulator(_ node: Int) -> [Double] {
        guard let layer = layers[node].convolution else { return [] }
        var unit = unitOfRounded(node)
        if let residual = layer.residual, !isInt16(node) { unit /= Double(1 << residual.shift) }
        return layer.multiplier.map { Double($0) * unit }
    }

    /// The real weights [inputs][channels] of a weighted sum's terms; empty for other nodes.
    package func weightsOfSum(_ node: Int) -> [[Double]] {
        let unit = unitOfRounded(node)
        return zip(graph.nodes[node].inputs, layers[node].described.termFactors).map { input, row in
            row.map { $0 * (unit / Double(outputs[input].scale)) }
        }
    }
}
