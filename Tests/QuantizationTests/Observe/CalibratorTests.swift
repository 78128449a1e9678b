import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Calibrator")
struct CalibratorTests {
    @Test("observes what float computes, before and after SiLU and HardSwish", arguments: [Activation.relu6, .silu, .hardSwish])
    func ranges(activation: Activation) throws {
        let network = tinyNetwork(activation: activation)
        let images = (0..<2).map { randomImage(height: 40, width: 56, seed: $0) }
        var calibrator = try Calibrator(network: network, height: 40, width: 56, threads: 2)
        for image in images { try calibrator.add(image: image) }
        let statistics = try calibrator.finish()
        #expect(statistics.images == 2 && statistics.height == 40 && statistics.width == 56)

        var least = [Float](repeating: 0, count: network.graph.nodes.count), greatest = least, counts = least.map { _ in 0 }
        let executor = try FloatExecutor(network, height: 40, width: 56, threads: 1)
        for image in images {
            _ = try executor.run(image) { index, values, _ in
                least[index] = min(least[index], values.min() ?? 0)
                greatest[index] = max(greatest[index], values.max() ?? 0)
                counts[index] += values.count
            }
        }
        for index in network.graph.nodes.indices.dropFirst() {
            let seen = statistics.nodes[index]
            #expect(seen.output.minimum == least[index] && seen.output.maximum == greatest[index])
            #expect(Int(seen.output.total) == counts[index])
            let isBefore = activation.isCurved && ["stem", "head", "top_down", "block.depthwise"].contains(network.graph.nodes[index].name)
            if isBefore {
                #expect(Int(seen.preactivation.total) == counts[index])
                let curved = try #require(CurvedActivation(activation))
                #expect(abs(curved.value(Double(seen.preactivation.maximum)) - Double(greatest[index])) < 1e-4)
            } else if !activation.isCurved {
                #expect(seen.preactivation == Histogram())
            }
        }
    }

    @Test("knows each channel's mean and mean square")
    func moments() throws {
        let network = tinyNetwork(activation: .relu)
        let image = randomImage(height: 40, width: 40, seed: 1)
        var calibrator = try Calibrator(network: network, height: 40, width: 40, threads: 2)
        for _ in 0..<2 { try calibrator.add(image: image) }
        let statistics = try calibrator.finish()
        _ = try FloatExecutor(network, height: 40, width: 40, threads: 1).run(image) { index, values, shape in
            guard index > 0 else { return }
            for channel in 0..<shape.channels {
                let column = stride(from: channel, to: values.count, by: shape.channels).map { Double(values[$0]) }
                let mean = column.reduce(0, +) / Double(shape.pixels), power = column.reduce(0) { $0 + $1 * $1 } / Double(shape.pixels)
                #expect(abs(statistics.nodes[index].channelMeans[channel] - mean) < 1e-9 * max(1, abs(mean)))
                #expect(abs(statistics.nodes[index].channelPowers[channel] - power) < 1e-9 * max(1, power))
            }
        }
    }

    @Test("gives the same statistics for any order of images and count of threads")
    func order() throws {
        let network = tinyNetwork(activation: .silu)
        func histograms(_ seeds: [UInt64], threads: Int) throws -> [Histogram] {
            var calibrator = try Calibrator(network: network, height: 40, width: 40, threads: threads)
            for seed in seeds { try calibrator.add(image: randomImage(height: 40, width: 40, seed: seed)) }
            return try calibrator.finish().nodes.map(\.output)
        }
        #expect(try histograms([1, 2, 3], threads: 1) == histograms([3, 1, 2], threads: 3))
    }

    @Test("refuses images of another size, no images, and activations that are not finite")
    func errors() throws {
        var network = tinyNetwork(activation: .relu)
        var calibrator = try Calibrator(network: network, height: 40, width: 40, threads: 1)
        #expect(throws: CalibrationError.noImages) { try calibrator.finish() }
        #expect(throws: CalibrationError.imageSize(found: "41x40", expected: "40x40")) {
            try calibrator.add(image: randomImage(height: 40, width: 41, seed: 0))
        }
        network.parameters["head.bias"]?.values[0] = .infinity
        calibrator = try Calibrator(network: network, height: 40, width: 40, threads: 1)
        #expect(throws: CalibrationError.notFinite(node: "head", image: 0)) {
            try calibrator.add(image: randomImage(height: 40, width: 40, seed: 0))
        }
    }
}
