import ESegNetwork
import ESegRuntime
import TestSupport

@testable import Quantization

/// Frames that `tinyNetwork` is calibrated on.
func tinyFrames(_ count: Int = 4, size: Int = 48) throws -> FittingFrames {
    try FittingFrames((0..<count).map { randomImage(height: size, width: size, seed: UInt64($0)) })
}

func statistics(_ network: FloatNetwork, _ frames: FittingFrames) throws -> CalibrationStatistics {
    var calibrator = try Calibrator(network: network, height: frames.height, width: frames.width, threads: 1)
    for image in frames.images { try calibrator.add(image: image) }
    return try calibrator.finish()
}

func fitted(
    _ network: FloatNetwork, _ options: QuantizationOptions = QuantizationOptions(), threads: Int = 1
) throws -> QuantizedNetwork {
    let frames = try tinyFrames()
    let prepared = try PreparedNetwork(network, frames: frames, options: options, threads: threads)
    return try Quantizer.quantize(
        prepared, statistics: statistics(prepared.network, frames), fittedTo: frames, options: options, threads: threads)
}

/// SQNR of int8 logits against float ones, in dB; on frames that calibration has not seen unless others are named by their seeds.
func logitsSQNR(_ network: FloatNetwork, _ int8: QuantizedNetwork, frames: Range<UInt64> = 90..<96) throws -> Double {
    let executor = try FloatExecutor(network, height: 48, width: 48, threads: 1)
    let session = try Session(Model(int8), height: 48, width: 48)
    let scale = int8.outputs.last?.scale ?? 0
    var ratio = SignalToNoise()
    for seed in frames {
        let image = randomImage(height: 48, width: 48, seed: seed)
        let expected = try executor.run(image).logits
        _ = try session.segment(image)
        let found = session.logits.map { Float($0) * scale }
        expected.withUnsafeBufferPointer { expected in found.withUnsafeBufferPointer { ratio.add(expected, approximations: $0) } }
    }
    return ratio.decibels
}

/// Multiplies channels between `block.depthwise`'s and `stem`'s weights by powers of two that the next layer undoes.
func rescaled(_ network: FloatNetwork, exponents: [Int]) -> FloatNetwork {
    var network = network
    let factors = exponents.map { Float(sign: .plus, exponent: $0, significand: 1) }
    func scale(_ name: String, _ factors: [Float]) {
        guard var tensor = network.parameters[name] else { return }
        let each = tensor.values.count / factors.count
        for index in tensor.values.indices { tensor.values[index] *= factors[index / each] }
        network.parameters[name] = tensor
    }
    scale("stem.weight", factors)
    scale("stem.bias", factors)
    scale("block.depthwise.weight", factors.map { 1 / $0 })
    return network
}
