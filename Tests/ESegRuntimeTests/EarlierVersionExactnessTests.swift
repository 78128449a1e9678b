import ESegNetwork
import Foundation
import TestSupport
import Testing

@testable import ESegRuntime

/// Files of earlier versions give the bytes that they always gave. `ExactnessTests` has the hashes of one of the first version.
@Suite("An .eseg file of the second version")
struct EarlierVersionExactnessTests {
    /// A small random network with squeeze-excite and SiLU, some of whose activations are int16; written by eseg 1.0 when 2 was the version.
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/format2.eseg").path

    /// SHA-256 of class map and logits of `ExactnessTests.scene` at a size, as that program computed them.
    static let hashes = [
        "161x97": "5ef6a917dd7b997247e649bbc410a84d890384a057d69856c48672d40427f527",
        "32x33": "e58f6f819b890219d402778a53bfa86235db57f8eddac75ba3f2b4d643700539",
    ]

    @Test("gives the same bytes as when it was written, on every ISA", arguments: ISA.underTest, [(161, 97), (32, 33)])
    func bytes(isa: ISA, size: (width: Int, height: Int)) throws {
        let model = try Model(contentsOf: Self.path, isa: isa), image = ExactnessTests.scene(height: size.height, width: size.width)
        for threads in [1, 3] {
            let session = try Session(model, height: size.height, width: size.width, threads: threads)
            let found = try Digest.text(of: session, segmenting: image)
            #expect(found == Self.hashes["\(size.width)x\(size.height)"], "\(isa), \(threads) threads")
        }
    }

    @Test("and the first fuses as many nodes into a step as ever", arguments: [path, ExactnessTests.path])
    func fusion(path: String) throws {
        let session = try Session(try Model(contentsOf: path), height: 97, width: 161)
        let isResampled = { (name: String) in name.contains(".up.") || name.contains(".down.") }
        let graph = session.model.graph
        #expect(!session.plan.steps.contains { step in step.nodes.contains { isResampled(graph.nodes[$0].name) } })
        let blocks = session.layers.filter { $0.kind == "sum+depthwise3x3+conv1x1" }
        #expect(blocks.count == (path == Self.path ? 4 : 15))
    }
}
