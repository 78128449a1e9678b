import ESegNetwork
import Foundation
import Testing

@testable import ESegRuntime

/// The float network against PyTorch's tensors, stage by stage.
@Suite(.serialized) struct FloatGoldenTests {
    static let frames = ["000360-480x360", "0016E5_08037-161x97"]

    /// What PyTorch computed for one frame by eseg-edge.
    struct Golden {
        let file: Safetensors
        let image: RGBImage

        init(_ frame: String) throws {
            file = try Safetensors(contentsOf: FloatReference.folder + "/goldens/\(frame).safetensors")
            let shape = try file.entry("pixels").shape
            image = RGBImage(width: shape[1], height: shape[0], pixels: try file.values("pixels"))
        }

        /// A stage's output in NHWC.
        func output(_ name: String) throws -> [Float] {
            let tensor = try file.floats(name)
            let channels = tensor.shape[0], pixels = tensor.shape[1] * tensor.shape[2]
            return (0..<channels * pixels).map { tensor.values[$0 % channels * pixels + $0 / channels] }
        }
    }

    /// Stored stages by the node that ends them; the head is stored before its ReLU6.
    static func stages(of network: FloatNetwork) -> [String: String] {
        var stages = ["backbone.stem": "backbone.stem", "p6": "p6", "head.pointwise": "head"]
        for stage in 0..<7 {
            let prefix = "backbone.stages.\(stage)."
            stages[network.graph.nodes.last { $0.name.hasPrefix(prefix) }?.name ?? prefix] = "backbone.stages.\(stage)"
        }
        for level in 2...9 {
            let node = level == 2 ? "bifpn.0.top_down.0" : "bifpn.0.bottom_up.\(level - 3)"
            stages[node + ".pointwise"] = "bifpn.0.p\(level)"
        }
        return stages
    }

    @Test(
        "Every stage agrees with PyTorch", .enabled(if: FloatReference.isPresent, FloatReference.absence), arguments: frames, ISA.supported)
    func stages(frame: String, isa: ISA) throws {
        let golden = try Golden(frame)
        let network = try FloatNetwork(contentsOf: FloatReference.folder + "/models/eseg-edge.safetensors")
        let executor = try FloatExecutor(network, height: golden.image.height, width: golden.image.width, isa: isa, threads: 2)
        var remaining = Self.stages(of: network)
        let result = try executor.run(golden.image) { index, values, shape in
            guard let stage = remaining.removeValue(forKey: network.graph.nodes[index].name) else { return }
            let stored = try golden.output(stage), expected = stage == "head" ? stored.map { min(max($0, 0), 6) } : stored
            try #require(expected.count == shape.count)
            // The stored values are half precision: 11 bits.
            let largest = expected.map(abs).max() ?? 0
            #expect(maximumDifference(values, expected) <= largest / 1024, "\(stage)")
        }
        #expect(remaining.isEmpty)
        let logits = try golden.output("classifier"), largest = try #require(logits.map(abs).max())
        #expect(maximumDifference(result.logits, logits) <= 1e-4 * largest)
        let classes: [UInt8] = try golden.file.values("classes")
        let differing = zip(result.classes.classes, classes).filter { $0 != $1 }.count
        #expect(differing * 10_000 <= classes.count)
    }
}
