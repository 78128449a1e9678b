import ESegNetwork
import Kernels

/// What a layer reads and should give at sampled pixels.
struct LayerSamples {
    /// [samples][taps], codes less their zero point.
    var inputs: [Float]
    /// [samples][channels], before the activation.
    var targets: [Float]
    /// Where the activation makes all below, and all above, the same.
    var bounds: (lower: Float, upper: Float)
}

/// Least squares for a dense convolution: the weights that give sampled outputs best, and rounding them by what it does to the output.
///
/// Inputs are codes less their zero point; matrices have their taps in rising order of power, since rounding goes from the last to the first.
struct DenseFit {
    /// Layers with more taps are not fitted: a matrix of their pairs would take more than 128 MB.
    static let mostTaps = 4096

    let taps: Int
    let channels: Int
    /// The mean input of each tap.
    let inputMeans: [Double]
    /// Each channel's mean output.
    let outputMeans: [Double]
    private let order: [Int]
    private let gram: [Double]
    private let lower: [Double]
    /// [taps][channels], in order.
    private let weights: [Double]
    private let threads: Int32

    /// - Parameters:
    ///   - weights: [channels][taps], per code; with the bias, those of the float network.
    ///   - damping: of the mean power of the inputs, how strongly the weights hold to those.
    /// - Returns: nil where the inputs are constant or memory is short.
    init?(_ samples: LayerSamples, weights: [Double], bias: [Double], damping: Double, threads: Int) {
        let taps = weights.count / max(1, bias.count), count = samples.inputs.count / max(1, taps), channels = bias.count
        guard count > 1, channels > 0, samples.targets.count == count * channels else { return nil }
        let threads = Int32(clamping: threads)
        var inputs = samples.inputs, residuals = samples.targets
        let present = (0..<taps).flatMap { tap in (0..<channels).map { Float(weights[$0 * taps + tap]) } }
        eseg_fit_residuals(
            inputs, count, taps, present, bias.map { Float($0) }, channels, samples.bounds.lower, samples.bounds.upper, threads, &residuals)
        var means = [Double](repeating: 0, count: taps), powers = means
        eseg_fit_center(&inputs, count, taps, &means, &powers)
        let order = powers.indices.sorted { (powers[$0], $0) < (powers[$1], $1) }
        eseg_fit_reorder(&inputs, count, taps, order.map { Int32($0) })
        var errors = [Double](repeating: 0, count: channels), errorPowers = errors
        eseg_fit_center(&residuals, count, channels, &errors, &errorPowers)

        let damp = damping * powers.reduce(0, +) / Double(taps)
        guard damp > 0 else { return nil }
        var gram = [Double](repeating: 0, count: taps * taps)
        inputs.withUnsafeBufferPointer { eseg_fit_cross_products($0.baseAddress, taps, $0.baseAddress, taps, count, threads, &gram) }
        for tap in 0..<taps { gram[tap * taps + tap] += damp }
        var best = [Double](repeating: 0, count: taps * channels)
        eseg_fit_cross_products(inputs, taps, residuals, channels, count, threads, &best)
        var lower = gram
        guard eseg_fit_cholesky(&lower, taps, threads) != 0, eseg_fit_solve(lower, taps, &best, channels, threads) != 0 else { return nil }
        for tap in 0..<taps {
            for channel in 0..<channels { best[tap * channels + channel] += weights[channel * taps + order[tap]] }
        }
        outputMeans = bias.indices.map { channel in
            zip(weights[channel * taps..<(channel + 1) * taps], means).reduce(bias[channel] + errors[channel]) { $0 + $1.0 * $1.1 }
        }
        (self.taps, self.channels, self.threads) = (taps, channels, threads)
        (inputMeans, self.order) = (means, order)
        (self.gram, self.lower, self.weights) = (gram, lower, best)
    }

    /// The fitted weights, [channels][taps], per code.
    var fittedWeights: [Double] {
        var rows = [Double](repeating: 0, count: weights.count)
        for tap in 0..<taps {
            for channel in 0..<channels { rows[channel * taps + order[tap]] = weights[tap * channels + channel] }
        }
        return rows
    }

    /// Multiples of each channel's step within ±limit, [channels][taps]; nil if memory is short.
    func codes(steps: [Double], limit: Double, sweeps: Int) -> [Int16]? {
        var codes = [Int16](repeating: 0, count: weights.count)
        guard
            eseg_fit_round_together(gram, lower, taps, weights, channels, steps, limit, Int32(clamping: sweeps), threads, &codes) != 0
        else { return nil }
        var rows = codes
        for channel in 0..<channels {
            for tap in 0..<taps { rows[channel * taps + order[tap]] = codes[channel * taps + tap] }
        }
        return rows
    }
}
