import ESegNetwork
import Kernels

/// Least squares for each channel of a depthwise convolution, as `DenseFit`.
struct DepthwiseFit {
    let taps: Int
    private(set) var inputMeans: [Double]
    private(set) var outputMeans: [Double]
    private(set) var fittedWeights: [Double]
    private var grams: [Double]
    private let threads: Int

    /// - weights: [channels][taps], per code.
    init(weights: [Double], taps: Int, threads: Int) {
        let channels = weights.count / max(1, taps)
        self.taps = taps
        self.threads = threads
        fittedWeights = weights
        inputMeans = [Double](repeating: 0, count: weights.count)
        outputMeans = [Double](repeating: 0, count: channels)
        grams = [Double](repeating: 0, count: weights.count * taps)
    }

    /// Channels that are fitted in one call, so that their inputs stay in the cache.
    static let group = 16

    /// Fits channels from `first` on to inputs [samples][taps][channels of the group] and to targets [samples][channels of the layer].
    mutating func fit(from first: Int, _ samples: LayerSamples, bias: [Double], damping: Double) {
        let (inputs, targets) = (samples.inputs, samples.targets)
        let channels = outputMeans.count, width = min(DepthwiseFit.group, channels - first)
        let count = targets.count / channels
        guard width > 0, inputs.count == count * taps * width, count > 1 else { return }
        var weights = Array(fittedWeights[first * taps..<(first + width) * taps])
        var means = [Double](repeating: 0, count: width * taps), grams = [Double](repeating: 0, count: width * taps * taps)
        var errors = [Double](repeating: 0, count: width)
        let before = weights, ownBias = Array(bias[first..<first + width])
        targets.withUnsafeBufferPointer { targets in
            guard let start = targets.baseAddress else { return }
            eseg_fit_depthwise(
                inputs, start + first, channels, count, taps, width, ownBias, Double(samples.bounds.lower), Double(samples.bounds.upper),
                damping, Int32(clamping: threads), &weights, &means, &errors, &grams)
        }
        for channel in 0..<width {
            outputMeans[first + channel] = (0..<taps).reduce(ownBias[channel] + errors[channel]) {
                $0 + before[channel * taps + $1] * means[channel * taps + $1]
            }
        }
        fittedWeights.replaceSubrange(first * taps..<(first + width) * taps, with: weights)
        inputMeans.replaceSubrange(first * taps..<(first + width) * taps, with: means)
        self.grams.replaceSubrange(first * taps * taps..<(first + width) * taps * taps, with: grams)
    }

    func codes(steps: [Double], limit: Double, sweeps: Int) -> [Int16]? {
        var codes = [Int16](repeating: 0, count: fittedWeights.count)
        let done = eseg_fit_round_depthwise(
            grams, fittedWeights, taps, steps.count, steps, limit, Int32(clamping: sweeps), Int32(clamping: threads), &codes)
        return done != 0 ? codes : nil
    }
}
