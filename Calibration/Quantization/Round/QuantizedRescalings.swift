import ESegNetwork

extension NetworkQuantization {
    /// An operator on codes that one multiplier scales.
    ///
    /// - Parameters:
    ///   - inputStep: the real value of one unit of what it computes.
    ///   - reach: the greatest magnitude of that in real numbers.
    func rescaled(_ activation: Activation, inputStep: Double, reach: Double, _ index: Int) -> (Quantization, QuantizedLayer) {
        let output = output(of: index, activation, stepAtLeast: reach * 1.1 / Double(1 << 28))
        return (output, .rescaled(QuantizedRescaling(multiplier: output.multiplier(from: inputStep))))
    }
}
