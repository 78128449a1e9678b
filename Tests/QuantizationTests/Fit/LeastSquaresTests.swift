import TestSupport
import Testing

@testable import Quantization

/// Correlated inputs, weights, and the outputs that they give.
private struct Sample {
    let taps: Int
    let channels: Int
    var inputs: [Float] = []
    var weights: [Double]
    var bias: [Double]

    init(count: Int, taps: Int, channels: Int, seed: UInt64) {
        var random = SplitMix(seed: seed)
        (self.taps, self.channels) = (taps, channels)
        weights = (0..<taps * channels).map { _ in random.gaussian() }
        bias = (0..<channels).map { _ in random.gaussian() }
        for _ in 0..<count {
            let common = 40 * random.gaussian()
            inputs += (0..<taps).map { Float((common + 10 * random.gaussian() + Double($0)).rounded()) }
        }
    }

    /// [samples][channels].
    func outputs(_ weights: [Double], _ bias: [Double]) -> [Float] {
        var outputs: [Float] = []
        for sample in 0..<inputs.count / taps {
            for channel in 0..<channels {
                var sum = bias[channel]
                for tap in 0..<taps { sum += weights[channel * taps + tap] * Double(inputs[sample * taps + tap]) }
                outputs.append(Float(sum))
            }
        }
        return outputs
    }

    func error(_ codes: [Int16], _ steps: [Double], _ targets: [Float], bias: (Int, ArraySlice<Int16>) -> Double) -> Double {
        let real = codes.indices.map { Double(codes[$0]) * steps[$0 / taps] }
        let biases = (0..<channels).map { bias($0, codes[$0 * taps..<($0 + 1) * taps]) }
        return zip(outputs(real, biases), targets).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    }
}

private let unbounded = (lower: -Float.infinity, upper: Float.infinity)

@Suite("Least squares")
struct LeastSquaresTests {
    @Test("find the weights that made the targets", arguments: [1, 3, 17, 40])
    func recovery(taps: Int) throws {
        let sample = Sample(count: 400, taps: taps, channels: 19, seed: 1)
        let start = sample.weights.map { $0 + 0.1 }
        let samples = LayerSamples(inputs: sample.inputs, targets: sample.outputs(sample.weights, sample.bias), bounds: unbounded)
        let fit = try #require(DenseFit(samples, weights: start, bias: sample.bias, damping: 1e-6, threads: 2))
        for (found, expected) in zip(fit.fittedWeights, sample.weights) { #expect(abs(found - expected) < 2e-3) }
    }

    @Test("round weights together better than each by itself", arguments: [2, 9, 33])
    func rounding(taps: Int) throws {
        let sample = Sample(count: 300, taps: taps, channels: 21, seed: 2)
        let targets = sample.outputs(sample.weights, sample.bias)
        let samples = LayerSamples(inputs: sample.inputs, targets: targets, bounds: unbounded)
        let fit = try #require(DenseFit(samples, weights: sample.weights, bias: sample.bias, damping: 1e-4, threads: 1))
        let steps = [Double](repeating: 0.2, count: 21)
        let together = try #require(fit.codes(steps: steps, limit: 127, sweeps: 1))
        let nearest = sample.weights.map { Int16(($0 / 0.2).rounded()) }
        let plan = try #require(FittingPlan(QuantizationOptions()))
        let bias = { (channel: Int, codes: ArraySlice<Int16>) in
            WeightFit(solution: .dense(fit), plan: plan).bias(of: channel, codes: codes, step: 0.2) ?? 0
        }
        let (best, plain) = (sample.error(together, steps, targets, bias: bias), sample.error(nearest, steps, targets, bias: bias))
        #expect(best < (taps > 2 ? 0.8 : 1) * plain)
        #expect(try #require(fit.codes(steps: steps, limit: 3, sweeps: 2)).allSatisfy { abs($0) <= 3 })
    }

    @Test("do not depend on the count of threads")
    func threads() throws {
        let sample = Sample(count: 900, taps: 65, channels: 37, seed: 3)
        let samples = LayerSamples(inputs: sample.inputs, targets: sample.outputs(sample.weights, sample.bias), bounds: (0, 40))
        let fits = try [1, 3].map { try #require(DenseFit(samples, weights: sample.weights, bias: sample.bias, damping: 0.1, threads: $0)) }
        #expect(fits[0].fittedWeights == fits[1].fittedWeights)
        let steps = [Double](repeating: 0.03, count: 37)
        #expect(fits[0].codes(steps: steps, limit: 127, sweeps: 2) == fits[1].codes(steps: steps, limit: 127, sweeps: 2))
    }

    @Test("leave constant inputs alone")
    func constant() {
        let samples = LayerSamples(inputs: [Float](repeating: 3, count: 50), targets: [Float](repeating: 1, count: 10), bounds: unbounded)
        #expect(DenseFit(samples, weights: [1, 2, 3, 4, 5], bias: [0], damping: 1, threads: 1) == nil)
    }

    @Test("do not mind what an activation cuts off")
    func bounds() throws {
        let sample = Sample(count: 400, taps: 4, channels: 5, seed: 4)
        // Targets that are wrong below zero, but below zero.
        let targets = sample.outputs(sample.weights, sample.bias).map { $0 < 0 ? 3 * $0 : $0 }
        let samples = LayerSamples(inputs: sample.inputs, targets: targets, bounds: (0, .infinity))
        let fit = try #require(DenseFit(samples, weights: sample.weights, bias: sample.bias, damping: 1e-6, threads: 1))
        for (found, expected) in zip(fit.fittedWeights, sample.weights) { #expect(abs(found - expected) < 2e-3) }
    }

    @Test("serve each channel of a depthwise convolution", arguments: [9, 25])
    func depthwise(taps: Int) throws {
        let channels = 21, count = 300
        var random = SplitMix(seed: 5)
        let weights = (0..<channels * taps).map { _ in random.gaussian() }
        var fit = DepthwiseFit(weights: weights.map { $0 + 0.05 }, taps: taps, threads: 2)
        let maps = (0..<count * taps * channels).map { _ in Float((30 * random.gaussian()).rounded()) }
        var targets: [Float] = []
        for sample in 0..<count {
            for channel in 0..<channels {
                var sum = 0.5
                for tap in 0..<taps { sum += weights[channel * taps + tap] * Double(maps[(sample * taps + tap) * channels + channel]) }
                targets.append(Float(sum))
            }
        }
        for first in stride(from: 0, to: channels, by: DepthwiseFit.group) {
            let group = first..<min(channels, first + DepthwiseFit.group)
            var inputs: [Float] = []
            for row in 0..<count * taps { inputs += maps[row * channels + group.lowerBound..<row * channels + group.upperBound] }
            let samples = LayerSamples(inputs: inputs, targets: targets, bounds: unbounded)
            fit.fit(from: first, samples, bias: Array(repeating: 0.5, count: channels), damping: 1e-6)
        }
        for (found, expected) in zip(fit.fittedWeights, weights) { #expect(abs(found - expected) < 2e-3) }
        let codes = try #require(fit.codes(steps: Array(repeating: 0.05, count: channels), limit: 127, sweeps: 1))
        for (code, expected) in zip(codes, weights) { #expect(abs(Double(code) * 0.05 - expected) < 0.1) }
    }
}
