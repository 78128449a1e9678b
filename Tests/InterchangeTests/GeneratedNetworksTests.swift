import ESegNetwork
import ESegRuntime
import Foundation
import Quantization
import TestSupport
import Testing

@testable import Interchange

/// Small networks of one feature each, and random combinations of them, made by `Tests/Networks/generate.py` with what ONNX Runtime computes.
///
/// They are looked for in the folder that `ESEG_GENERATED_NETWORKS` names; without it these tests say that they were skipped.
@Suite struct GeneratedNetworksTests {
    struct Listed: Decodable {
        let name: String
        let feature: String
        let width: Int
        let height: Int
        let outputShape: [Int]
        let outputKind: String
    }

    static let folder = ProcessInfo.processInfo.environment["ESEG_GENERATED_NETWORKS"] ?? ""

    static func listed() throws -> [Listed] {
        try JSONDecoder().decode([Listed].self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/networks.json")))
    }

    /// What is refused, of the networks with one feature.
    private static let refused: Set = [
        "mish", "softplus", "reflected-pads", "cropped", "transposed-3x3",
        "transposed-depthwise",
    ]

    @Test(.enabled(if: !folder.isEmpty, "no networks were generated: see Tests/Networks"))
    func floatLogitsAreThoseOfONNXRuntime() throws {
        for network in try Self.listed() {
            do {
                let error = try Self.error(of: network)
                #expect(error < 2e-3, "\(network.name): \(error) of the largest logit")
                #expect(!Self.refused.contains(network.name), "\(network.name) is taken")
            } catch let error as NetworkError {
                #expect(Self.refused.contains(network.name) || network.name.hasPrefix("random"), "\(error)")
                #expect(error.field.hasPrefix("node "), "\(error)")
            }
        }
    }

    /// Each network quantized on its image: the same logits on every instruction set and number of threads, fused or not, and near the float ones.
    @Test(.enabled(if: !folder.isEmpty, "no networks were generated: see Tests/Networks"))
    func int8IsExactAndFaithful() throws {
        for network in try Self.listed() {
            guard let (float, image) = try? Self.load(network) else { continue }
            var calibrator = try Calibrator(network: float, height: network.height, width: network.width, threads: 1)
            try calibrator.add(image: image)
            let quantized: QuantizedNetwork
            do {
                // Of values that random scales and shifts give, many are alike: their distribution tells no range.
                let options = QuantizationOptions(range: .mse)
                quantized = try Quantizer.quantize(network: float, statistics: calibrator.finish(), options: options)
                try quantized.validate(file: network.name)
            } catch {
                Issue.record("\(network.name): \(error)")
                continue
            }
            var reference: [Int16]?
            for isa in ISA.underTest {
                for threads in [1, 3] {
                    let session = try Session(Model(quantized, isa: isa), height: network.height, width: network.width, threads: threads)
                    _ = try session.segment(image)
                    if reference == nil { reference = session.logits }
                    #expect(session.logits == reference, "\(network.name) on \(isa), threads: \(threads)")
                }
            }
            let inspector = try Inspector(Model(quantized), height: network.height, width: network.width, threads: 1)
            _ = try inspector.run(image)
            let scale = quantized.outputs[quantized.outputs.count - 1].scale, logits = (reference ?? []).map { Float($0) * scale }
            #expect(inspector.values(of: quantized.graph.nodes.count - 1) == logits, "\(network.name), node by node")
            let expected = try FloatExecutor(float, height: network.height, width: network.width, threads: 1).run(image).logits
            let noise = zip(expected, logits).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let signal = expected.reduce(Float(0)) { $0 + $1 * $1 }
            #expect(noise < signal / 20, "\(network.name): noise \(noise) of \(signal)")
        }
    }

    static func load(_ network: Listed) throws -> (FloatNetwork, RGBImage) {
        let input = InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])
        let float = try FloatNetwork(onnx: "\(folder)/\(network.name).onnx", input: input).gatheringGates()
        let pixels = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(network.name).image.raw")))
        return (float, RGBImage(width: network.width, height: network.height, pixels: pixels))
    }

    /// The greatest difference of logits, in parts of the largest, after they are brought to the size of ONNX Runtime's.
    static func error(of network: Listed) throws -> Float {
        let (float, image) = try load(network)
        let executor = try FloatExecutor(float, height: network.height, width: network.width, threads: 1)
        let result = try executor.run(image)
        let expected = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(network.name).logits.raw")).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        if network.outputKind != "logits" || network.outputShape.count != 4 || network.outputShape[1] != result.shape.channels {
            return try classError(network, result, expected)
        }
        let (channels, height, width) = (network.outputShape[1], network.outputShape[2], network.outputShape[3])
        var largest: Float = 0, difference: Float = 0
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<channels {
                    let reference = expected[(c * height + y) * width + x]
                    let found = result.value(y, x, c, height, width, float.description.upsampling)
                    largest = max(largest, abs(reference))
                    difference = max(difference, abs(reference - found))
                }
            }
        }
        return difference / max(largest, 1e-6)
    }

    /// The share of pixels of another class, where the reference is classes or probabilities.
    static func classError(_ network: Listed, _ result: FloatResult, _ expected: [Float]) throws -> Float {
        let pixels = network.width * network.height, shape = network.outputShape
        guard shape.suffix(2) == [network.height, network.width] else { return 0 }
        let channels = shape.count == 4 ? shape[1] : 1
        var wrong = 0
        for p in 0..<pixels {
            let reference: Int
            if network.outputKind == "classes" {
                reference = Int(expected[p])
            } else if channels == 1 {
                reference = expected[p] > (network.outputKind == "probabilities" ? 0.5 : 0) ? 1 : 0
            } else {
                reference = (0..<channels).max { expected[$0 * pixels + p] < expected[$1 * pixels + p] } ?? 0
            }
            if reference != Int(result.classes.classes[p]) { wrong += 1 }
        }
        return wrong <= pixels / 500 ? 0 : Float(wrong) / Float(pixels)
    }
}

extension FloatResult {
    /// A logit of the map brought bilinearly to height · width.
    fileprivate func value(_ y: Int, _ x: Int, _ c: Int, _ height: Int, _ width: Int, _ positions: SamplePositions) -> Float {
        func position(_ i: Int, _ from: Int, _ to: Int) -> Float {
            if from == to { return Float(i) }
            if positions == .alignCorners { return to > 1 ? Float(i) * Float(from - 1) / Float(to - 1) : 0 }
            return min(max((Float(i) + 0.5) * Float(from) / Float(to) - 0.5, 0), Float(from - 1))
        }
        func logit(_ y: Int, _ x: Int) -> Float {
            logits[(min(y, shape.height - 1) * shape.width + min(x, shape.width - 1)) * shape.channels + c]
        }
        let (py, px) = (position(y, shape.height, height), position(x, shape.width, width))
        let (iy, ix) = (Int(py), Int(px)), (fy, fx) = (py - Float(Int(py)), px - Float(Int(px)))
        let top = logit(iy, ix) * (1 - fx) + logit(iy, ix + 1) * fx, bottom = logit(iy + 1, ix) * (1 - fx) + logit(iy + 1, ix + 1) * fx
        return top * (1 - fy) + bottom * fy
    }
}
