import ESegNetwork
import TestSupport
import Testing

@testable import Quantization

extension LinearLayer {
    fileprivate func row(_ channel: Int) -> ArraySlice<Double> { weights[channel * taps..<(channel + 1) * taps] }
}

extension QuantizedWeights {
    var values: [Int] {
        switch self {
        case .int8(let values): values.map(Int.init)
        case .int16(let values): values.map(Int.init)
        }
    }
}

private func randomLayer(channels: Int, taps: Int, seed: UInt64) -> LinearLayer {
    var random = SplitMix(seed: seed)
    return LinearLayer(
        weights: (0..<channels * taps).map { _ in random.gaussian() }, bias: (0..<channels).map { _ in random.gaussian() * 10 })
}

@Suite("Weights")
struct LinearLayerTests {
    @Test("are within half a step of the real ones, whose greatest takes the whole code", arguments: [false, true])
    func rounding(int16Weights: Bool) {
        let layer = randomLayer(channels: 5, taps: 27, seed: 1)
        let inputStep = 0.02
        let integer = QuantizedLinearLayer(layer, inputStep: inputStep, int16Weights: int16Weights, stepAtLeast: 0, correctsBias: false)
        let limit = int16Weights ? 32639 : 127
        for channel in 0..<5 {
            let scale = integer.steps[channel] / inputStep
            let codes = integer.weights.values[channel * 27..<(channel + 1) * 27]
            for (code, weight) in zip(codes, layer.row(channel)) { #expect(abs(Double(code) * scale - weight) <= scale / 2 * 1.0001) }
            #expect(codes.map(abs).max() == limit)
            #expect(abs(Double(integer.bias[channel]) * integer.steps[channel] - layer.bias[channel]) <= integer.steps[channel])
        }
    }

    @Test("are as noisy as their rounding is, whatever their scale, and a dead channel is not noisy")
    func noise() {
        let layer = randomLayer(channels: 3, taps: 50, seed: 8)
        let double = LinearLayer(weights: layer.weights.map { 1024 * $0 }, bias: layer.bias)
        let dead = LinearLayer(weights: layer.weights + [Double](repeating: 0, count: 50), bias: layer.bias + [1])
        #expect(layer.int8NoiseToSignal() > 1e-6 && layer.int8NoiseToSignal() < 1e-3)
        #expect(double.int8NoiseToSignal() == layer.int8NoiseToSignal())
        #expect(dead.int8NoiseToSignal() == layer.int8NoiseToSignal())
    }

    @Test("that are multiples of a 127th of the greatest are not noisy")
    func noNoise() { #expect(LinearLayer(weights: [127, 1, -64, 3], bias: [0]).int8NoiseToSignal() == 0) }

    @Test("never let an accumulator overflow", arguments: [false, true])
    func overflow(int16Weights: Bool) {
        let layers = [
            LinearLayer(weights: Array(repeating: 1, count: 20000), bias: [0]),
            LinearLayer(weights: Array(repeating: -1, count: 144), bias: [-5e9]),
            LinearLayer(weights: Array(repeating: 1e-6, count: 4), bias: [1e6]),
            randomLayer(channels: 8, taps: 4608, seed: 2),
        ]
        for layer in layers {
            let integer = QuantizedLinearLayer(layer, inputStep: 0.01, int16Weights: int16Weights, stepAtLeast: 0, correctsBias: true)
            for channel in layer.bias.indices {
                let codes = integer.weights.values[channel * layer.taps..<(channel + 1) * layer.taps]
                let greatest = abs(Int(integer.bias[channel])) + 255 * codes.reduce(0) { $0 + abs($1) }
                #expect(greatest <= Int(Int32.max))
            }
        }
    }

    @Test("of a dead channel have a finite multiplier above zero, and its bias is kept")
    func deadChannel() {
        let layer = LinearLayer(weights: Array(repeating: 0, count: 18), bias: [0, 0.75])
        let step = 0.1
        let integer = QuantizedLinearLayer(
            layer, inputStep: 0.02, int16Weights: false, stepAtLeast: step * LinearLayer.leastMultiplier, correctsBias: true)
        let multipliers = integer.multipliers(step: step)
        #expect(multipliers.allSatisfy { $0.isNormal && $0 > 0 })
        #expect(integer.bias[0] == 0)
        #expect(abs(Double(integer.bias[1]) * Double(multipliers[1]) - 7.5) < 1e-3)
    }

    @Test("keep each channel's mean output when the bias is corrected", arguments: [false, true])
    func biasCorrection(depthwise: Bool) {
        var layer = randomLayer(channels: 6, taps: 9, seed: 5)
        var random = SplitMix(seed: 6)
        let means = (0..<(depthwise ? 6 : 3)).map { _ in Double.random(in: 0..<5, using: &random) }
        layer.inputMeans = depthwise ? means.flatMap { Array(repeating: $0, count: 9) } : means + means + means
        func meanErrors(correctsBias: Bool) -> [Double] {
            let inputStep = 0.02
            let integer = QuantizedLinearLayer(layer, inputStep: inputStep, int16Weights: false, stepAtLeast: 0, correctsBias: correctsBias)
            return (0..<6).map { channel in
                var exact = layer.bias[channel], found = Double(integer.bias[channel]) * integer.steps[channel]
                for tap in 0..<9 {
                    let mean = depthwise ? means[channel] : means[tap % 3]
                    exact += layer.row(channel)[channel * 9 + tap] * mean
                    found += Double(integer.weights.values[channel * 9 + tap]) * integer.steps[channel] / inputStep * mean
                }
                return abs(exact - found) / integer.steps[channel]
            }
        }
        #expect(meanErrors(correctsBias: true).allSatisfy { $0 <= 0.501 })
        #expect(meanErrors(correctsBias: false).contains { $0 > 10 })
    }

    @Test("of the stem take pixels as they are")
    func pixels() {
        let layer = randomLayer(channels: 4, taps: 27, seed: 3)
        let mean: [Float] = [0.485, 0.456, 0.406], std: [Float] = [0.229, 0.224, 0.225]
        let folded = layer.readingPixels(mean: mean, std: std)
        var random = SplitMix(seed: 4)
        let pixels = (0..<27).map { _ in Double(Int.random(in: 0...255, using: &random)) }
        for channel in 0..<4 {
            var expected = layer.bias[channel], found = folded.bias[channel]
            for tap in 0..<27 {
                let color = tap % 3
                expected += layer.row(channel)[channel * 27 + tap] * (pixels[tap] / 255 - Double(mean[color])) / Double(std[color])
                found += folded.row(channel)[channel * 27 + tap] * pixels[tap]
            }
            #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)))
        }
    }
}
