import ESegNetwork

/// The real weights and bias of a convolution, dense or depthwise, as one row of taps per output channel.
struct LinearLayer {
    var weights: [Double]
    var bias: [Double]
    /// Mean and mean square of what each weight is multiplied with; repeated for all weights.
    var inputMeans: [Double] = [0]
    var inputPowers: [Double] = [1]

    var taps: Int { bias.isEmpty ? 0 : weights.count / bias.count }

    func row(_ channel: Int) -> ArraySlice<Double> { weights[channel * taps..<(channel + 1) * taps] }

    /// The same function of 8-bit pixels, whose rows end with [.., red, green, blue] taps.
    func readingPixels(mean: [Float], std: [Float]) -> LinearLayer {
        var folded = self
        for channel in bias.indices {
            for tap in 0..<taps {
                let at = channel * taps + tap, color = tap % 3
                folded.weights[at] = weights[at] / (255 * Double(std[color]))
                folded.bias[channel] -= weights[at] * Double(mean[color]) / Double(std[color])
            }
        }
        return folded
    }

    /// The greatest magnitude of any output for inputs of 255 steps.
    func reach(inputStep: Double) -> Double {
        bias.indices.map { abs(bias[$0]) + 255 * inputStep * row($0).reduce(0) { $0 + abs($1) } }.max() ?? 0
    }

    /// The least step in which any output is an int32, with room for the fraction bits of a residual sum.
    func leastStep(inputStep: Double) -> Double { reach(inputStep: inputStep) / Double(1 << 28) }

    /// Power that rounding the weights to int8 adds to the output, relative to the output's, as if inputs were uncorrelated.
    func int8NoiseToSignal() -> Double {
        var noise = 0.0, signal = 0.0
        for channel in bias.indices {
            let step = row(channel).reduce(0) { max($0, abs($1)) } / 127
            guard step > 0 else { continue }
            for (tap, weight) in row(channel).enumerated() {
                let error = weight - (weight / step).rounded(.toNearestOrEven) * step, power = inputPowers[(channel * taps + tap) % inputPowers.count]
                noise += error * error * power
                signal += weight * weight * power
            }
        }
        return signal > 0 ? noise / signal : 0
    }

    /// What a channel's mean output loses by weights that are multiples of `scale`.
    func meanLost(_ channel: Int, _ rounded: [Double], _ scale: Double) -> Double {
        let row = row(channel)
        return zip(row.indices, rounded).reduce(0) { sum, tap in
            sum + (row[tap.0] - tap.1 * scale) * inputMeans[tap.0 % inputMeans.count]
        }
    }

    /// Of accumulators: below it a channel counts as dead.
    static let leastMultiplier = 1 / Double(1 << 31)
}

/// A layer's integer weights and bias; one scale per output channel.
struct QuantizedLinearLayer {
    private(set) var weights: QuantizedWeights
    private(set) var bias: [Int32] = []
    /// Real value of one unit of each channel's accumulator.
    private(set) var steps: [Double] = []

    /// Rounds each channel as finely as 8 or 16 bits and an int32 accumulator allow.
    ///
    /// - correctsBias: the bias makes up for what the weights' rounding adds to the output's mean.
    /// - stepAtLeast: of the accumulators, so that multipliers stay normal floats where a channel is dead.
    init(_ layer: LinearLayer, inputStep: Double, wide: Bool, stepAtLeast: Double, correctsBias: Bool = true) {
        let limit = wide ? 32639.0 : 127.0
        let room = Double(Int32.max) - 256 * Double(layer.taps + 1)
        var codes: [Double] = []
        codes.reserveCapacity(layer.weights.count)
        for channel in layer.bias.indices {
            let row = layer.row(channel)
            let greatest = row.reduce(0) { max($0, abs($1)) }, sum = row.reduce(0) { $0 + abs($1) }
            let accumulatorStep = max(
                greatest * inputStep / limit, (abs(layer.bias[channel]) + 255 * inputStep * sum) / room, stepAtLeast)
            let scale = accumulatorStep / inputStep
            let rounded = row.map { max(-limit, min(limit, ($0 / scale).rounded(.toNearestOrEven))) }
            let correction = correctsBias ? layer.meanLost(channel, rounded, scale) : 0
            codes += rounded
            bias.append(Int32(rounding: (layer.bias[channel] + correction) / accumulatorStep))
            steps.append(accumulatorStep)
        }
        weights = wide ? .int16(codes.map { Int16(rounding: $0) }) : .int8(codes.map { Int8(rounding: $0) })
    }

    /// Accumulators in units of `step`.
    func multipliers(step: Double) -> [Float] { steps.map { Float($0 / step) } }
}
