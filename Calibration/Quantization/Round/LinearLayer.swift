import ESegNetwork
import Kernels

/// The real weights and bias of a convolution, dense or depthwise, as one row of taps per output channel.
struct LinearLayer {
    var weights: [Double]
    var bias: [Double]
    /// Mean and mean square of what each weight is multiplied with: one row for all output channels or, where depthwise, one for each.
    var inputMeans: [Double]
    var inputPowers: [Double]
    /// How its weights were fitted to frames and are to be rounded; nil: each by itself.
    var fit: WeightFit?

    init(weights: [Double], bias: [Double]) {
        self.weights = weights
        self.bias = bias
        let taps = bias.isEmpty ? 0 : weights.count / bias.count
        inputMeans = Array(repeating: 0, count: taps)
        inputPowers = Array(repeating: 1, count: taps)
    }

    var taps: Int { bias.isEmpty ? 0 : weights.count / bias.count }

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

    /// The greatest magnitude of any output.
    func reach(inputStep: Double, _ input: Precision = .uint8) -> Double {
        bias.indices.map { abs(bias[$0]) + input.reach * inputStep * magnitudes(of: $0).sum }.max() ?? 0
    }

    /// The least step in which any output is an int32, with room for the fraction bits of a residual sum.
    func leastStep(inputStep: Double, _ input: Precision = .uint8) -> Double { reach(inputStep: inputStep, input) / Double(1 << 28) }

    /// Whether an int32 can hold the rounding of all taps.
    func isSummable(_ input: Precision) -> Bool { (input.reach + 1) * Double(taps + 1) < Double(1 << 30) }

    /// Power that rounding the weights to int8 adds to the output, relative to the output's, as if inputs were uncorrelated.
    func int8NoiseToSignal() -> Double {
        var noise = 0.0, signal = 0.0
        for channel in bias.indices {
            let greatest = magnitudes(of: channel).greatest
            guard greatest > 0 else { continue }
            let effect = rounded(channel, scale: greatest / 127, limit: 127).effect
            noise += effect.noise
            signal += effect.signal
        }
        return signal > 0 ? noise / signal : 0
    }

    func magnitudes(of channel: Int) -> (greatest: Double, sum: Double) {
        var greatest = 0.0, sum = 0.0
        row(of: weights, channel) { eseg_weight_magnitudes($0, taps, &greatest, &sum) }
        return (greatest, sum)
    }

    /// A channel's weights as multiples of `scale` within ±`limit`.
    func rounded(_ channel: Int, scale: Double, limit: Double) -> (codes: [Int16], effect: eseg_rounding_effect) {
        var effect = eseg_rounding_effect()
        let codes = [Int16](unsafeUninitializedCapacity: taps) { codes, count in
            row(of: weights, channel) { weights in
                row(of: inputMeans, channel) { means in
                    row(of: inputPowers, channel) { powers in
                        effect = eseg_round_weights(weights, taps, scale, limit, means, powers, codes.baseAddress)
                    }
                }
            }
            count = taps
        }
        return (codes, effect)
    }

    /// All channels' weights and biases in units of their accumulators' `steps`.
    func rounded(steps: [Double], inputStep: Double, limit: Double, correctsBias: Bool) -> (codes: [Int16], bias: [Int32]) {
        var codes = fit?.codes(steps: steps, limit: limit) ?? []
        var bias: [Int32] = []
        for (channel, step) in steps.enumerated() {
            var real = self.bias[channel]
            if codes.count < (channel + 1) * taps {
                let rounded = rounded(channel, scale: step / inputStep, limit: limit)
                codes += rounded.codes
                if correctsBias { real += rounded.effect.mean }
            }
            real = fit?.bias(of: channel, codes: codes[channel * taps..<(channel + 1) * taps], step: step) ?? real
            bias.append(Int32(rounding: real / step))
        }
        return (codes, bias)
    }

    /// `values` has a row for every channel, or one for all.
    private func row(of values: [Double], _ channel: Int, _ body: (UnsafePointer<Double>) -> Void) {
        values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress, values.count >= taps else { return }
            body(start + channel * taps % values.count)
        }
    }

    /// The least multiplier of accumulators: below it a channel counts as dead.
    static let leastMultiplier = 1 / Double(1 << 31)
}

/// A layer's integer weights and bias; one scale per output channel.
struct QuantizedLinearLayer {
    let weights: QuantizedWeights
    let bias: [Int32]
    /// Real value of one unit of each channel's accumulator.
    let steps: [Double]

    /// Rounds each channel as finely as 8 or 16 bits and an int32 accumulator allow.
    ///
    /// - correctsBias: the bias makes up for what the weights' rounding adds to the output's mean.
    /// - stepAtLeast: of the accumulators, so that multipliers stay normal floats where a channel is dead.
    init(
        _ layer: LinearLayer, inputStep: Double, _ input: Precision = .uint8, int16Weights: Bool, stepAtLeast: Double,
        correctsBias: Bool
    ) {
        let limit = int16Weights ? 32639.0 : 127.0
        let room =
            (Double(Int32.max) - (input.reach + 1) * Double(layer.taps + 1)) * (layer.fit == nil ? 1 : QuantizedLinearLayer.fittedRoom)
        let steps = layer.bias.indices.map { channel in
            let (greatest, sum) = layer.magnitudes(of: channel)
            return max(greatest * inputStep / limit, (abs(layer.bias[channel]) + input.reach * inputStep * sum) / room, stepAtLeast)
        }
        let (codes, bias) = layer.rounded(steps: steps, inputStep: inputStep, limit: limit, correctsBias: correctsBias)
        (self.bias, self.steps) = (bias, steps)
        weights = int16Weights ? .int16(codes) : .int8(codes.map { Int8(truncatingIfNeeded: $0) })
    }

    /// The share of the accumulator's range for weights that are rounded together, whose sum can grow.
    private static let fittedRoom = 0.9

    /// Accumulators in units of `step`.
    func multipliers(step: Double) -> [Float] { steps.map { Float($0 / step) } }
}
