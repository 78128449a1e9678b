import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

#if DEBUG
    private let isRelease = false
#else
    private let isRelease = true
#endif

/// All seven networks, from random weights to int8: minutes in a debug build, so it runs in release builds alone.
@Suite(.serialized, .enabled(if: isRelease, "a debug build takes minutes over 70 million weights; `make test` runs it in release"))
struct ConfigurationTests {
    @Test("int8 logits keep 15 dB above their error at an even and an odd size", arguments: ESegConfig.presets().map(\.name))
    func int8FollowsFloat(name: String) throws {
        let network = try FloatNetwork.random(config: try #require(ESegConfig.preset(name)), seed: 3)
        var calibrator = try Calibrator(network: network, height: 256, width: 256, threads: 2)
        for seed in 0..<3 { try calibrator.add(image: .random(height: 256, width: 256, seed: UInt64(seed))) }
        let model = try Model(try Quantizer.quantize(network: network, statistics: try calibrator.finish()))
        let logit = try #require(model.graph.nodes.indices.last)
        for (height, width) in [(256, 256), (161, 225)] {
            let image = RGBImage.random(height: height, width: width, seed: 9)
            let float = try FloatExecutor(network, height: height, width: width, threads: 2).run(image).logits
            let session = try Session(model, height: height, width: width, threads: 2)
            let inspector = try Inspector(model, height: height, width: width, threads: 2)
            #expect(try session.segment(image) == inspector.run(image))
            let noise = decibels(float, inspector.values(of: logit))
            #expect(noise >= 15, "\(name) at \(width)x\(height): \(noise) dB")
        }
    }

    private func decibels(_ float: [Float], _ int8: [Float]) -> Double {
        var ratio = SignalToNoise()
        float.withUnsafeBufferPointer { float in int8.withUnsafeBufferPointer { ratio.add(float, approximations: $0) } }
        return ratio.decibels
    }
}
